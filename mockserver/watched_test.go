package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// events reads server-sent events.
type events struct{ lines *bufio.Scanner }

func eventsFrom(r io.Reader) events {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	return events{lines}
}

// next returns the kind and the data of the next event.
func (e events) next() (kind, data string, ok bool) {
	for e.lines.Scan() {
		if text, found := strings.CutPrefix(e.lines.Text(), "event: "); found {
			kind = text
		}
		if text, found := strings.CutPrefix(e.lines.Text(), "data: "); found {
			return kind, text, true
		}
	}
	return "", "", false
}

// missedIn reads how many a missed event tells.
func missedIn(t *testing.T, data string) int {
	t.Helper()
	var event struct{ Missed int }
	if err := json.Unmarshal([]byte(data), &event); err != nil || event.Missed <= 0 {
		t.Errorf("a missed event says %s", data)
	}
	return event.Missed
}

// open begins a request whose answer goes on, until the context ends.
func open(ctx context.Context, t *testing.T, url string, header ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// TestStreamsAndWaitsAreBounded, of all sandboxes together, and a place that was
// given back is free.
func TestStreamsAndWaitsAreBounded(t *testing.T) {
	c := controlledBy(t, acme.New(t, mockserver.Options{Streams: 2, Waits: 1}, remembering))
	ctx, leave := context.WithCancel(mocktest.Soon(t))
	defer leave()
	for _, path := range []string{"/_parley/journal/stream", "/~other/_parley/state/stream?path=/items"} {
		if r := open(ctx, t, c.URL+path); r.StatusCode != 200 {
			t.Fatalf("%s: %s", path, r.Status)
		}
	}
	waiting, end := context.WithCancel(ctx)
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		w := httptest.NewRecorder()
		c.Server().ServeHTTP(w, httptest.NewRequestWithContext(waiting, "GET", "/_parley/journal/wait?n=9&timeout=5m", nil))
	}()
	full := func(path string) bool {
		r := open(ctx, t, c.URL+path)
		defer r.Body.Close()
		return r.StatusCode == 429
	}
	mocktest.Until(t, func() bool { return full("/_parley/listen/me?timeout=1ms") })
	for path, says := range map[string]string{
		"journal/stream": "2 event streams", "state/stream?path=/items": "2 event streams",
		"journal/wait?timeout=1ms": "1 waits", "state/wait?path=/items&timeout=1ms": "1 waits", "listen/me?timeout=1ms": "1 waits",
	} {
		c.refused(429, "GET", path, "", says)
	}
	c.refused(400, "GET", "journal/stream?status=x", "", "status=x is none")
	end()
	<-waited
	c.refused(408, "GET", "journal/wait?timeout=1ms", "", "0 of 1")
	leave()
	mocktest.Until(t, func() bool {
		brief, done := context.WithCancel(mocktest.Soon(t))
		defer done()
		r := open(brief, t, c.URL+"/_parley/journal/stream")
		return r.StatusCode == 200
	})
}

// TestAReaderThatNeverReads stops no caller, and is told what it missed when it
// reads after all.
func TestAReaderThatNeverReads(t *testing.T) {
	const calls = 300
	m := acme.New(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 20}}, nil)
	ctx, leave := context.WithCancel(mocktest.Soon(t))
	read, write := io.Pipe() // holds nothing
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.Server().ServeHTTP(&piped{write, http.Header{}}, httptest.NewRequestWithContext(ctx, "GET", "/_parley/journal/stream", nil))
	}()
	if _, err := read.Read(make([]byte, 1)); err != nil { // it has begun
		t.Fatal(err)
	}
	for range calls {
		w := httptest.NewRecorder()
		if m.Server().ServeHTTP(w, httptest.NewRequest("GET", "/tickets/T-1", nil)); w.Code != 200 {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
	}
	seen, missed, last := 0, 0, ""
	for from := eventsFrom(read); seen+missed < calls; {
		kind, data, ok := from.next()
		switch {
		case !ok:
			t.Fatalf("the stream ended after %d, %d missed", seen, missed)
		case kind == "missed":
			missed += missedIn(t, data)
		case kind == "exchange":
			seen++
			var e traffic.Exchange
			if err := json.Unmarshal([]byte(data), &e); err != nil || e.ID <= last {
				t.Errorf("%s after %s, %v", e.ID, last, err)
			}
			last = e.ID
		}
	}
	if want := fmt.Sprintf("ex-%06d", calls); seen+missed != calls || missed == 0 || last != want {
		t.Errorf("%d seen and %d missed of %d; the last is %s", seen, missed, calls, last)
	}
	leave()
	read.Close()
	<-ended
}

// TestAReaderComesBack too late for all that it missed, and is told how much.
func TestAReaderComesBack(t *testing.T) {
	m := acme.New(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 3}}, nil)
	for range 10 {
		m.Do("GET", "/tickets/T-1", "")
	}
	for _, test := range []struct{ since, want string }{
		{"ex-000004", "missed 3, ex-000008 ex-000009 ex-000010"}, {"ex-000007", "missed 0, ex-000008 ex-000009 ex-000010"}, {"ex-000009", "missed 0, ex-000010"},
	} {
		ctx, leave := context.WithCancel(mocktest.Soon(t))
		from := eventsFrom(open(ctx, t, m.URL+"/_parley/journal/stream", "Last-Event-ID", test.since).Body)
		missed, ids := 0, []string{}
		for len(ids) == 0 || ids[len(ids)-1] != "ex-000010" {
			kind, data, ok := from.next()
			if !ok {
				t.Fatal("the stream ended")
			}
			if kind == "missed" {
				missed += missedIn(t, data)
				continue
			}
			var e traffic.Exchange
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, e.ID)
		}
		leave()
		if got := fmt.Sprintf("missed %d, %s", missed, strings.Join(ids, " ")); got != test.want {
			t.Errorf("since %s: %s, want %s", test.since, got, test.want)
		}
	}
}

// TestASecretThatComesLater is in no stream from then on, also where another stream
// had the exchange before.
func TestASecretThatComesLater(t *testing.T) {
	const secret = "t0p5ecretpassage"
	redactor := redaction.New(redaction.Options{})
	m := acme.New(t, mockserver.Options{Redactor: redactor}, nil)
	m.Do("GET", "/tickets/T-1", "")
	m.Do("GET", "/tickets/"+secret, "")
	second := func() string {
		ctx, leave := context.WithCancel(mocktest.Soon(t))
		defer leave()
		_, data, _ := eventsFrom(open(ctx, t, m.URL+"/_parley/journal/stream", "Last-Event-ID", "ex-000001").Body).next()
		return data
	}
	if data := second(); !strings.Contains(data, secret) {
		t.Fatalf("before: %s", data)
	}
	redactor.Met(secret)
	if data := second(); data == "" || strings.Contains(data, secret) {
		t.Errorf("afterwards: %s", data)
	}
}

// TestAStreamGoesOnAfterAReset, from the first ID again.
func TestAStreamGoesOnAfterAReset(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	m.Do("GET", "/tickets/T-1", "")
	from := eventsFrom(open(mocktest.Soon(t), t, m.URL+"/_parley/journal/stream").Body)
	for range 2 {
		m.Do("GET", "/tickets/T-1", "")
		if kind, _, ok := from.next(); !ok || kind != "exchange" {
			t.Fatalf("the stream says %q", kind)
		}
		m.Do("POST", "/_parley/reset", "")
	}
}

// TestAStateThatCannotBeShown fails who asks for it, and nobody else.
func TestAStateThatCannotBeShown(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{State: func() any { panic("oh") }}
	})
	for _, path := range []string{"list", "wait", "stream"} {
		if a := m.Do("GET", "/_parley/state/"+path+"?path=/items", ""); a.Status != 400 || !strings.Contains(acme.Detail(t, a), "the state of acme can't be shown: oh") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// TestManyFollowOneState: each wait gets its element and no other, each stream has
// all of them, and nothing is left of them.
func TestManyFollowOneState(t *testing.T) {
	const many = 60
	m := acme.New(t, mockserver.Options{}, remembering)
	before := runtime.NumGoroutine()
	ctx, leave := context.WithCancel(mocktest.Soon(t))
	defer leave()
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			w := httptest.NewRecorder()
			m.Server().ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("/_parley/state/wait?path=/items&where=name=n%d&timeout=1m", i), nil))
			if text := w.Body.String(); w.Code != 200 || strings.Count(text, `"name"`) != 1 || !strings.Contains(text, fmt.Sprintf(`"name":"n%d"`, i)) {
				t.Errorf("the wait for n%d answers %d %s", i, w.Code, text)
			}
		})
		group.Go(func() {
			read, write := io.Pipe()
			brief, stop := context.WithCancel(ctx)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				m.Server().ServeHTTP(&piped{write, http.Header{}}, httptest.NewRequestWithContext(brief, "GET", "/_parley/state/stream?path=/items", nil))
			}()
			names := map[string]bool{}
			for from := eventsFrom(read); len(names) < many; {
				_, data, ok := from.next()
				if !ok || names[data] {
					t.Errorf("after %d the stream says %s", len(names), data)
					break
				}
				names[data] = true
			}
			stop()
			read.Close()
			<-ended
		})
	}
	var adding sync.WaitGroup
	for i := range many {
		adding.Go(func() {
			if err := m.Sandbox().AddState("", json.RawMessage(fmt.Sprintf(`{"name":"n%d"}`, i))); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	group.Wait()
	mocktest.Until(t, func() bool { return runtime.NumGoroutine() <= before })
}

// piped is an answer that is read while it is written.
type piped struct {
	*io.PipeWriter
	header http.Header
}

func (p *piped) Header() http.Header { return p.header }
func (p *piped) WriteHeader(int)     {}
func (p *piped) Flush()              {}

// TestManySandboxesComeAndGoWatched: publishers, waits, streams of journal and
// state, resets, and sandboxes that are made and removed under them.
func TestManySandboxesComeAndGoWatched(t *testing.T) {
	const publishers, calls, boxes = 4, 150, 5
	m := acme.New(t, mockserver.Options{Sandboxes: mockserver.SandboxLimits{Bytes: 40_000}}, remembering)
	before := runtime.NumGoroutine()
	ctx, leave := context.WithCancel(mocktest.Soon(t))
	defer leave()
	request := func(method, path string) int {
		w := httptest.NewRecorder()
		m.Server().ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, path, nil))
		return w.Code
	}
	var watching, publishing, group sync.WaitGroup
	var waited atomic.Int64
	for i := range 40 {
		box := fmt.Sprintf("/~box-%d/_parley/", i%boxes)
		watching.Go(func() {
			for _, path := range []string{"journal/stream", "state/stream?path=/items", "journal/stream?operation=events/changed"} {
				if code := request("GET", box+path); code != 200 {
					t.Errorf("%s: %d", path, code)
				}
				if ctx.Err() != nil {
					return
				}
			}
		})
		group.Go(func() { // in the default sandbox, which nobody removes
			if code := request("GET", fmt.Sprintf("/_parley/journal/wait?n=%d&timeout=1m", 1+i*publishers*calls/80)); code != 200 {
				t.Errorf("a wait answers %d", code)
			}
			waited.Add(1)
		})
	}
	for range publishers {
		publishing.Go(func() {
			for n := range calls {
				if code := request("GET", "/tickets/T-1"); code != 200 {
					t.Errorf("answered %d", code)
				}
				name := fmt.Sprintf("box-%d", n%boxes)
				if code := request("GET", "/~"+name+"/tickets/T-1"); code != 200 {
					t.Errorf("answered %d in %s", code, name)
				}
				switch n % 25 {
				case 7:
					m.Server().RemoveSandbox(name)
				case 13:
					request("POST", "/~"+name+"/_parley/reset")
				}
			}
		})
	}
	publishing.Wait()
	group.Wait()
	if waited.Load() != 40 {
		t.Errorf("%d waits ended", waited.Load())
	}
	var kept int64
	for _, b := range m.Server().Sandboxes()[1:] {
		kept += b.Journal().Stats().Bytes
	}
	if kept > 40_000 {
		t.Errorf("named sandboxes keep %d bytes", kept)
	}
	leave()
	watching.Wait()
	mocktest.Until(t, func() bool { return runtime.NumGoroutine() <= before })
}
