package validator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

func TestAssumedContentTypeOnlyWarns(t *testing.T) {
	v := elma(t)
	o := v.contract.Operation("events/disconnect")
	body := `{"type":"disconnect","token":"","channelId":"c"}`
	r := &traffic.Request{Method: "POST", Header: http.Header{"Content-Type": {"text/plain"}}, Body: traffic.NewBody([]byte(body), 0)}
	f := only(t, v.Request(o, r, nil))
	if f.Code != "content-type.unexpected" || f.Severity != traffic.Warn || !strings.Contains(f.Hint, "assumes") {
		t.Errorf("got %+v", f)
	}
}

func TestFormAndMultipartRequests(t *testing.T) {
	v := acme(t)
	form := call("POST", "/v1/token", "grant_type=client_credentials")
	form.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := judged(v, form); got != "request error body.required /client_secret" {
		t.Errorf("form: got %s", got)
	}
	file := call("POST", "/v1/files", "--b\r\n\r\nx\r\n--b--")
	file.Request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if got := judged(v, file); got != "" {
		t.Errorf("multipart: got %s", got)
	}
	for _, c := range []struct{ kind, body, want string }{
		{"multipart/form-data; boundary=b", "--b\r\n\r\nx", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "x", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "--b--", "request error multipart.syntax"},
		{"multipart/form-data; boundary=other", "--b\r\n\r\nx\r\n--b--", "request error multipart.syntax"},
		{"multipart/form-data", "--b\r\n\r\nx\r\n--b--", "request error content-type.boundary header:Content-Type"},
		{"multipart/form-data; boundary=\"\"", "--b\r\n\r\nx\r\n--b--", "request error content-type.boundary header:Content-Type"},
		{"multipart/form-data; boundary=b", "--b\n\nx\n--b--\n", ""},
	} {
		e := call("POST", "/v1/files", c.body)
		e.Request.Header.Set("Content-Type", c.kind)
		if got := judged(v, e); strings.TrimSpace(got) != c.want {
			t.Errorf("%s with %q: got %s, want %s", c.kind, c.body, got, c.want)
		}
	}
}
