package threedolphins

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// refuse answers with an error. The status is 3D-R-34, the body 3D-R-35; why goes
// beside the wire.
func (d *dolphins) refuse(c *mockserver.Call, status int, message, why string) *mockserver.Reply {
	reply := &mockserver.Reply{Status: status, Why: why}
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound, http.StatusInternalServerError:
	default: // the contract's operations have no others
		reply.Undocumented = true
	}
	if d.stage.Reading("3D-R-34") == "always-200" && message != noToken {
		reply.Status, reply.Undocumented, reply.Body = http.StatusOK, true, failed(message)
		return reply
	}
	reply.Body = d.errorBody(c, status, message)
	return reply
}

// errorBody: 3D-R-35.
func (d *dolphins) errorBody(c *mockserver.Call, status int, message string) any {
	switch d.stage.Reading("3D-R-35") {
	case "envelope":
		return failed(message)
	case "framework":
		return frameworkError{d.clock(d.stage.Now()).Format("2006-01-02T15:04:05.000-07:00"), status, http.StatusText(status), message, c.Request.URL.Path}
	}
	return nil
}

// frameworkError is the body of an error as the vendor's framework gives it.
type frameworkError struct {
	Timestamp string `json:"timestamp"`
	Status    int    `json:"status"`
	Error     string `json:"error"`
	Message   string `json:"message"`
	Path      string `json:"path"`
}

// forcedBody is the body of an error that somebody asks for.
func (d *dolphins) forcedBody(c *mockserver.Call, status int) any {
	if status == http.StatusUnauthorized {
		return d.errorBody(c, status, noToken)
	}
	return d.errorBody(c, status, http.StatusText(status))
}

func failed(message string) map[string]any {
	return map[string]any{"status": "failed", "message": message}
}

// cannot answers a call that can't be executed: 3D-R-09. A 500 does not say why: the
// framework's messages belong to the customary statuses.
func (d *dolphins) cannot(c *mockserver.Call, customary int, message string) *mockserver.Reply {
	why := ""
	if !c.Breaks() {
		why = message
	}
	switch d.stage.Reading("3D-R-09") {
	case "success-status-with-failure":
		return &mockserver.Reply{Status: http.StatusOK, Body: failed(message), Undocumented: true, Why: why}
	case "server-error":
		return d.refuse(c, http.StatusInternalServerError, http.StatusText(http.StatusInternalServerError), why)
	}
	return d.refuse(c, customary, message, why)
}

// notFound answers a call for what 3Dolphins does not have.
func (d *dolphins) notFound(c *mockserver.Call, what string) mockserver.Reply {
	return *d.refuse(c, http.StatusNotFound, what+" not found", "3Dolphins has no such "+what)
}

// failure answers where the mock's own memory fails.
func (d *dolphins) failure(c *mockserver.Call, err error) mockserver.Reply {
	return *d.refuse(c, http.StatusInternalServerError, err.Error(), "")
}

// invalid answers a call that breaks the contract. A content type alone does not
// keep it from being executed: 3D-R-08.
func (d *dolphins) invalid(c *mockserver.Call) *mockserver.Reply {
	switch {
	case c.Operation == nil:
		return d.cannot(c, http.StatusMethodNotAllowed, "Request method '"+c.Request.Method+"' not supported")
	case d.wrongContentType(c):
		return d.cannot(c, http.StatusUnsupportedMediaType, "Content type not supported")
	case executable(c):
		return nil
	}
	return d.cannot(c, http.StatusBadRequest, "Request can't be read")
}

// wrongContentType: 3D-R-08.
func (d *dolphins) wrongContentType(c *mockserver.Call) bool {
	if d.stage.Reading("3D-R-08") != "json-only" || !slices.Equal(c.Operation.ContentTypes, []string{"application/json"}) || c.Document.Empty() {
		return false
	}
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	return err != nil || !strings.EqualFold(kind, "application/json")
}

// executable reports whether nothing but the content type and parameters break the
// contract. What an operation cannot do without its parameters it says itself, and
// of those it does not read no page says that they matter.
func executable(c *mockserver.Call) bool {
	return !slices.ContainsFunc(c.Findings, func(f traffic.Finding) bool {
		return f.Severity.AtLeast(traffic.Error) && !strings.HasPrefix(f.Code, "content-type.") && !strings.HasPrefix(f.Code, "parameter.")
	})
}
