package control_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// origin is who sends a request: a program, or a web page that its browser names.
type origin struct {
	header  http.Header
	foreign bool
}

var origins = map[string]origin{
	"a program":           {},
	"its own page":        {http.Header{"Origin": {"http://127.0.0.1:7357"}, "Sec-Fetch-Site": {"same-origin"}}, false},
	"an old browser":      {http.Header{"Origin": {"http://127.0.0.1:7357"}}, false},
	"a typed address":     {http.Header{"Sec-Fetch-Site": {"none"}, "Sec-Fetch-Mode": {"navigate"}}, false},
	"a foreign page":      {http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}, true},
	"a foreign image":     {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"no-cors"}}, true},
	"another port's page": {http.Header{"Origin": {"http://127.0.0.1:3000"}, "Sec-Fetch-Site": {"same-site"}}, true},
	"an old foreign page": {http.Header{"Origin": {"https://evil.example"}}, true},
	"a sandboxed frame":   {http.Header{"Origin": {"null"}}, true},
}

// TestForeignPagesMakeNoSandbox: a vendor's path is open to every page, as the
// vendor's is, but it makes nothing that others then lack.
func TestForeignPagesMakeNoSandbox(t *testing.T) {
	m := acme.New(t, nil)
	for by, from := range origins {
		header := []string{}
		for name, values := range from.header {
			header = append(header, name, strings.Replace(values[0], "http://127.0.0.1:7357", m.URL, 1))
		}
		for _, method := range []string{"GET", "POST"} {
			name := "made-by-" + strings.NewReplacer(" ", "-", "'", "").Replace(by) + method
			want, there := 200, true
			path, more := "/~"+name+"/tickets/T-1", header
			if method == "POST" {
				path, more = "/tickets/open/notes", append(header, mockserver.HeaderSandbox, name)
				want = 202
			}
			if from.foreign {
				want, there = 403, false
			}
			if a := m.Do(method, path, `{"text":"x"}`, more...); a.Status != want {
				t.Errorf("%s by %s: %d %s, want %d", method, by, a.Status, a.Body, want)
			}
			if removed, err := m.Server().RemoveSandbox(name); removed != there || err != nil {
				t.Errorf("%s by %s: a sandbox was made: %v, want %v", method, by, !there, there)
			}
			if a := m.Do(method, strings.TrimPrefix(path, "/~"+name), `{"text":"x"}`, header...); a.Status == 403 {
				t.Errorf("%s by %s is refused in the default sandbox", method, by)
			}
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), "GET", m.URL+"/~rebound/tickets/T-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "evil.example"
	if a := m.RoundTrip(request); a.Status != 403 || !strings.Contains(acme.Detail(t, a), `not called "evil.example"`) || m.Server().Existing("rebound") != nil {
		t.Errorf("a name that somebody else gave made a sandbox: %d %s", a.Status, a.Body)
	}
}

// TestAForeignPageTakesNoHandover from the listener that waits for it.
func TestAForeignPageTakesNoHandover(t *testing.T) {
	m := acme.New(t, nil)
	if _, err := m.Sandbox().PutChannel(mockserver.Channel{ID: "far", URL: "listen:mine"}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: "far"}); err != nil {
		t.Fatal(err)
	}
	if a := m.Do("GET", "/_parley/listen/mine?timeout=20s", "", "Sec-Fetch-Site", "cross-site"); a.Status != 403 {
		t.Errorf("a foreign page got %d %s", a.Status, a.Body)
	}
	if a := m.Do("GET", "/_parley/listen/mine?timeout=20s", ""); a.Status != 200 {
		t.Errorf("the listener got %d %s", a.Status, a.Body)
	}
}

func TestControlRefusesForeignWebPages(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if a := c.call("POST", "reset", "", header...); a.Status != 403 {
			t.Errorf("with %v: %d", header, a.Status)
		}
	}
	if a := c.call("POST", "reset", "", "Origin", c.URL); a.Status != 204 {
		t.Errorf("its own page: %d", a.Status)
	}
}

// TestControlAnswersToItsOwnNamesOnly: a name that somebody else gave to this
// machine's address is not one of them.
func TestControlAnswersToItsOwnNamesOnly(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	port := c.URL[strings.LastIndexByte(c.URL, ':'):]
	for host, want := range map[string]int{
		"127.0.0.1" + port: 200, "localhost" + port: 200, "127.8.8.8": 200, "[::1]" + port: 200,
		"evil.example" + port: 403, "10.1.2.3": 403, "localhost.evil.example": 403,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/_parley/journal", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("asked as %s: %d, want %d", host, response.StatusCode, want)
		}
	}
}
