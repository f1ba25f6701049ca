// Package snapshottest holds the tests that every behaviour passes whose mock can be
// restored, and is the same whenever its seed is.
package snapshottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// Story is what happens to a mock. It returns when nothing is under way any more,
// and does the same in every run.
type Story func(*testing.T, *mockserver.Server)

// Run plays two parts of a story: in one mock, and in two of which the second goes
// on from a snapshot that the first left, and in one that goes on from its ledger. All must be the same at the border, and all
// that then happens: state, channels, deliveries, faults, clock, exchanges and IDs.
// Options must have a clock that stands still and a transport that answers.
func Run(t *testing.T, o mockserver.Options, vendor mockserver.Vendor, first, second Story) {
	t.Helper()
	whole, before := made(t, o, vendor), made(t, o, vendor)
	first(t, whole)
	border := whole.Sandbox().Journal().Stats().Added
	first(t, before)
	text, err := before.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	o.Control = control.New
	after, err := mockserver.Restore(text, o, vendor)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "at the border", shown(t, before), shown(t, after))
	again, err := after.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the snapshot of what was restored", string(text), string(again))
	kept := o
	kept.Ledger = ledger.NewMemory()
	logged := made(t, kept, vendor)
	first(t, logged)
	relived, err := logged.Sandbox().SnapshotAt(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the snapshot that follows from the ledger", string(text), string(relived))
	excerpted(t, o, vendor, logged)
	logged.Close(t.Context())
	logged = made(t, kept, vendor)
	same(t, "what goes on from the ledger", shown(t, before), shown(t, logged))
	same(t, "exchanges that the ledger had", written(t, before, 0), written(t, logged, 0))
	second(t, whole)
	second(t, after)
	second(t, logged)
	same(t, "after the second part, with a ledger", shown(t, whole), shown(t, logged))
	same(t, "exchanges of the second part, with a ledger", written(t, whole, border), written(t, logged, border))
	same(t, "after the second part", shown(t, whole), shown(t, after))
	same(t, "exchanges of the second part", written(t, whole, border), written(t, after, 0))
}

// Seeded demands that what a mock with a seed did and has is the same in two runs, and
// other with another seed. Play returns a mock with so many exchanges.
func Seeded(t *testing.T, exchanges uint64, play func(t *testing.T, seed uint64) *mockserver.Server) {
	t.Helper()
	record := func(seed uint64) string {
		t.Helper()
		mock := play(t, seed)
		if n := mock.Sandbox().Journal().Stats().Added; n != exchanges {
			t.Errorf("seed %d: %d exchanges, want %d", seed, n, exchanges)
		}
		return written(t, mock, 0) + shown(t, mock)
	}
	first := record(1)
	same(t, "the second run", first, record(1))
	if record(2) == first {
		t.Error("another seed makes no difference")
	}
}

// Call makes one call, with header as names and values in turn, and waits until
// the deliveries that follow from it have ended.
func Call(t *testing.T, mock *mockserver.Server, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, request)
	mocktest.Until(t, func() bool { return !underWay(mock.Sandbox()) })
	// A snapshot waits until what belongs to their ends is noted too.
	if _, err := mock.Sandbox().Snapshot(); err != nil {
		t.Fatal(err)
	}
	return answer
}

func underWay(box *mockserver.Sandbox) bool {
	return slices.ContainsFunc(box.Deliveries(), func(d outbox.Delivery) bool { return d.Ended.IsZero() })
}

func made(t *testing.T, o mockserver.Options, vendor mockserver.Vendor) *mockserver.Server {
	t.Helper()
	o.Control = control.New
	mock, err := mockserver.New(o, vendor)
	if err != nil {
		t.Fatal(err)
	}
	return mock
}

// shown is all that one sees of the default sandbox but its journal.
func shown(t *testing.T, mock *mockserver.Server) string {
	t.Helper()
	box := mock.Sandbox()
	var all bytes.Buffer
	encoder := json.NewEncoder(&all)
	encoder.SetIndent("", " ")
	for _, part := range []any{box.State(), box.Deliveries(), box.Faults(), box.Seed(), box.Clock().Now(), box.Clock().Frozen()} {
		if err := encoder.Encode(part); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range box.Channels() {
		fmt.Fprintf(&all, "%+v\n", c) // with its token
	}
	return all.String()
}

func written(t *testing.T, mock *mockserver.Server, from uint64) string {
	t.Helper()
	var all bytes.Buffer
	for _, e := range mock.Sandbox().Journal().Find(nil)[from:] {
		if err := traffic.Write(&all, e); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// same shows where two texts begin to differ.
func same(t *testing.T, what, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	near := func(text string) string { return text[max(0, at-200):min(len(text), at+200)] }
	t.Errorf("%s is another, from byte %d on:\n%s\nwant\n%s", what, at, near(got), near(want))
}
