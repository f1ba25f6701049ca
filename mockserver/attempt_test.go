package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

func TestDeliverSendsWhatIsAsked(t *testing.T) {
	m := acme.New(t, nil)
	var got http.Header
	var method string
	p := mocktest.NewPartner(t, func(w http.ResponseWriter, r *http.Request) {
		got, method = r.Header, r.Method
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, "short and stout")
	})
	c := m.Connect(mockserver.Channel{URL: p.URL + "/hook"})
	e := m.Sandbox().SendRaw(mocktest.Soon(t), mockserver.Raw{
		Event: "changed", Channel: c.ID, Method: "PUT", ContentType: "-", Header: http.Header{"X-Test": {"1"}},
		Body: []byte("{no json"), Check: "a check", Broken: true, SlowRead: time.Millisecond,
	})
	if method != "PUT" || got.Get("X-Test") != "1" || got.Get("Content-Type") != "" || p.Received()[0] != "{no json" {
		t.Errorf("the partner got %s %v %q", method, got, p.Received())
	}
	if e.Status() != http.StatusTeapot || e.Response.Body.String() != "short and stout" || e.Check != "a check" || e.Request.URL != p.URL+"/hook" {
		t.Errorf("the exchange is %+v", e)
	}
	if len(e.Findings) != 1 || e.Findings[0].Code != "response.status" || e.Findings[0].Severity != traffic.Error || e.Findings[0].Part != traffic.InResponse {
		t.Errorf("found %+v", e.Findings)
	}
	if kept, ok := m.Sandbox().Journal().Get(e.ID); !ok || kept.Check != e.Check || !kept.Time.Equal(e.Time) {
		t.Error("the exchange is not in the journal")
	}
}

func TestDeliverSaysWhyNothingCame(t *testing.T) {
	m := acme.NewWith(t, mockserver.Options{BodyLimit: 100}, nil)
	gone := httptest.NewServer(nil)
	gone.Close()
	stuck := acme.Hanging(t)
	rude := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	})
	long := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 200)) })
	short := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "50")
		fmt.Fprint(w, "x")
	})
	for _, p := range []string{gone.URL, stuck.URL, rude.URL, long.URL, short.URL} {
		m.Connect(mockserver.Channel{URL: p})
	}
	for _, test := range []struct {
		title, url string
		says       string
	}{
		{"nobody listens", gone.URL, "connection refused"},
		{"no answer", stuck.URL, "no answer within 50ms"},
		{"a closed connection", rude.URL, "the partner closed the connection without an answer"},
		{"a body without end", long.URL, "more than 100 bytes"},
		{"a body that breaks off", short.URL, "broke off after 1 bytes"},
		{"a target that nobody configured", "http://127.0.0.1:1/", "is no channel's"},
		{"a target that is none", "ftp://127.0.0.1/", "http:// or https://"},
	} {
		t.Run(test.title, func(t *testing.T) {
			raw := mockserver.Raw{Event: "changed", URL: test.url, Broken: true} // it has no body
			if test.url == stuck.URL {
				raw.Timeout = 50 * time.Millisecond
			}
			e := m.Sandbox().SendRaw(mocktest.Soon(t), raw)
			if e.Response != nil || !strings.Contains(e.Error, test.says) {
				t.Errorf("error %q, want %q", e.Error, test.says)
			}
			if e.ID == "" || e.Operation != "events/changed" || e.Request.Method != "POST" {
				t.Errorf("recorded as %+v", e)
			}
		})
	}
	for _, raw := range []mockserver.Raw{{Vendor: "x"}, {Event: "x", URL: gone.URL}, {Channel: "x"}} {
		if e := m.Sandbox().SendRaw(mocktest.Soon(t), raw); e.Error == "" || e.ID == "" {
			t.Errorf("%+v gave %+v", raw, e)
		}
	}
}

func TestAllowedTargets(t *testing.T) {
	p := mocktest.NewPartner(t, nil)
	m := acme.NewWith(t, mockserver.Options{AllowTargets: func(u *url.URL) bool { return u.Path == "/yes" }}, nil)
	m.Connect(mockserver.Channel{URL: p.URL + "/hook"})
	for path, want := range map[string]int{"/yes": 200, "/no": 0, "/hook": 200} {
		if got := m.Sandbox().SendRaw(mocktest.Soon(t), mockserver.Raw{URL: p.URL + path}).Status(); got != want {
			t.Errorf("%s: status %d, want %d", path, got, want)
		}
	}
	for _, url := range []string{"http://user:secret@127.0.0.1/", "http:///x", "/hook", "http://[::1"} {
		_, _, err := m.Sandbox().OpenChannel(mocktest.Soon(t), mockserver.Channel{URL: url})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("a channel with URL %s: %v", url, err)
		}
	}
}

func TestManyDeliveriesAtOnce(t *testing.T) {
	m := acme.New(t, nil)
	const n = 20
	arrived := make(chan struct{}, n)
	all := make(chan struct{})
	p := mocktest.NewPartner(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-all
	})
	c := m.Connect(mockserver.Channel{URL: p.URL})
	ended := make(chan *traffic.Exchange, n)
	for range n {
		go func() {
			ended <- m.Sandbox().SendRaw(mocktest.Soon(t), mockserver.Raw{Channel: c.ID, Event: "changed", Body: []byte(`{"ticket":"x"}`)})
		}()
	}
	for range n {
		<-arrived // all of them are under way at once
	}
	close(all)
	for range n {
		if e := <-ended; e.Status() != 200 {
			t.Errorf("one ended with %d %s", e.Status(), e.Error)
		}
	}
}
