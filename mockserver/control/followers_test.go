package control_test

import (
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
)

// TestManyFollowOneState: each wait gets its element and no other, each stream has
// all of them, and nothing is left of them.
func TestManyFollowOneState(t *testing.T) {
	const many = 60
	m := acme.New(t, remembering)
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
	m := acme.NewWith(t, mockserver.Options{Sandboxes: mockserver.SandboxLimits{Bytes: 40_000}}, remembering)
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
