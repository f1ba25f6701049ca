package threedolphins_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

const form = "multipart/form-data; boundary=x"

func part(name, file string) string {
	return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file + "\"\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--\r\n"
}

func TestFiles(t *testing.T) {
	m := newMock(t, "")
	for _, path := range []string{"/tickets/files", "/tickets/files/media"} {
		a := m.ask("POST", graph+path, part("any", "a.png"), "Bearer "+m.token, form)
		if got := decoded(t, a.body)["data"]; a.status != 200 || got != "null?access_token=Bearer "+m.token || a.header.Get("Parley-Findings") != "0" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	files := m.state().Files[1:]
	if len(files) != 2 || files[0].Name != "a.png" || files[0].Size != 3 || files[0].Type != "image/png" {
		t.Errorf("kept %+v", files)
	}
	m.good("POST", graph+"/tickets/files", "{}")
	if len(m.state().Files) != 3 {
		t.Error("a JSON body held a file")
	}
	if a := m.ask("POST", graph+"/tickets/files", "--x\r\nbroken", "Bearer "+m.token, form); a.status != 400 {
		t.Errorf("a broken form: %d", a.status)
	}
	for _, path := range []string{"/tickets/files", "/tickets/files/media"} {
		for kind, body := range map[string]string{"application/json": `{"file":`, "image/png": "\x89PNG", "": "{"} {
			if a := m.ask("POST", graph+path, body, "Bearer "+m.token, kind); a.status != 400 {
				t.Errorf("%s as %q to %s: %d %s", body, kind, path, a.status, a.body)
			}
		}
	}
	journal := m.ask("GET", "/_parley/journal.ndjson", "", "-", "")
	if strings.Contains(journal.body, m.token) || !strings.Contains(journal.body, "access_token") {
		t.Error("the journal shows the token of an address, or no address")
	}
	for readings, want := range map[string]string{
		"3D-R-76=url-with-token": "?access_token=%s", "3D-R-76=url-without-token": "/dolphin/apiv1/graph/tickets/files/",
	} {
		m := newMock(t, readings)
		got, _ := decoded(t, m.ask("POST", graph+"/tickets/files", part("file", "a.png"), "Bearer "+m.token, form).body)["data"].(string)
		if !strings.HasPrefix(got, m.url) || !strings.Contains(got, strings.Replace(want, "%s", m.token, 1)) || strings.Contains(readings, "without") == strings.Contains(got, m.token) {
			t.Errorf("%s: %s", readings, got)
		}
	}
	strict := newMock(t, "3D-R-75=multipart-file-part")
	for name, status := range map[string]int{"file": 200, "any": 400} {
		if a := strict.ask("POST", graph+"/tickets/files", part(name, "a.png"), "Bearer "+strict.token, form); a.status != status {
			t.Errorf("a part called %s: %d", name, a.status)
		}
	}
}

// TestAFileComesBack from the address that its upload was answered with.
func TestAFileComesBack(t *testing.T) {
	for _, test := range []struct {
		readings  string
		header    bool // the token is sent in the header
		status    int
		described string
	}{
		{"3D-R-76=url-without-token", true, 200, "with the header"},
		{"3D-R-76=url-without-token", false, 401, "without a token"},
		{"3D-R-76=url-with-token", false, 200, "with the token of the URL"},
		{"3D-R-76=url-with-token", true, 200, "with both"},
	} {
		m := newMock(t, test.readings)
		for _, path := range []string{"/tickets/files", "/tickets/files/media"} {
			uploaded := m.ask("POST", graph+path, part("file", "a.png"), "Bearer "+m.token, form)
			at, err := url.Parse(decoded(t, uploaded.body)["data"].(string))
			if err != nil || !strings.HasPrefix(at.String(), m.url+"/") {
				t.Fatalf("the address is %v, %v", at, err)
			}
			authorization := "-"
			if test.header {
				authorization = "Bearer " + m.token
			}
			a := m.ask("GET", at.RequestURI(), "", authorization, "")
			if a.status != test.status || a.header.Get("Parley-Findings") != "0" && test.status == 200 {
				t.Errorf("%s: %d %s", test.described, a.status, a.body)
			}
			if test.status == 200 && (a.body != "abc" || a.header.Get("Content-Type") != "image/png" || a.header.Get("Content-Disposition") != "attachment") {
				t.Errorf("%s came back as %q, %v", path, a.body, a.header)
			}
		}
		if other := m.ask("GET", someTicket+"?access_token="+m.token, "", "-", ""); other.status != 401 {
			t.Errorf("a ticket with the token in the URL: %d", other.status)
		}
		shown := ""
		for _, place := range []string{"journal", "journal.ndjson", "state", "deliveries"} {
			shown += m.ask("GET", "/_parley/"+place, "", "-", "").body
		}
		if strings.Contains(shown, m.token) {
			t.Errorf("%s: the control API shows the token", test.readings)
		}
	}
	m := newMock(t, "")
	if a := m.call("GET", graph+"/tickets/files/nothing", ""); a.status != 404 {
		t.Errorf("a file that nobody uploaded: %d", a.status)
	}
}

// TestContentsAreBounded: the oldest make room, the newest can be fetched.
func TestContentsAreBounded(t *testing.T) {
	m := newMock(t, "3D-R-76=url-without-token")
	large := bytes.Repeat([]byte("x"), 900_000)
	var paths []string
	for i := range 20 { // 18 MB
		body := fmt.Sprintf("--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%d\"\r\nContent-Type: not a type\r\n\r\n%s\r\n--x--\r\n", i, large)
		at, err := url.Parse(decoded(t, m.ask("POST", graph+"/tickets/files", body, "Bearer "+m.token, form).body)["data"].(string))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, at.Path)
	}
	if a := m.call("GET", paths[0], ""); a.status != 404 {
		t.Errorf("the oldest: %d", a.status)
	}
	a := m.call("GET", paths[19], "")
	if a.status != 200 || len(a.body) != len(large) || a.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the newest: %d, %d bytes as %s", a.status, len(a.body), a.header.Get("Content-Type"))
	}
	if n := len(m.state().Files); n != 21 {
		t.Errorf("there are %d files", n)
	}
	other, err := m.NewSandbox(mockserver.SandboxOptions{Name: "small"})
	if err != nil {
		t.Fatal(err)
	}
	if s := other.State()["3dolphins"].(threedolphins.State); len(s.Files) != 1 {
		t.Errorf("another sandbox begins with %d files", len(s.Files))
	}
}
