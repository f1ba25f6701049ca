package threedolphins_test

import (
	"cmp"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/specs"
)

const tickets = "3dolphins/tickets/"

// ticketTiming is short: the client's orders end when its calls have, so that
// nothing depends on it but what a check waits out.
var ticketTiming = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Quiet: 10 * time.Millisecond}

// ticketSubject is a client of the Ticket API under judgment, with the verdicts that
// are expected of it.
type ticketSubject struct {
	checktest.Row
	contract *specs.Contract // instead of the shipped one with the row's readings
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference client with these defects.
func (s ticketSubject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, vendor := played(t, contract)
	client, err := partner.New(reference.Reference(), partner.Options{
		API: vendor.URL, Defects: s.Defects(), RetryAfter: 60 * time.Millisecond, Attempts: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	orders := httptest.NewServer(client)
	defer func() {
		client.Close()
		orders.Close()
		vendor.Close()
		mock.Close(t.Context())
	}()
	if s.stimulus == nil {
		s.stimulus = orderTickets
	}
	timing := ticketTiming
	if strings.Contains(s.Only, "expired-token") {
		timing.Quiet = time.Second
	}
	report, err := by(t.Context(), conformance.Options{
		Suites: ticketSuites(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(), Timing: timing, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, orders.URL, ask) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// expiredToken is the check in which tokens live for Timing.Quiet, or hardly longer: in
// a moment as short as that of the others a busy machine would make no call.
const expiredToken = tickets + "expired-token"

// judged is run, and compares every verdict with what is expected. expiredToken has a
// run of its own, unless its verdict comes from what the client did before it.
func (s ticketSubject) judged(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	want, name := s.Expected(), strings.TrimPrefix(expiredToken, tickets)
	if v, other := want[name]; s.Only == "" && (!other || v == conformance.NotRun) {
		delete(want, name)
		s.Only = strings.Join(ticketChecksBut(expiredToken), " ")
		alone := s
		alone.Only = expiredToken
		expected := map[string]conformance.Verdict{}
		if other {
			expected[name] = v
		}
		checktest.Compare(t, alone.run(t, by), tickets, expected)
	}
	report := s.run(t, by)
	checktest.Compare(t, report, tickets, want)
	return report
}

func ticketSuites() []conformance.Suite {
	for _, s := range checks.Suites() {
		if s.ID+"/" == tickets {
			s.Optional = "" // it is asked for by its name
			return []conformance.Suite{s}
		}
	}
	return nil
}

// orderTickets does what is asked, as a person would.
func orderTickets(ctx context.Context, base, ask string) error {
	return checktest.Ask(ctx, base+map[string]string{
		checks.AskReadTickets: "/read-tickets", checks.AskLookUp: "/look-up",
		checks.AskHandleTicket: "/handle-ticket", checks.AskUploadFile: "/upload-file",
	}[ask], ask, "")
}
