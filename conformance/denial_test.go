package conformance_test

import (
	"net/http"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// TestDenials: a body that says the opposite of a status of success is told from one
// that says nothing, or something else.
func TestDenials(t *testing.T) {
	for body, denied := range map[string]bool{
		`{"status":"error"}`: true, `{"Status":"FAILED","message":"x"}`: true, `{"success":false}`: true, `{"ok":false}`: true, `{"error":"no such ticket"}`: true,
		`{"errors":["x"]}`: true, `{"error":{"code":5}}`: true, `{"code":500}`: true, `{"result":"NOK"}`: true, `{"status":false}`: true,
		"<!DOCTYPE html>\n<title>Log in</title>": true, "  <html><body>OK</body></html>": true, `{"status":"not ok"}`: true,
		``: false, `OK`: false, `{}`: false, `{"status":"success"}`: false, `{"status":"ok"}`: false, `{"ok":true}`: false, `{"error":null}`: false, `{"errors":[]}`: false,
		`{"error":false}`: false, `{"error":""}`: false, `{"code":0}`: false, `{"code":200}`: false, `{"status":"received"}`: false, `{"message":"no error"}`: false,
		`["error"]`: false, `{"status":"transferred"}`: false, `{"status":"default"}`: false, `{"status":"noted"}`: false,
	} {
		e := &traffic.Exchange{Response: &traffic.Response{Status: 200, Header: http.Header{}, Body: traffic.NewBody([]byte(body), 1<<10)}}
		if got := conformance.Denial(e); (got != "") != denied {
			t.Errorf("%s: %q", body, got)
		}
	}
	page := &traffic.Exchange{Response: &traffic.Response{Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: traffic.NewBody(nil, 1)}}
	if conformance.Denial(page) == "" {
		t.Error("a web page without a body is none")
	}
}
