package threedolphins_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
)

const tickets = "3dolphins/tickets/"

// ticketTiming is short: the client's orders end when its calls have, so that
// nothing depends on it but what a check waits out. An order takes as long as it does:
// one that a busy machine cuts off would look like a client without an end.
var ticketTiming = conformance.Timing{Answer: 5 * time.Second, Stimulus: time.Minute, Retry: 3 * time.Second, Quiet: 10 * time.Millisecond}

// ticketSubject is a client of the Ticket API under judgment, with the verdicts that
// are expected of it.
type ticketSubject struct {
	checktest.Row
	contract *specs.Contract // instead of the shipped one with the row's readings
	stimulus func(ctx context.Context, base, ask string) error
	timed    bool // the vendor's clock stands still but for the client's pauses
}

// run judges a reference client with these defects.
func (s ticketSubject) run(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, api := checktest.Play(t, contract, threedolphins.Play)
	options := partner.Options{API: api, Defects: s.Defects(), RetryAfter: 60 * time.Millisecond, Attempts: 3}
	if s.timed {
		clock := mock.Sandbox().Clock()
		clock.Freeze()
		options.After = func(d time.Duration) <-chan time.Time {
			clock.Set(clock.Now().Add(d))
			return time.After(0)
		}
	}
	client := checktest.Partner(t, reference.Reference(), options)
	orders := checktest.Serve(t, client, client.Close)
	if s.stimulus == nil {
		s.stimulus = orderTickets
	}
	timing := ticketTiming
	if strings.Contains(s.Only, "expired-token") {
		timing.Quiet = time.Second
	}
	return judge.Report(t, conformance.Options{
		Suites: ticketSuites(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(), Timing: timing, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, orders, ask) },
	})
}

// expiredToken is the check in which tokens live for Timing.Quiet, or hardly longer: in
// a moment as short as that of the others a busy machine would make no call.
const expiredToken = tickets + "expired-token"

// judged is run, and compares every verdict with what is expected. expiredToken has a
// run of its own, unless its verdict comes from what the client did before it.
func (s ticketSubject) judged(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	row, name := s.Row, strings.TrimPrefix(expiredToken, tickets)
	v, other := row.Expected()[name]
	apart := s.Only == "" && (!other || v == conformance.NotRun)
	if apart {
		s.Only = strings.Join(ticketChecksBut(expiredToken), " ")
	}
	report := s.run(t, judge)
	if apart {
		s.Only = expiredToken
		report.Results = append(report.Results, s.run(t, judge).Results...)
	}
	checktest.Compare(t, report, tickets, row)
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
