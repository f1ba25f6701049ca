package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

func TestSendDeliversTheDocumentedSample(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{ID: "c", URL: p.URL, Token: "x"})
	d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{
		Event: "changed", Set: map[string]any{"ticket": "T-7", "parts.0.name": "b", "more.deep": true}, Wait: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"more":{"deep":true},"parts":[{"name":"b"}],"secret":"s3cr3t","ticket":"T-7"}`
	if got := p.received(); !slices.Equal(got, []string{body}) {
		t.Errorf("the partner got %q", got)
	}
	if d.State != mockserver.DeliveryDelivered || d.Status != 200 || len(d.Attempts) != 1 || string(d.Body) != body {
		t.Errorf("the delivery is %+v", d)
	}
	e, ok := m.Sandbox().Journal().Get(d.Attempts[0])
	if !ok || e.Caller != traffic.Vendor || e.Operation != "events/changed" || e.Delivery != d.ID || e.Attempt != 1 || e.Channel != "c" {
		t.Errorf("the exchange is %+v", e)
	}
	worst(t, m.Sandbox().Journal().Find(nil), traffic.Warn)
	again, ok := m.Sandbox().Delivery(d.ID)
	if !ok || again.State != d.State {
		t.Errorf("the delivery is remembered as %+v", again)
	}
}

func TestSendRefuses(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"}); !errors.Is(err, mockserver.ErrNoChannel) {
		t.Errorf("without a channel: %v", err)
	}
	openChannel(t, m, mockserver.Channel{ID: "quiet"})
	if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"}); !errors.Is(err, mockserver.ErrNoURL) {
		t.Errorf("without a URL: %v", err)
	}
	openChannel(t, m, mockserver.Channel{ID: "a", URL: "http://127.0.0.1:1/a"})
	openChannel(t, m, mockserver.Channel{ID: "b", URL: "http://127.0.0.1:1/b"})
	set := func(path string, value any) mockserver.SendRequest {
		return mockserver.SendRequest{Event: "changed", Channel: "a", Set: map[string]any{path: value}}
	}
	for _, test := range []struct {
		title   string
		request mockserver.SendRequest
		says    string
	}{
		{"an unknown vendor", mockserver.SendRequest{Vendor: "x", Event: "changed"}, `no vendor "x"; the mock plays acme`},
		{"an unknown event", mockserver.SendRequest{Event: "change"}, `no event "change"; it sends changed`},
		{"an unknown channel", mockserver.SendRequest{Event: "changed", Channel: "x"}, `no channel "x"`},
		{"an open choice of channel", mockserver.SendRequest{Event: "changed"}, `say which is meant with "channel", for instance "a"`},
		{"an unknown sample", mockserver.SendRequest{Event: "changed", Channel: "a", Sample: "x"}, `no sample "x"; it has documented`},
		{"a body that breaks the contract", set("ticket", 5), `body.type at "/ticket": expected`},
		{"a value that JSON does not have", set("ticket", make(chan int)), "unsupported type"},
		{"a path through a string", set("ticket.x", 1), `goes through "ticket", which is no object but "T-1"`},
		{"a path with an empty name", set("a..b", 1), "has an empty name"},
		{"an element that is not there", set("parts.7.name", 1), `"7" is no element of an array with 1`},
		{"a target that nobody configured", mockserver.SendRequest{Event: "changed", Channel: "a", To: "http://127.0.0.1:2/"}, "is no channel's"},
		{"a target that is no URL", mockserver.SendRequest{Event: "changed", Channel: "a", To: "localhost:3000"}, "begins with http:// or https://"},
	} {
		t.Run(test.title, func(t *testing.T) {
			if _, err := m.Sandbox().Send(soon(t), test.request); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want an error that says %q", err, test.says)
			}
		})
	}
	if n := len(m.Sandbox().Deliveries()); n != 0 {
		t.Errorf("%d deliveries were made", n)
	}
}

func TestBrokenOnPurposeIsSentAndNotHeldAgainstTheMock(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	_, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Body: map[string]any{"ticket": 5}, Broken: true, Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.received(); !slices.Equal(got, []string{`{"ticket":5}`}) {
		t.Errorf("the partner got %q", got)
	}
	worst(t, m.Sandbox().Journal().Find(nil), traffic.Info)
}

func TestPolicyDecidesAboutAttempts(t *testing.T) {
	for _, test := range []struct {
		title    string
		statuses []int
		state    string
		problem  string
	}{
		{"success at once", []int{202}, mockserver.DeliveryDelivered, ""},
		{"success at last", []int{503, 500, 200}, mockserver.DeliveryDelivered, ""},
		{"no success", []int{503, 503, 503}, mockserver.DeliveryFailed, "the partner answered 503"},
		{"a status that is no success", []int{204, 301, 302}, mockserver.DeliveryFailed, "the partner answered 302"},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := newMock(t, mockserver.Options{}, nil)
			var n atomic.Int64
			p := newPartner(t, func(w http.ResponseWriter, r *http.Request) {
				status := test.statuses[n.Add(1)-1]
				if status/100 == 3 {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(status)
			})
			openChannel(t, m, mockserver.Channel{URL: p.URL})
			d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
			if err != nil {
				t.Fatal(err)
			}
			if d.State != test.state || d.Error != test.problem || len(d.Attempts) != len(test.statuses) {
				t.Errorf("ended %s (%s) after %d attempts", d.State, d.Error, len(d.Attempts))
			}
			if got := len(p.received()); got != len(test.statuses) {
				t.Errorf("the partner was called %d times, want %d; redirects are not followed", got, len(test.statuses))
			}
			var statuses []int
			for i, id := range d.Attempts {
				e, _ := m.Sandbox().Journal().Get(id)
				statuses = append(statuses, e.Status())
				if e.Attempt != i+1 {
					t.Errorf("attempt %d is called %d", i+1, e.Attempt)
				}
			}
			if !slices.Equal(statuses, test.statuses) {
				t.Errorf("journalled %v", statuses)
			}
		})
	}
}

func TestOrderWithinAChannelAndIndependenceOfOthers(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	stuck, quick := hanging(t), newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{ID: "stuck", URL: stuck.URL})
	openChannel(t, m, mockserver.Channel{ID: "quick", URL: quick.URL})
	const n = 50
	for i := range n {
		for _, channel := range []string{"stuck", "quick"} {
			if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Channel: channel, Set: map[string]any{"ticket": fmt.Sprint(i)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := m.Sandbox().Journal().Wait(soon(t), n, func(e *traffic.Exchange) bool { return e.Channel == "quick" && e.Status() == 200 }); err != nil {
		t.Fatalf("the quick partner waits for the one that hangs: %v", err)
	}
	for i, body := range quick.received() {
		if !strings.Contains(body, fmt.Sprintf(`"ticket":"%d"`, i)) {
			t.Fatalf("delivery %d was %s", i, body)
		}
	}
	<-stuck.came
	if got := len(stuck.received()); got != 1 {
		t.Errorf("the hanging partner was called %d times at once, want one after the other", got)
	}
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	release := make(chan struct{})
	p := newPartner(t, func(http.ResponseWriter, *http.Request) { <-release })
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	for range 3 {
		if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"}); err != nil {
			t.Fatal(err)
		}
	}
	<-p.came
	closed := make(chan []mockserver.Delivery)
	go func() { closed <- m.Close(soon(t)) }()
	close(release)
	if left := <-closed; len(left) != 0 {
		t.Errorf("undelivered: %+v", left)
	}
	if got := len(p.received()); got != 3 {
		t.Errorf("the partner got %d of 3", got)
	}
	d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
	if err != nil || d.State != mockserver.DeliveryCancelled || d.Error != "the mock was closed" {
		t.Errorf("after closing a delivery is %+v, %v", d, err)
	}
}

func TestCloseReportsWhatIsLeft(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	stuck := hanging(t)
	openChannel(t, m, mockserver.Channel{URL: stuck.URL})
	for range 3 {
		if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"}); err != nil {
			t.Fatal(err)
		}
	}
	<-stuck.came
	at, cancel := context.WithCancel(context.Background())
	cancel()
	left := m.Close(at)
	if len(left) != 3 {
		t.Fatalf("reported %d deliveries, want 3", len(left))
	}
	for _, d := range left {
		if d.State != mockserver.DeliveryCancelled || d.Error != "the mock was closed" || d.URL != stuck.URL {
			t.Errorf("reported %+v", d)
		}
	}
	broken := m.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Vendor })
	if len(broken) != 1 || broken[0].Error != "the mock was closed" {
		t.Errorf("the attempt under way is journalled as %+v", broken)
	}
}

func TestAChannelTakesABoundedNumberOfDeliveries(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	stuck := hanging(t)
	openChannel(t, m, mockserver.Channel{URL: stuck.URL})
	var refused mockserver.Delivery
	for range 1100 {
		d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"})
		if err != nil {
			t.Fatal(err)
		}
		if d.State == mockserver.DeliveryCancelled {
			refused = d
		}
	}
	if !strings.Contains(refused.Error, "too many deliveries wait") {
		t.Errorf("the last one is %+v", refused)
	}
}

func TestResetForgetsAndBreaksOff(t *testing.T) {
	m := newMock(t, mockserver.Options{Seed: 7}, nil)
	broken := make(chan struct{})
	stuck := newPartner(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(broken)
	})
	first := openChannel(t, m, mockserver.Channel{URL: stuck.URL})
	d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sandbox().AddFault(mockserver.Fault{Event: "changed", Lose: true}); err != nil {
		t.Fatal(err)
	}
	<-stuck.came
	journal := m.Sandbox().Journal()
	if err := m.Sandbox().Reset(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-broken:
	case <-soon(t).Done():
		t.Error("the delivery under way was not broken off")
	}
	b := m.Sandbox()
	if _, ok := b.Delivery(d.ID); ok || len(b.Channels())+len(b.Faults())+len(b.Deliveries())+len(journal.Find(nil)) != 0 || b.Journal() != journal {
		t.Error("something is left after the reset")
	}
	if again := openChannel(t, m, mockserver.Channel{}); again.ID != first.ID {
		t.Errorf("the first ID after a reset is %s, at the start it was %s", again.ID, first.ID)
	}
	if e := m.exchange(m.do("GET", "/tickets/T-1", "")); e.ID != "ex-000001" {
		t.Errorf("exchanges go on with %s", e.ID)
	}
}

func TestDeliverSendsWhatIsAsked(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	var got http.Header
	var method string
	p := newPartner(t, func(w http.ResponseWriter, r *http.Request) {
		got, method = r.Header, r.Method
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, "short and stout")
	})
	c := openChannel(t, m, mockserver.Channel{URL: p.URL + "/hook"})
	e := m.Sandbox().Deliver(soon(t), mockserver.Raw{
		Event: "changed", Channel: c.ID, Method: "PUT", ContentType: "-", Header: http.Header{"X-Test": {"1"}},
		Body: []byte("{no json"), Check: "a check", Broken: true, SlowRead: time.Millisecond,
	})
	if method != "PUT" || got.Get("X-Test") != "1" || got.Get("Content-Type") != "" || p.received()[0] != "{no json" {
		t.Errorf("the partner got %s %v %q", method, got, p.received())
	}
	if e.Status() != http.StatusTeapot || e.Response.Body.String() != "short and stout" || e.Check != "a check" || e.Request.URL != p.URL+"/hook" {
		t.Errorf("the exchange is %+v", e)
	}
	if len(e.Findings) != 1 || e.Findings[0].Code != "response.status" || e.Findings[0].Severity != traffic.Error || e.Findings[0].Part != traffic.InResponse {
		t.Errorf("found %+v", e.Findings)
	}
	if kept, ok := m.Sandbox().Journal().Get(e.ID); !ok || kept != e {
		t.Error("the exchange is not in the journal")
	}
}

func TestDeliverSaysWhyNothingCame(t *testing.T) {
	m := newMock(t, mockserver.Options{BodyLimit: 100}, nil)
	gone := httptest.NewServer(nil)
	gone.Close()
	stuck := hanging(t)
	rude := newPartner(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	})
	long := newPartner(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 200)) })
	short := newPartner(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "50")
		fmt.Fprint(w, "x")
	})
	for _, p := range []string{gone.URL, stuck.URL, rude.URL, long.URL, short.URL} {
		openChannel(t, m, mockserver.Channel{URL: p})
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
			raw := mockserver.Raw{Event: "changed", URL: test.url}
			if test.url == stuck.URL {
				raw.Timeout = 50 * time.Millisecond
			}
			e := m.Sandbox().Deliver(soon(t), raw)
			if e.Response != nil || !strings.Contains(e.Error, test.says) {
				t.Errorf("error %q, want %q", e.Error, test.says)
			}
			if e.ID == "" || e.Operation != "events/changed" || e.Request.Method != "POST" {
				t.Errorf("recorded as %+v", e)
			}
		})
	}
	for _, raw := range []mockserver.Raw{{Vendor: "x"}, {Event: "x", URL: gone.URL}, {Channel: "x"}} {
		if e := m.Sandbox().Deliver(soon(t), raw); e.Error == "" || e.ID == "" {
			t.Errorf("%+v gave %+v", raw, e)
		}
	}
}

func TestAllowedTargets(t *testing.T) {
	p := newPartner(t, nil)
	m := newMock(t, mockserver.Options{AllowTargets: func(u *url.URL) bool { return u.Path == "/yes" }}, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL + "/hook"})
	for path, want := range map[string]int{"/yes": 200, "/no": 0, "/hook": 200} {
		if got := m.Sandbox().Deliver(soon(t), mockserver.Raw{URL: p.URL + path}).Status(); got != want {
			t.Errorf("%s: status %d, want %d", path, got, want)
		}
	}
	for _, url := range []string{"http://user:secret@127.0.0.1/", "http:///x", "/hook", "http://[::1"} {
		_, _, err := m.Sandbox().OpenChannel(soon(t), mockserver.Channel{URL: url})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("a channel with URL %s: %v", url, err)
		}
	}
}

func TestManyDeliveriesAtOnce(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	const n = 20
	arrived := make(chan struct{}, n)
	all := make(chan struct{})
	p := newPartner(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-all
	})
	c := openChannel(t, m, mockserver.Channel{URL: p.URL})
	ended := make(chan *traffic.Exchange, n)
	for range n {
		go func() {
			ended <- m.Sandbox().Deliver(soon(t), mockserver.Raw{Channel: c.ID, Event: "changed", Body: []byte(`{"ticket":"x"}`)})
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

// watched is a writer and a transport in one: it sees which comes first.
type watched struct {
	http.ResponseWriter
	flushed atomic.Bool
	early   atomic.Bool // an event left before the answer
	sent    chan struct{}
}

func (w *watched) WriteHeader(status int) {
	select {
	case <-w.sent:
		w.early.Store(true)
	case <-time.After(20 * time.Millisecond):
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Flush() { w.flushed.Store(true) }

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.flushed.Load() {
		w.early.Store(true)
	}
	close(w.sent)
	return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
}

func TestWhatFollowsAnAnswerIsQueuedBeforeAndSentAfterIt(t *testing.T) {
	w := &watched{ResponseWriter: httptest.NewRecorder(), sent: make(chan struct{})}
	m := newMock(t, mockserver.Options{Transport: w}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"noteAll": func(*mockserver.Call) mockserver.Reply {
				return mockserver.Reply{Status: 202, Then: []mockserver.Sending{{Event: "changed", Channel: "c"}, {Event: "nope"}}}
			},
		}}
	})
	openChannel(t, m, mockserver.Channel{ID: "c", URL: "http://partner.example/"})
	request := httptest.NewRequest("POST", "/tickets/open/notes", strings.NewReader(`{"text":"x"}`))
	request.Header.Set("Content-Type", "application/json")
	m.ServeHTTP(w, request)
	list := m.Sandbox().Deliveries()
	if len(list) != 2 || list[1].State != mockserver.DeliveryCancelled || list[1].Error != "Acme has no such event" {
		t.Errorf("with the answer there are %+v", list)
	}
	select {
	case <-w.sent:
	case <-soon(t).Done():
		t.Fatal("the event was not sent")
	}
	if w.early.Load() {
		t.Error("the event left before the answer was flushed")
	}
}
