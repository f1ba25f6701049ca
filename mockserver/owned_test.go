package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// sharing is one of several mocks that share a ledger.
type sharing struct {
	*mockserver.Server
	ended atomic.Int64 // deliveries of which the vendor was told the end
}

func share(t *testing.T, l ledger.Ledger) *sharing {
	t.Helper()
	s := &sharing{}
	play := func(stage *mockserver.Stage) mockserver.Behaviour {
		b := counter(stage)
		b.Events = map[string]mockserver.Event{"changed": {Ended: func(mockserver.Sending, outbox.Delivery, *traffic.Exchange) { s.ended.Add(1) }}}
		return b
	}
	var err error
	if s.Server, err = mockserver.New(mockserver.Options{Ledger: l, Shared: true, Control: control.New}, mockserver.Vendor{Contract: acme.Contract(), Play: play}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(t.Context()) })
	return s
}

func always() bool { return true }

func (s *sharing) take(t *testing.T, sandbox string, fence uint64) *mockserver.Sandbox {
	t.Helper()
	if err := s.TakeUp(t.Context(), sandbox, fence, always); err != nil {
		t.Fatal(err)
	}
	return s.Existing(sandbox)
}

func (s *sharing) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+path, nil))
	return w
}

// TestASandboxMoves with its state, its journal, its next IDs and what it had to deliver,
// in the order in which that was queued and under the same IDs.
func TestASandboxMoves(t *testing.T) {
	for _, name := range []string{mockserver.DefaultSandbox, "team"} {
		t.Run(name, func(t *testing.T) { moves(t, name) })
	}
}

func moves(t *testing.T, name string) {
	l := ledger.NewMemory()
	a, b := share(t, l), share(t, l)
	var mu sync.Mutex
	var ids []string
	p := mocktest.NewPartner(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if ids = append(ids, r.Header.Get(mockserver.HeaderDelivery)); len(ids) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	before := a.take(t, name, 1)
	if before == nil {
		a.get("/~" + name + "/tickets/T-1")
		before = a.Existing(name)
	}
	if err := before.AddState("", json.RawMessage(`[7]`)); err != nil {
		t.Fatal(err)
	}
	if _, err := before.PutChannel(mockserver.Channel{ID: "c", URL: p.URL, Policy: outbox.Policy{Attempts: 2, Backoff: "1s"}}); err != nil {
		t.Fatal(err)
	}
	before.Clock().Freeze()
	for range 3 {
		if _, err := before.Send(t.Context(), mockserver.SendRequest{Event: "changed", Channel: "c"}); err != nil {
			t.Fatal(err)
		}
	}
	p.Await(1)
	if _, err := before.Journal().Wait(mocktest.Soon(t), 1, func(e *traffic.Exchange) bool { return e.Caller == traffic.Vendor }); err != nil {
		t.Fatal(err)
	}
	seen := len(before.Journal().Find(nil))
	if err := a.LetGo(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if w := a.get("/~" + name + "/tickets/T-1"); w.Code != http.StatusServiceUnavailable || a.Has(name) {
		t.Errorf("who let the sandbox go answers %d %s", w.Code, w.Body)
	}
	after := b.take(t, name, 2)
	if got := fmt.Sprint(after.State()["acme"]); got != "[7]" {
		t.Errorf("the state is %s", got)
	}
	if n := len(after.Journal().Find(nil)); n != seen {
		t.Errorf("the journal has %d exchanges, and had %d", n, seen)
	}
	if err := after.Clock().Advance(mocktest.Soon(t), time.Second); err != nil {
		t.Fatal(err)
	}
	if got := p.Await(4); len(got) != 4 || !slices.Equal(ids, []string{"dl-000001", "dl-000001", "dl-000002", "dl-000003"}) {
		t.Errorf("the partner got %v", ids)
	}
	mocktest.Until(t, func() bool { return b.ended.Load() == 3 })
	if n := a.ended.Load(); n != 0 {
		t.Errorf("%d deliveries ended for the mock that let them go", n)
	}
}

// TestASandboxMovesToAFullerMock, where each keeps fewer deliveries: it keeps the newest, and
// what has not ended goes on.
func TestASandboxMovesToAFullerMock(t *testing.T) {
	l := ledger.NewMemory()
	a, b := share(t, l), share(t, l)
	late, p := mocktest.NewPartner(t, nil), mocktest.NewPartner(t, nil)
	a.take(t, "team", 1)
	a.get("/~team/tickets/T-1")
	before := a.Existing("team")
	before.Clock().Freeze()
	if _, err := before.AddFault(fault.Rule{Event: "changed", Channel: "late", Delay: "1h"}); err != nil {
		t.Fatal(err)
	}
	send := func(channel, url string, number int) {
		t.Helper()
		if _, err := before.PutChannel(mockserver.Channel{ID: channel, URL: url}); err != nil {
			t.Fatal(err)
		}
		for range number {
			if _, err := before.Send(t.Context(), mockserver.SendRequest{Event: "changed", Channel: channel}); err != nil {
				t.Fatal(err)
			}
		}
	}
	const sent, others = 60, 400
	send("late", late.URL, 1)
	send("c", p.URL, sent)
	p.Await(sent)
	mocktest.Until(t, func() bool { return a.ended.Load() == sent })
	if err := a.LetGo(t.Context(), "team"); err != nil {
		t.Fatal(err)
	}
	for i := range others {
		name := fmt.Sprint("other-", i)
		b.take(t, name, 1)
		if _, err := b.NewSandbox(mockserver.SandboxOptions{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	after := b.take(t, "team", 2)
	if after == nil {
		t.Fatal("the sandbox is gone")
	}
	kept := after.Deliveries()
	if len(kept) >= sent || kept[len(kept)-1].ID != "dl-000061" {
		t.Errorf("it keeps %d deliveries, up to %s", len(kept), kept[len(kept)-1].ID)
	}
	if err := after.Clock().Advance(mocktest.Soon(t), time.Hour); err != nil {
		t.Fatal(err)
	}
	late.Await(1)
}

// slow is a ledger that opens a log when it may.
type slow struct {
	ledger.Ledger
	asked, may chan struct{}
}

func (s slow) Open(ctx context.Context, sandbox string, fence uint64) (ledger.Log, error) {
	close(s.asked)
	<-s.may
	return s.Ledger.Open(ctx, sandbox, fence)
}

// TestASandboxThatIsBeingTakenUp is nobody's yet.
func TestASandboxThatIsBeingTakenUp(t *testing.T) {
	l := slow{ledger.NewMemory(), make(chan struct{}), make(chan struct{})}
	a, taken := share(t, l), make(chan error)
	go func() { taken <- a.TakeUp(t.Context(), mockserver.DefaultSandbox, 1, always) }()
	<-l.asked
	if a.Sandbox() != nil || a.Has(mockserver.DefaultSandbox) || len(a.Sandboxes()) > 0 {
		t.Error("it is there before it is what it was")
	}
	if w := a.get("/api/items"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a call is answered %d %s", w.Code, w.Body)
	}
	close(l.may)
	if err := <-taken; err != nil || a.Sandbox() == nil {
		t.Errorf("it is not there: %v", err)
	}
}

// TestWaitsEndWhenASandboxMoves, with a word that lets clients ask again.
func TestWaitsEndWhenASandboxMoves(t *testing.T) {
	a := share(t, ledger.NewMemory())
	a.take(t, mockserver.DefaultSandbox, 1)
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	stream, err := http.Get(server.URL + "/_parley/journal/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	if !lines.Scan() { // it has begun
		t.Fatal(lines.Err())
	}
	waited := make(chan *httptest.ResponseRecorder)
	go func() { waited <- a.get("/_parley/journal/wait?n=1&timeout=30s") }()
	if err := a.LetGo(t.Context(), mockserver.DefaultSandbox); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if lines.Err() != nil {
		t.Errorf("the stream broke off: %v", lines.Err())
	}
	if w := <-waited; w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "ask again") {
		t.Errorf("the wait ended with %d %s %s", w.Code, w.Header(), w.Body)
	}
}
