package acme

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Play is how a vendor is played; nil is one without memory.
type Play = func(*mockserver.Stage) mockserver.Behaviour

// At is a time that no test runs at.
var At = time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)

// New starts a mock of Acme.
func New(tb testing.TB, play Play) *mocktest.Mock {
	tb.Helper()
	return NewWith(tb, mockserver.Options{}, play)
}

// NewWith is New with options.
func NewWith(tb testing.TB, o mockserver.Options, play Play) *mocktest.Mock {
	tb.Helper()
	return NewOf(tb, Contract(), o, play)
}

// NewOf is NewWith with a contract that was changed.
func NewOf(tb testing.TB, contract *specs.Contract, o mockserver.Options, play Play) *mocktest.Mock {
	tb.Helper()
	return ending(tb, mocktest.NewWith(tb, o, mockserver.Vendor{Contract: contract, Play: play}))
}

// Restore starts a mock of Acme that goes on from a snapshot.
func Restore(tb testing.TB, text []byte, o mockserver.Options, play Play) *mocktest.Mock {
	tb.Helper()
	o.SelfCheck, o.Control = true, control.New
	server, err := mockserver.Restore(text, o, mockserver.Vendor{Contract: Contract(), Play: play})
	if err != nil {
		tb.Fatal(err)
	}
	return ending(tb, mocktest.Serve(tb, server))
}

// ending lets no test wait at its end for deliveries to partners that are gone.
func ending(tb testing.TB, m *mocktest.Mock) *mocktest.Mock {
	m.Timeout = mocktest.Patience
	tb.Cleanup(func() {
		over, cancel := context.WithCancel(context.Background())
		cancel()
		m.Server().Close(over)
	})
	return m
}

// Snapshot takes one of the default sandbox.
func Snapshot(tb testing.TB, m *mocktest.Mock) []byte {
	tb.Helper()
	text, err := m.Sandbox().Snapshot()
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// Detail is what a problem of Parley's own says.
func Detail(tb testing.TB, a mocktest.Answer) string {
	tb.Helper()
	var p struct{ Type, Detail string }
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil || !strings.HasPrefix(p.Type, "urn:parley:problem:") {
		tb.Fatalf("not a problem of Parley's own: %d %s", a.Status, a.Body)
	}
	return p.Detail
}

// Below fails the test for each finding that is as grave as a severity, or graver.
func Below(tb testing.TB, severity traffic.Severity, list []*traffic.Exchange) {
	tb.Helper()
	for _, e := range list {
		for _, f := range e.Findings {
			if f.Severity.AtLeast(severity) {
				tb.Errorf("%s %s %s: %s", e.ID, e.Caller, e.Operation, f)
			}
		}
	}
}
