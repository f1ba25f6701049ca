package control_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
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
	c := controlledBy(t, acme.NewWith(t, mockserver.Options{Streams: 2, Waits: 1}, remembering))
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
		for code := 429; code == 429 && waiting.Err() == nil; { // while one below has the place
			w := httptest.NewRecorder()
			c.Server().ServeHTTP(w, httptest.NewRequestWithContext(waiting, "GET", "/_parley/journal/wait?n=9&timeout=5m", nil))
			code = w.Code
		}
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
	m := acme.NewWith(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 20}}, nil)
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
	m := acme.NewWith(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 3}}, nil)
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
	m := acme.NewWith(t, mockserver.Options{Redactor: redactor}, nil)
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
	m := acme.New(t, nil)
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
