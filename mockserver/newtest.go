package mockserver

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// TB is what a Test needs of a *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Test is a running mock for one Go test. What fails ends the test with a message
// that says what was seen instead.
type Test struct {
	URL     string        // how the code under test reaches the mock
	Timeout time.Duration // of every wait; default 5 s

	tb      TB
	server  *Server
	sandbox *Sandbox
}

// NewTest starts a mock of these vendors that nobody else uses: a sandbox, a
// journal and an address of its own. It ends with the test. Its answers and events
// are judged too, and a deviation of its own fails the test.
func NewTest(tb TB, vendors ...Vendor) *Test {
	tb.Helper()
	return NewTestWith(tb, Options{SelfCheck: true}, vendors...)
}

// NewTestWith is NewTest with options: a seed, a clock.
func NewTestWith(tb TB, o Options, vendors ...Vendor) *Test {
	tb.Helper()
	server, err := New(o, vendors...)
	if err != nil {
		tb.Fatalf("the mock cannot be made: %v", err)
		return nil
	}
	listening := httptest.NewServer(server)
	server.SetBaseURL(listening.URL)
	test := &Test{URL: listening.URL, Timeout: 5 * time.Second, tb: tb, server: server, sandbox: server.Sandbox()}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		server.Close(ctx)
		listening.CloseClientConnections()
		listening.Close()
		test.blameMock()
	})
	return test
}

// fatalf ends the test. What a partner or a contract wrote stays on one line.
func (m *Test) fatalf(format string, args ...any) {
	m.tb.Helper()
	m.tb.Fatalf("%s", visible.Sprintf(format, args...))
}

// blameMock fails the test for what the mock itself did wrong.
func (m *Test) blameMock() {
	for _, e := range m.sandbox.Journal().Find(nil) {
		for _, f := range e.Findings {
			if f.Severity == traffic.HarnessError {
				m.fatalf("the mock itself is wrong in %s (%s): %s", e.ID, e.Operation, f)
			}
		}
	}
}

// Sandbox returns the vendor's side: state, channels, faults, clock and journal.
func (m *Test) Sandbox() *Sandbox { return m.sandbox }

// Connect opens a channel to the code under test and waits until the events that
// open it were taken.
func (m *Test) Connect(c Channel) Channel {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	channel, deliveries, err := m.sandbox.OpenChannel(ctx, c)
	if err != nil {
		m.fatalf("the channel to %s cannot be opened: %v", c.URL, err)
	}
	for _, d := range deliveries {
		if d.State != DeliveryDelivered {
			m.fatalf("%s of %s was not taken by %s: %s", d.Event, channel.Vendor, d.URL, outcome(d))
		}
	}
	return channel
}

// Send lets the vendor's side send an event, with the dotted paths in set changed
// from its documented sample, and waits until it was delivered.
func (m *Test) Send(channel Channel, event string, set map[string]any) Delivery {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	d, err := m.sandbox.Send(ctx, SendRequest{Vendor: channel.Vendor, Channel: channel.ID, Event: event, Set: maps.Clone(set), Wait: true})
	if err != nil {
		m.fatalf("%s cannot be sent: %v", event, err)
	}
	if d.State != DeliveryDelivered {
		m.fatalf("%s was not taken by %s: %s", event, d.URL, outcome(d))
	}
	return d
}

// outcome says what became of a delivery, and why.
func outcome(d Delivery) string {
	switch {
	case d.Error != "":
		return d.State + ", " + d.Error
	case d.Status != 0: // of an attempt after which another follows
		return fmt.Sprintf("%s, last answered %d", d.State, d.Status)
	}
	return d.State
}

// Fault makes the mock misbehave until remove is called.
func (m *Test) Fault(f Fault) (remove func()) {
	m.tb.Helper()
	f, err := m.sandbox.AddFault(f)
	if err != nil {
		m.fatalf("refused: %v", err)
	}
	return func() { m.sandbox.RemoveFault(f.ID) }
}

// Expect waits for an exchange and returns the first that matches. A match whose
// operation no vendor has fails the test at once.
func (m *Test) Expect(match Match) *traffic.Exchange {
	m.tb.Helper()
	found := m.ExpectN(1, match)
	if len(found) == 0 {
		return nil // a TB whose Fatalf returns
	}
	return found[0]
}

// ExpectN waits until at least n exchanges match.
func (m *Test) ExpectN(n int, match Match) []*traffic.Exchange {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	found, err := m.sandbox.Await(ctx, n, match)
	if err != nil {
		m.fatalf("%v", err)
	}
	return found
}

// Valid fails the test when an exchange so far has a finding of severity error
// about what the code under test sent.
func (m *Test) Valid() {
	m.tb.Helper()
	for _, e := range m.sandbox.Journal().Find(nil) {
		part := traffic.InRequest
		if e.Caller == traffic.Vendor {
			part = traffic.InResponse
		}
		i := slices.IndexFunc(e.Findings, func(f traffic.Finding) bool { return f.Part == part && f.Severity == traffic.Error })
		if i >= 0 {
			m.fatalf("%s (%s): %s", e.ID, orNone(e.Operation), e.Findings[i])
			return // a TB whose Fatalf returns
		}
	}
}

func (m *Test) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), m.Timeout)
}
