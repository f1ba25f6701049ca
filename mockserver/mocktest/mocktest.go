// Package mocktest runs a mock for one Go test, as net/http/httptest runs a server:
// the code under test calls it and is called by it, and the test says what it
// expects.
package mocktest

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"reflect"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// TB is what a Mock needs of a *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Mock is a running mock for one Go test. What fails ends the test with a message
// that says what was seen instead.
type Mock struct {
	URL     string        // how the code under test reaches the mock
	Timeout time.Duration // of every wait; default 5 s

	tb      TB
	server  *mockserver.Server
	sandbox *mockserver.Sandbox
	last    string             // ID of the exchange that Next returned last
	never   []mockserver.Match // what must not have come when the test ends
}

// New starts a mock of these vendors that nobody else uses: a sandbox, a journal and
// an address of its own. It ends with the test. Its answers and events are judged
// too, and a deviation of its own fails the test.
func New(tb TB, vendors ...mockserver.Vendor) *Mock {
	tb.Helper()
	return NewWith(tb, mockserver.Options{}, vendors...)
}

// NewWith is New with options: a seed, a clock. SelfCheck is always on.
func NewWith(tb TB, o mockserver.Options, vendors ...mockserver.Vendor) *Mock {
	tb.Helper()
	o.SelfCheck = true
	if o.Control == nil {
		o.Control = control.New
	}
	server, err := mockserver.New(o, vendors...)
	if err != nil {
		tb.Fatalf("the mock cannot be made: %v", err)
		return nil
	}
	return Serve(tb, server)
}

// WithReadings is a vendor whose contract is read as these say, such as
// "R-02=any-2xx".
func WithReadings(tb TB, v mockserver.Vendor, readings ...string) mockserver.Vendor {
	tb.Helper()
	chosen := map[string]string{}
	for _, reading := range readings {
		id, option, _ := strings.Cut(reading, "=")
		chosen[id] = option
	}
	contract, err := v.Contract.WithReadings(chosen)
	if err != nil {
		tb.Fatalf("%v", err)
		return v // a TB whose Fatalf returns
	}
	v.Contract = contract
	return v
}

// Serve is New for a mock that is made already, such as one that goes on from a
// snapshot.
func Serve(tb TB, server *mockserver.Server) *Mock {
	listening := httptest.NewServer(server)
	server.SetBaseURL(listening.URL)
	m := &Mock{URL: listening.URL, Timeout: 5 * time.Second, tb: tb, server: server, sandbox: server.Sandbox()}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		server.Close(ctx)
		listening.CloseClientConnections()
		listening.Close()
		for _, match := range m.never {
			m.refuse(match)
		}
		m.blameMock()
		m.remembers()
	})
	return m
}

// fatalf ends the test. What a partner or a contract wrote stays on one line.
func (m *Mock) fatalf(format string, args ...any) {
	m.tb.Helper()
	m.tb.Fatalf("%s", visible.Sprintf(format, args...))
}

// blameMock fails the test for what the mock itself did wrong.
func (m *Mock) blameMock() {
	for _, e := range m.sandbox.Journal().Find(nil) {
		for _, f := range e.Findings {
			if f.Severity == traffic.HarnessError {
				m.fatalf("the mock itself is wrong in %s (%s): %s", e.ID, e.Operation, f)
			}
		}
	}
}

// Server returns the mock itself, for its other sandboxes.
func (m *Mock) Server() *mockserver.Server { return m.server }

// Sandbox returns the vendor's side: state, channels, faults, clock and journal.
func (m *Mock) Sandbox() *mockserver.Sandbox { return m.sandbox }

// State is what a vendor remembers in the default sandbox, as the type that its
// package has for it.
func State[S any](m *Mock, vendor string) S {
	m.tb.Helper()
	state, ok := m.sandbox.State()[vendor].(S)
	if !ok {
		m.fatalf("the state of %s is no %s but %s", vendor, reflect.TypeFor[S](), fmt.Sprintf("%T", m.sandbox.State()[vendor]))
	}
	return state
}

// Connect opens a channel to the code under test and waits until the events that
// open it were taken.
func (m *Mock) Connect(c mockserver.Channel) mockserver.Channel {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	channel, deliveries, err := m.sandbox.OpenChannel(ctx, c)
	if channel.ID == "" {
		m.fatalf("the channel to %s cannot be opened: %v", c.URL, err)
	}
	for _, d := range deliveries {
		m.taken(d)
	}
	return channel
}

// Send lets the vendor's side send an event, with the dotted paths in set changed
// from its documented sample, and waits until it was delivered.
func (m *Mock) Send(channel mockserver.Channel, event string, set map[string]any) outbox.Delivery {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	d, err := m.sandbox.Send(ctx, mockserver.SendRequest{Vendor: channel.Vendor, Channel: channel.ID, Event: event, Set: maps.Clone(set), Wait: true})
	if d.ID == "" {
		m.fatalf("%s cannot be sent: %v", event, err)
		return d // a TB whose Fatalf returns
	}
	m.taken(d)
	return d
}

// taken demands that the partner took a delivery in time.
func (m *Mock) taken(d outbox.Delivery) {
	m.tb.Helper()
	if d.State == outbox.Delivered {
		return
	}
	became := string(d.State)
	if d.Ended.IsZero() {
		became += " after " + m.Timeout.String()
		if d.Status != 0 { // of an attempt after which another follows
			became += fmt.Sprintf(", last answered %d", d.Status)
		}
	}
	if d.Error != "" {
		became += ", " + d.Error
	}
	m.fatalf("%s of %s was not taken by %s: %s", d.Event, d.Vendor, d.URL, became)
}

// Fault makes the mock misbehave until remove is called.
func (m *Mock) Fault(f fault.Rule) (remove func()) {
	m.tb.Helper()
	f, err := m.sandbox.AddFault(f)
	if err != nil {
		m.fatalf("refused: %v", err)
	}
	return func() { m.sandbox.RemoveFault(f.ID) }
}

// Advance moves the clock on. What comes due in that time happens in it, one after
// the other, and has happened when Advance returns.
func (m *Mock) Advance(d time.Duration) {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	if err := m.sandbox.Clock().Advance(ctx, d); err != nil {
		m.fatalf("%v", err)
	}
}

func (m *Mock) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), m.Timeout)
}
