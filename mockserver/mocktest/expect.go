package mocktest

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// Expect waits for an exchange and returns the first of all that match. A match
// whose operation no vendor has fails the test at once.
func (m *Mock) Expect(match mockserver.Match) *traffic.Exchange {
	m.tb.Helper()
	found := m.ExpectN(1, match)
	if len(found) == 0 {
		return nil // a TB whose Fatalf returns
	}
	return found[0]
}

// ExpectN waits until at least n exchanges match.
func (m *Mock) ExpectN(n int, match mockserver.Match) []*traffic.Exchange {
	m.tb.Helper()
	ctx, cancel := m.context()
	defer cancel()
	found, err := m.sandbox.Await(ctx, n, match)
	if err != nil {
		m.fatalf("%v", err)
	}
	return found
}

// Next is Expect, but of the exchanges that came after the one that Next returned
// last: a story is told one Next after the other.
func (m *Mock) Next(match mockserver.Match) *traffic.Exchange {
	m.tb.Helper()
	match.After = cmp.Or(match.After, m.last)
	e := m.Expect(match)
	if e != nil {
		m.last = e.ID
	}
	return e
}

// Never fails the test when an exchange matches: one that is there already at once,
// and one that comes later when the test ends.
func (m *Mock) Never(match mockserver.Match) {
	m.tb.Helper()
	if !m.refuse(match) {
		m.never = append(m.never, match)
	}
}

// refuse fails the test when an exchange matches now.
func (m *Mock) refuse(match mockserver.Match) (refused bool) {
	m.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nobody waits
	found, err := m.sandbox.Await(ctx, 1, match)
	var miss *mockserver.Miss
	switch {
	case len(found) > 0:
		m.fatalf("expected no %s, saw %s", match, found[0].ID)
	case err != nil && !errors.As(err, &miss):
		m.fatalf("%v", err)
	default:
		return false
	}
	return true
}

// Valid fails the test when an exchange so far has a finding of severity error
// about what the code under test sent.
func (m *Mock) Valid() {
	m.tb.Helper()
	for _, e := range m.sandbox.Journal().Find(nil) {
		part := traffic.InRequest
		if e.Caller == traffic.Vendor {
			part = traffic.InResponse
		}
		i := slices.IndexFunc(e.Findings, func(f traffic.Finding) bool { return f.Part == part && f.Severity == traffic.Error })
		if i >= 0 {
			m.fatalf("%s (%s): %s", e.ID, cmp.Or(e.Operation, "none"), e.Findings[i])
			return // a TB whose Fatalf returns
		}
	}
}
