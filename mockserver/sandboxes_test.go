package mockserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// story plays one story in a sandbox and returns its journal, state, deliveries and
// faults as bytes. By is how requests name the sandbox.
func story(t *testing.T, server *mockserver.Server, name string, inPath bool) string {
	call := func(method, path, body string) string {
		if inPath {
			path = "/~" + name + path
		}
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if !inPath {
			r.Header.Set(mockserver.HeaderSandbox, name)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code >= 400 && !strings.Contains(path, "/tickets/") {
			t.Errorf("%s: %s %s: %d %s", name, method, path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	call("PUT", "/_parley/clock", `{"frozen":true,"now":"2031-05-06T07:08:09Z"}`)
	call("POST", "/_parley/channels", `{"id":"c","url":"http://partner.example/hook"}`)
	call("POST", "/_parley/faults", `{"operation":"ticket","status":404,"times":2}`)
	for i := range 3 {
		call("POST", "/tickets/T-1/notes", fmt.Sprintf(`{"text":"%s writes %d"}`, name, i))
		call("POST", "/_parley/clock", `{"advance":"1h"}`)
		call("GET", fmt.Sprintf("/tickets/T-%d", i), "")
	}
	call("POST", "/tickets/T-1/notes", `{"wrong":true}`)
	return call("GET", "/_parley/journal.ndjson", "") + call("GET", "/_parley/state", "") +
		call("GET", "/_parley/deliveries", "") + call("GET", "/_parley/faults", "") + call("GET", "/_parley/channels", "")
}

// TestSandboxesAreAsAlone: 50 of them at once, each byte for byte as on a mock of
// its own.
func TestSandboxesAreAsAlone(t *testing.T) {
	const many = 50
	shared := newNotes(t, mockserver.Options{})
	together := make([]string, many)
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() { together[i] = story(t, shared, fmt.Sprintf("box-%d", i), i%2 == 0) })
	}
	group.Wait()
	different := map[string]bool{}
	for i, got := range together {
		name := fmt.Sprintf("box-%d", i)
		alone := story(t, newNotes(t, mockserver.Options{}), name, i%2 == 0)
		if got != alone {
			t.Errorf("%s among others:\n%s\nand alone:\n%s", name, got, alone)
		}
		for _, part := range []string{"http://mock.example/~" + name + "/tickets/", `"sandbox":"` + name + `"`, name + " writes 2", `"attempt":2`, `"acted":2`, "2031-05-06T07:28:09Z"} {
			if !strings.Contains(got, part) {
				t.Errorf("%s has no %s:\n%s", name, part, got)
			}
		}
		different[strings.ReplaceAll(got, name, "")] = true
	}
	if len(different) != many {
		t.Errorf("%d of %d sandboxes differ in more than their name", len(different), many)
	}
	if n := shared.Sandbox().Journal().Stats().Added; n != 0 {
		t.Errorf("the default sandbox has %d exchanges", n)
	}
}

// TestSandboxByHeaderOrPath is the same sandbox.
func TestSandboxByHeaderOrPath(t *testing.T) {
	if a, b := story(t, newNotes(t, mockserver.Options{}), "one", true), story(t, newNotes(t, mockserver.Options{}), "one", false); strings.ReplaceAll(b, `,"Parley-Sandbox":["one"]`, "") != a {
		t.Errorf("by path:\n%s\nby header:\n%s", a, b)
	}
}

func TestIdleSandboxesAreRemoved(t *testing.T) {
	var now atomic.Int64
	server := newNotes(t, mockserver.Options{
		Now:       func() time.Time { return acme.At.Add(time.Duration(now.Load())) },
		Sandboxes: mockserver.SandboxLimits{Number: 2, Idle: time.Hour},
	})
	short, err := server.NewSandbox(mockserver.SandboxOptions{Name: "short", Idle: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	long, err := server.NamedSandbox("long")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.NamedSandbox("more"); !errors.Is(err, mockserver.ErrSandboxes) {
		t.Errorf("a third one: %v", err)
	}
	if _, err := short.PutChannel(mockserver.Channel{ID: "c", URL: "http://partner.example/hook"}); err != nil {
		t.Fatal(err)
	}
	short.Clock().Freeze()
	d, err := short.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := short.Journal().Wait(mocktest.Soon(t), 1, nil); err != nil { // the first attempt; the second is due in 20 minutes
		t.Fatal(err)
	}
	now.Store(int64(2 * time.Minute))
	again, err := server.NamedSandbox("short")
	if err != nil || again == short || again.Seed() != short.Seed() {
		t.Errorf("a new one: %v, %v", again != short, err)
	}
	if d, _ = short.Delivery(d.ID); d.State != outbox.Cancelled || d.Error != "the sandbox was removed: nobody used it for 1m0s" {
		t.Errorf("its delivery is %+v", d)
	}
	if same, err := server.NamedSandbox("long"); err != nil || same != long {
		t.Errorf("the other one is another: %v", err)
	}
	now.Store(int64(3 * time.Hour))
	if list := server.Sandboxes(); len(list) != 1 || list[0] != server.Sandbox() {
		t.Errorf("%d are left", len(list))
	}
}

// TestManyAtOnceUseRemoveAndReset: whoever comes finds a sandbox that works.
func TestManyAtOnceUseRemoveAndReset(t *testing.T) {
	server := newNotes(t, mockserver.Options{})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 50 {
				name := fmt.Sprint("n", n%3)
				w := httptest.NewRecorder()
				server.ServeHTTP(w, httptest.NewRequest("GET", "/~"+name+"/tickets/T-1", nil))
				if w.Code != 200 {
					t.Errorf("answered %d %s", w.Code, w.Body)
				}
				switch b, err := server.NamedSandbox(name); {
				case err != nil:
					t.Error(err)
				case i == 0:
					server.RemoveSandbox(name)
				case i == 1:
					b.Reset()
				}
			}
		})
	}
	group.Wait()
}

// TestNamedSandboxesAreSmaller than the default one.
func TestNamedSandboxesAreSmaller(t *testing.T) {
	server := newNotes(t, mockserver.Options{Sandboxes: mockserver.SandboxLimits{Journal: traffic.Limits{Exchanges: 5}}})
	b, err := server.NamedSandbox("small")
	if err != nil {
		t.Fatal(err)
	}
	for range 120 {
		r := httptest.NewRequest("POST", "/~small/tickets/T-1/notes", bytes.NewReader([]byte(`{"text":"x"}`)))
		r.Header.Set("Content-Type", "application/json")
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
	state, err := json.Marshal(b.State())
	if err != nil {
		t.Fatal(err)
	}
	if n, kept := bytes.Count(state, []byte(`"id"`)), b.Journal().Stats().Kept; n != 100 || kept != 5 {
		t.Errorf("it keeps %d notes and %d exchanges", n, kept)
	}
}

// TestManySandboxesRememberFewerDeliveries each, but never none.
func TestManySandboxesRememberFewerDeliveries(t *testing.T) {
	m := newNotes(t, mockserver.Options{})
	kept := func(name string) int {
		for range 210 { // each queues a delivery, which has no URL and ends at once
			r := httptest.NewRequest("POST", "/~"+name+"/tickets/T-1/notes", strings.NewReader(`{"text":"x"}`))
			r.Header.Set("Content-Type", "application/json")
			m.ServeHTTP(httptest.NewRecorder(), r)
		}
		b, err := m.NamedSandbox(name)
		if err != nil {
			t.Fatal(err)
		}
		return len(b.Deliveries())
	}
	first := kept("first")
	for i := range 998 {
		if _, err := m.NamedSandbox(fmt.Sprint("box-", i)); err != nil {
			t.Fatal(err)
		}
	}
	if last := kept("last"); first != 200 || last != 20 {
		t.Errorf("the first of 1,000 remembers %d deliveries, the last %d", first, last)
	}
}
