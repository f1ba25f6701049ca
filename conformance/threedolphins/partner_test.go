package threedolphins_test

import (
	"cmp"
	"context"
	"net/http"
	"slices"
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

// quick is long where something must come and short where nothing may: only what
// does not happen takes the whole time.
var quick = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Quiet: 250 * time.Millisecond}

const prefix = "3dolphins/"

var contracts = &checktest.Contracts{Vendor: "3dolphins", Prefix: "3D-"}

// subject is a third party under judgment, with the verdicts that are expected of it.
type subject struct {
	checktest.Row
	contract *specs.Contract // instead of the shipped one with the row's readings
	stimulus func(ctx context.Context, base, ask string) error
	between  func(http.Handler) http.Handler // stands before the partner's webhook; may be nil
	client   http.RoundTripper               // carries the partner's events; may be nil
	quiet    time.Duration                   // instead of that of quick, where something must come by itself
}

// nameless are the defects by which an event does not tell which ticket it is about:
// before each check what was sent to an earlier one must have come.
var nameless = []string{
	"sends-no-ticket-number", "sends-numeric-ticket", "sends-curly-quotes", "sends-list", "answers-documented-ticket",
	"closes-without-ticket-number", "closes-documented-ticket", "closes-with-list",
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, api := checktest.Play(t, contract, threedolphins.Play)
	options := partner.Options{
		Webhook: api + contract.Operation("operations/outgoing").Path, API: api,
		Defects: s.Defects(), RetryAfter: 20 * time.Millisecond,
	}
	if s.client != nil {
		options.Client = &http.Client{Transport: s.client}
	}
	if slices.Contains(nameless, s.Defect) {
		watch := &checktest.Watch{RoundTripper: &http.Transport{}}
		options.Client, options.After = &http.Client{Transport: watch}, watch.After
		judge = func(ctx context.Context, o conformance.Options) (*conformance.Report, error) {
			return checktest.JudgeBetween(ctx, o, watch.AwaitIdle)
		}
	}
	bot := checktest.Partner(t, reference.Reference(), options)
	var handler http.Handler = bot
	if s.between != nil {
		handler = s.between(bot)
	}
	webhook := checktest.Serve(t, handler, bot.Close)
	if s.stimulus == nil {
		s.stimulus = provoke
	}
	timing := quick
	timing.Quiet = cmp.Or(s.quiet, timing.Quiet)
	return judge.Report(t, conformance.Options{
		Suites: integration(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook + "/webhook", Timing: timing, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook, ask) },
	})
}

// judged is run, and compares every verdict with what is expected.
func (s subject) judged(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	report := s.run(t, judge)
	checktest.Compare(t, report, prefix, s.Row)
	return report
}

// integration is the suites of the third-party integration.
func integration() []conformance.Suite {
	var some []conformance.Suite
	for _, s := range checks.Suites() {
		if s.ID == "3dolphins/webhook" || s.ID == "3dolphins/client" {
			some = append(some, s)
		}
	}
	return some
}

// provoke asks the bot for what the judge asks for.
func provoke(ctx context.Context, base, ask string) error {
	return checktest.Ask(ctx, base+"/act", ask, "")
}

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
	apart := s.Only == "" && (!other || v == conformance.VerdictCouldNotRun)
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
