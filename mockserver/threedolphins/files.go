package threedolphins

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// File is one that a client uploaded. Its content is no part of State.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // as the client called it
	Size int64  `json:"size"`           // bytes
}

// content is what is in a file.
type content struct {
	ID   string `json:"id"`
	Data []byte `json:"data"` // must not be changed
}

// maxContents bounds the contents of all files together, in bytes; Stage.Bound has
// the other sandboxes'. The oldest make room.
const maxContents = 16 << 20

// uploadFile takes a file: 3D-R-75. Both operations do the same, because no page
// says how they differ.
func (d *dolphins) uploadFile(c *mockserver.Call) mockserver.Reply {
	file, data, err := d.readFile(c)
	sent := data != nil
	if err != nil || d.namedParts() && !sent || !sent && !d.holdsNoFile(c) {
		return *d.cannot(c, http.StatusBadRequest, "Current request is not a multipart request with a file")
	}
	file.ID = d.newID()
	if sent {
		if err := errors.Join(store.Put(d.files, file.ID, file), d.keep(content{file.ID, data})); err != nil {
			return d.failure(c, err)
		}
	}
	return success(d.addressOf(c, file))
}

// keep stores a content, and forgets the oldest ones when there are too many bytes.
func (d *dolphins) keep(one content) error {
	if err := store.Put(d.contents, one.ID, one); err != nil {
		return err
	}
	list, total := store.All(d.contents), 0
	for _, c := range list {
		total += len(c.Data)
	}
	for _, c := range list {
		if total <= d.stage.Bound(maxContents) {
			break
		}
		total -= len(c.Data)
		_ = d.contents.Delete(c.ID) // another upload may have been faster
	}
	return nil
}

// holdsNoFile reports whether a call is one that 3D-R-75 takes without a file: it has
// a form, JSON, or nothing.
func (d *dolphins) holdsNoFile(c *mockserver.Call) bool {
	return isForm(c) || c.Document.Valid || c.Document.Empty()
}

func isForm(c *mockserver.Call) bool {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// getFile gives an uploaded file back. It is never shown in a browser: the control
// API has the same origin.
func (d *dolphins) getFile(c *mockserver.Call) mockserver.Reply {
	file, err := d.files.Get(c.Params["fileId"])
	if err != nil {
		return d.notFound(c, "file")
	}
	kept, err := d.contents.Get(file.ID)
	if err != nil {
		return *d.refuse(c, http.StatusNotFound, "file not found", "the mock has forgotten the file's content to make room for newer ones")
	}
	kind := file.Type
	if _, _, err := mime.ParseMediaType(kind); err != nil {
		kind = "application/octet-stream"
	}
	header := http.Header{"Content-Type": {kind}, "Content-Disposition": {"attachment"}}
	return mockserver.Reply{Status: http.StatusOK, Header: header, Body: kept.Data}
}

// addressOf: 3D-R-76. What is as printed can't be fetched.
func (d *dolphins) addressOf(c *mockserver.Call, f File) string {
	token, _ := d.tokenOf(c)
	own := d.stage.BaseURL() + strings.Replace(d.paths.file, "{fileId}", f.ID, 1)
	switch d.stage.Reading("3D-R-76") {
	case "url-with-token":
		return own + "?access_token=" + url.QueryEscape(token)
	case "url-without-token":
		return own
	}
	return "null?access_token=Bearer " + token
}

// readFile reads the first part of a multipart body that is a file; its data are nil
// when there is none. With 3D-R-75=multipart-file-part it must be called file.
func (d *dolphins) readFile(c *mockserver.Call) (f File, data []byte, err error) {
	if !isForm(c) {
		return f, nil, nil
	}
	_, parameters, _ := mime.ParseMediaType(c.Request.Header.Get("Content-Type")) // isForm could read it
	parts := multipart.NewReader(bytes.NewReader(c.Body), parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil, nil
		}
		if err != nil {
			return f, nil, err
		}
		if part.FileName() == "" || d.namedParts() && part.FormName() != "file" {
			continue
		}
		if data, err = io.ReadAll(part); err != nil { // the body is bounded
			return f, nil, err
		}
		return File{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Size: int64(len(data))}, data, nil
	}
}

func (d *dolphins) namedParts() bool { return d.stage.Reading("3D-R-75") == "multipart-file-part" }

// transformButtonMessage: 3D-R-77.
func (d *dolphins) transformButtonMessage(*mockserver.Call) mockserver.Reply {
	shown := Members{
		"severity": "Medium", "internalCallRecipient": false, "selected": false, "unreadMessages": 0, "statusStyle": "", "prettyDate": "",
		"friendlyName": "", "ccList": []string{}, "overReplySla": false, "prettyDateTimeline": "", "severityStyle": "severity-medium",
		"slaStyle": "ticket-ongoing-sla", "attachmentExist": false, "conferenceParticipantObject": []any{}, "callParticipantObject": []any{},
		"callVariableObject": []any{}, "displayConferenceParticipant": false, "emailRecipient": "", "ccListFormatted": "", "slaStatusText": "Ongoing",
	}
	if d.stage.Reading("3D-R-77") == "enveloped" {
		return success(shown)
	}
	return mockserver.Reply{Status: http.StatusOK, Body: shown}
}
