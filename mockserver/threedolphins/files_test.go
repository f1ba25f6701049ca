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
		a := m.Do("POST", graph+path, part("any", "a.png"), "Authorization", "Bearer "+m.token, "Content-Type", form)
		if got := decoded(t, a.Body)["data"]; a.Status != 200 || got != "null?access_token=Bearer "+m.token || a.Header.Get("Parley-Findings") != "0" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
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
	if a := m.Do("POST", graph+"/tickets/files", "--x\r\nbroken", "Authorization", "Bearer "+m.token, "Content-Type", form); a.Status != 400 {
		t.Errorf("a broken form: %d", a.Status)
	}
	for _, path := range []string{"/tickets/files", "/tickets/files/media"} {
		for kind, body := range map[string]string{"application/json": `{"file":`, "image/png": "\x89PNG", "": "{"} {
			if a := m.Do("POST", graph+path, body, "Authorization", "Bearer "+m.token, "Content-Type", kind); a.Status != 400 {
				t.Errorf("%s as %q to %s: %d %s", body, kind, path, a.Status, a.Body)
			}
		}
	}
	journal := m.Do("GET", "/_parley/journal.ndjson", "")
	if strings.Contains(journal.Body, m.token) || !strings.Contains(journal.Body, "access_token") {
		t.Error("the journal shows the token of an address, or no address")
	}
	for readings, want := range map[string]string{
		"3D-R-76=url-with-token": "?access_token=%s", "3D-R-76=url-without-token": "/dolphin/apiv1/graph/tickets/files/",
	} {
		m := newMock(t, readings)
		got, _ := decoded(t, m.Do("POST", graph+"/tickets/files", part("file", "a.png"), "Authorization", "Bearer "+m.token, "Content-Type", form).Body)["data"].(string)
		if !strings.HasPrefix(got, m.URL) || !strings.Contains(got, strings.Replace(want, "%s", m.token, 1)) || strings.Contains(readings, "without") == strings.Contains(got, m.token) {
			t.Errorf("%s: %s", readings, got)
		}
	}
	strict := newMock(t, "3D-R-75=multipart-file-part")
	for name, status := range map[string]int{"file": 200, "any": 400} {
		if a := strict.Do("POST", graph+"/tickets/files", part(name, "a.png"), "Authorization", "Bearer "+strict.token, "Content-Type", form); a.Status != status {
			t.Errorf("a part called %s: %d", name, a.Status)
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
			uploaded := m.Do("POST", graph+path, part("file", "a.png"), "Authorization", "Bearer "+m.token, "Content-Type", form)
			at, err := url.Parse(decoded(t, uploaded.Body)["data"].(string))
			if err != nil || !strings.HasPrefix(at.String(), m.URL+"/") {
				t.Fatalf("the address is %v, %v", at, err)
			}
			authorization := ""
			if test.header {
				authorization = "Bearer " + m.token
			}
			a := m.Do("GET", at.RequestURI(), "", "Authorization", authorization)
			if a.Status != test.status || a.Header.Get("Parley-Findings") != "0" && test.status == 200 {
				t.Errorf("%s: %d %s", test.described, a.Status, a.Body)
			}
			if test.status == 200 && (a.Body != "abc" || a.Header.Get("Content-Type") != "image/png" || a.Header.Get("Content-Disposition") != "attachment") {
				t.Errorf("%s came back as %q, %v", path, a.Body, a.Header)
			}
		}
		if other := m.Do("GET", someTicket+"?access_token="+m.token, ""); other.Status != 401 {
			t.Errorf("a ticket with the token in the URL: %d", other.Status)
		}
		shown := ""
		for _, place := range []string{"journal", "journal.ndjson", "state", "deliveries"} {
			shown += m.Do("GET", "/_parley/"+place, "").Body
		}
		if strings.Contains(shown, m.token) {
			t.Errorf("%s: the control API shows the token", test.readings)
		}
	}
	m := newMock(t, "")
	if a := m.call("GET", graph+"/tickets/files/nothing", ""); a.Status != 404 {
		t.Errorf("a file that nobody uploaded: %d", a.Status)
	}
}

// TestContentsAreBounded: the oldest make room, the newest can be fetched.
func TestContentsAreBounded(t *testing.T) {
	m := newMock(t, "3D-R-76=url-without-token")
	large := bytes.Repeat([]byte("x"), 900_000)
	var paths []string
	for i := range 20 { // 18 MB
		body := fmt.Sprintf("--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%d\"\r\nContent-Type: not a type\r\n\r\n%s\r\n--x--\r\n", i, large)
		at, err := url.Parse(decoded(t, m.Do("POST", graph+"/tickets/files", body, "Authorization", "Bearer "+m.token, "Content-Type", form).Body)["data"].(string))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, at.Path)
	}
	if a := m.call("GET", paths[0], ""); a.Status != 404 {
		t.Errorf("the oldest: %d", a.Status)
	}
	a := m.call("GET", paths[19], "")
	if a.Status != 200 || len(a.Body) != len(large) || a.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the newest: %d, %d bytes as %s", a.Status, len(a.Body), a.Header.Get("Content-Type"))
	}
	if n := len(m.state().Files); n != 21 {
		t.Errorf("there are %d files", n)
	}
	other, err := m.Server().NewSandbox(mockserver.SandboxOptions{Name: "small"})
	if err != nil {
		t.Fatal(err)
	}
	if s := other.State()["3dolphins"].(threedolphins.State); len(s.Files) != 1 {
		t.Errorf("another sandbox begins with %d files", len(s.Files))
	}
}
