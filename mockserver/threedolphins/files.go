package threedolphins

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/parleykit/parley/mockserver"
)

// File is one that a client uploaded. Its content is not kept.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // as the client called it
	Size int64  `json:"size"`           // bytes
}

// uploadFile takes a file: 3D-R-75. Both operations do the same, because no page
// says how they differ.
func (d *dolphins) uploadFile(c *mockserver.Call) mockserver.Reply {
	file, sent, err := d.readFile(c)
	if err != nil || d.namedParts() && !sent {
		return *d.cannot(c, http.StatusBadRequest, "Current request is not a multipart request with a file")
	}
	file.ID = d.newID()
	if sent {
		if err := put(d.files, file.ID, file); err != nil {
			return d.failure(c, err)
		}
	}
	return success(d.addressOf(c, file))
}

// addressOf: 3D-R-76. The file can't be fetched from the mock in any reading.
func (d *dolphins) addressOf(c *mockserver.Call, f File) string {
	token, _ := d.tokenOf(c)
	own := d.stage.BaseURL() + c.Request.URL.Path + "/" + f.ID
	switch d.stage.Reading("3D-R-76") {
	case "url-with-token":
		return own + "?access_token=" + url.QueryEscape(token)
	case "url-without-token":
		return own
	}
	return "null?access_token=Bearer " + token
}

// readFile reads the first part of a multipart body that is a file; sent is false
// when there is none. With 3D-R-75=multipart-file-part it must be called file.
func (d *dolphins) readFile(c *mockserver.Call) (f File, sent bool, err error) {
	kind, parameters, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return f, false, nil
	}
	parts := multipart.NewReader(bytes.NewReader(c.Body), parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, false, nil
		}
		if err != nil {
			return f, false, err
		}
		if part.FileName() == "" || d.namedParts() && part.FormName() != "file" {
			continue
		}
		f = File{Name: part.FileName(), Type: part.Header.Get("Content-Type")}
		f.Size, err = io.Copy(io.Discard, part)
		return f, true, err
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
