package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// losing is a body whose sandbox is lost when it is read.
type losing struct {
	io.Reader
	lose func()
}

func (l losing) Read(p []byte) (int, error) {
	l.lose()
	return l.Reader.Read(p)
}

// TestASandboxLostMeanwhile: what was done in it may not be in the ledger, and nobody is
// told that it is, also where the same mock has taken it up again.
func TestASandboxLostMeanwhile(t *testing.T) {
	for _, again := range []bool{false, true} {
		for _, call := range []struct{ method, path, body string }{
			{"PUT", "/~team/_parley/clock", `{"frozen": true}`},
			{"POST", "/~team/_parley/channels", `{"url": "http://localhost:1/", "vendor": "acme"}`},
			{"POST", "/~team/tickets", `{"title": "t"}`},
		} {
			mock := share(t, ledger.NewMemory())
			mock.take(t, "team", 1)
			mock.get("/~team/_parley/clock") // makes it
			body := losing{strings.NewReader(call.body), sync.OnceFunc(func() {
				mock.Lose("team")
				if again {
					mock.take(t, "team", 2)
				}
			})}
			r := httptest.NewRequest(call.method, "http://localhost"+call.path, body)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			if mock.ServeHTTP(w, r); w.Code != http.StatusServiceUnavailable {
				t.Errorf("%s %s, taken up again %t: %d %s", call.method, call.path, again, w.Code, w.Body)
			}
		}
	}
}

// TestAStepThatIsNotTaken by the log, since too much waits, is in a checkpoint before anybody
// is told that it is done.
func TestAStepThatIsNotTaken(t *testing.T) {
	disk := ledgertest.NewDisk()
	a, b := share(t, disk), share(t, disk)
	a.take(t, "team", 1)
	a.get("/~team/_parley/clock") // makes it
	for i, text := range []string{`[1]`, `[2]`} {
		if i > 0 {
			a.get("/~team/tickets/T-1")
			disk.Waiting = 1
			a.Existing("team").AddState("", json.RawMessage(`[9]`)) // nobody is told of it
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "http://localhost/~team/_parley/state", strings.NewReader(`{"state": `+text+`}`))
		r.Header.Set("Content-Type", "application/json")
		if a.ServeHTTP(w, r); w.Code >= 300 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	for range 2 {
		disk.Waiting = 1
		if w := a.get("/~team/tickets/T-1"); w.Code == http.StatusServiceUnavailable {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	disk.Waiting = 1_000
	if w := a.get("/~team/tickets/T-1"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("while nothing is taken: %d %s", w.Code, w.Body)
	}
	after := b.take(t, "team", 2)
	if got := fmt.Sprint(after.State()["acme"]); got != "[1 9 2]" {
		t.Errorf("another mock finds %s", got)
	}
	if got := idsOf(after.Journal().Find(nil)); !slices.Equal(got, []string{"ex-000001", "ex-000002", "ex-000003"}) {
		t.Errorf("another mock finds %s", got)
	}
}

// TestARemovedSandboxIsNotElsewhere: a mock says of a sandbox that it lost that another may
// have it, and of one that it removed, or that was never there, that there is none.
func TestARemovedSandboxIsNotElsewhere(t *testing.T) {
	mock := share(t, ledger.NewMemory())
	mock.take(t, "team", 1)
	mock.get("/~team/_parley/clock") // makes it
	for _, want := range []bool{true, false} {
		if there, err := mock.RemoveSandbox("team"); there != want || err != nil {
			t.Errorf("it was there: %t, %v, want %t", there, err, want)
		}
	}
	mock.Lose("team")
	if there, err := mock.RemoveSandbox("team"); there || !errors.Is(err, mockserver.ErrNotOwned) {
		t.Errorf("of one that was lost: %t, %v", there, err)
	}
}

// TestAnOwnerThatIsNone delivers nothing more, and what it did is not in the ledger.
func TestAnOwnerThatIsNone(t *testing.T) {
	l := ledger.NewMemory()
	a, b := share(t, l), share(t, l)
	p := mocktest.NewPartner(t, nil)
	var lost atomic.Bool
	if err := a.TakeUp(t.Context(), mockserver.DefaultSandbox, 1, func() bool { return !lost.Load() }); err != nil {
		t.Fatal(err)
	}
	before := a.Sandbox()
	if _, err := before.PutChannel(mockserver.Channel{ID: "c", URL: p.URL}); err != nil {
		t.Fatal(err)
	}
	before.Clock().Freeze()
	lost.Store(true) // and nobody has told the mock
	for range 2 {
		if _, err := before.Send(t.Context(), mockserver.SendRequest{Event: "changed", Channel: "c"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := before.Clock().Advance(mocktest.Soon(t), time.Second); err != nil { // all has come to rest
		t.Fatal(err)
	}
	if got := p.Received(); len(got) > 0 {
		t.Errorf("an owner that is none delivered %s", got)
	}
	after := b.take(t, mockserver.DefaultSandbox, 2)
	p.Await(2)
	if w := a.get("/tickets/T-1"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a call at an owner that is none got %d", w.Code)
	}
	a.Lose(mockserver.DefaultSandbox)
	mocktest.Until(t, func() bool { return b.ended.Load() == 2 })
	if n := len(p.Received()); n != 2 {
		t.Errorf("the partner got %d deliveries, and 2 were sent", n)
	}
	for _, e := range after.Journal().Find(nil) {
		if e.Caller == traffic.Partner {
			t.Errorf("the ledger has %s %s, which was refused", e.ID, e.Request.URL)
		}
	}
}

// TestWhatNobodyMade stays so: the right to have a sandbox makes none, and without the right
// nobody makes one.
func TestWhatNobodyMade(t *testing.T) {
	l := ledger.NewMemory()
	a := share(t, l)
	if b := a.take(t, "team", 1); b != nil {
		t.Error("a sandbox was made")
	}
	if names, err := l.Sandboxes(t.Context()); err != nil || len(names) > 0 {
		t.Errorf("the ledger has %v, %v", names, err)
	}
	if _, err := a.NewSandbox(mockserver.SandboxOptions{Name: "other"}); !errors.Is(err, mockserver.ErrNotOwned) {
		t.Errorf("a sandbox without the right to it: %v", err)
	}
	if _, err := a.NewSandbox(mockserver.SandboxOptions{Name: "team"}); err != nil {
		t.Error(err)
	}
	if there, err := a.RemoveSandbox("team"); !there || err != nil || a.Has("team") {
		t.Error("the sandbox is still there")
	}
	if names, err := l.Sandboxes(t.Context()); err != nil || len(names) > 0 {
		t.Errorf("after it was removed the ledger has %v, %v", names, err)
	}
}
