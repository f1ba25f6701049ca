package threedolphins_test

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
)

// quick is long where something must come and short where nothing may: only what
// does not happen takes the whole time.
var quick = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Quiet: 250 * time.Millisecond}

const prefix = "3dolphins/"

var contracts = &checktest.Contracts{Vendor: "3dolphins", Prefix: "3D-"}

// judge is how a run is judged: suite.Run, conformance.Judge or checktest.Judge.
type judge func(context.Context, conformance.Options) (*conformance.Report, error)

// subject is a third party under judgment, with the verdicts that are expected of it.
type subject struct {
	checktest.Row
	contract *specs.Contract // instead of the shipped one with the row's readings
	stimulus func(ctx context.Context, base, ask string) error
	between  func(http.Handler) http.Handler // stands before the partner's webhook; may be nil
}

// nameless are the defects by which an event does not tell which ticket it is about:
// before each check what was sent to an earlier one must have come.
var nameless = []string{
	"sends-no-ticket-number", "sends-numeric-ticket", "sends-curly-quotes", "sends-list", "answers-documented-ticket",
	"closes-without-ticket-number", "closes-documented-ticket", "closes-with-list",
}

// played is a mock of the vendor, and its address.
func played(t testing.TB, contract *specs.Contract) (*mockserver.Server, *httptest.Server) {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: threedolphins.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	return mock, vendor
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, vendor := played(t, contract)
	options := partner.Options{
		Webhook: vendor.URL + contract.Operation("operations/outgoing").Path, API: vendor.URL,
		Defects: s.Defects(), RetryAfter: 20 * time.Millisecond,
	}
	if slices.Contains(nameless, s.Defect) {
		watch := &checktest.Watch{RoundTripper: &http.Transport{}}
		options.Client, options.After = &http.Client{Transport: watch}, watch.After
		by = func(ctx context.Context, o conformance.Options) (*conformance.Report, error) {
			return checktest.JudgeBetween(ctx, o, watch.AwaitIdle)
		}
	}
	bot, err := partner.New(reference.Reference(), options)
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = bot
	if s.between != nil {
		handler = s.between(bot)
	}
	webhook := httptest.NewServer(handler)
	defer func() {
		bot.Close()
		webhook.CloseClientConnections()
		webhook.Close()
		vendor.Close()
		mock.Close(t.Context())
	}()
	if s.stimulus == nil {
		s.stimulus = provoke
	}
	report, err := by(t.Context(), conformance.Options{
		Suites: integration(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Timing: quick, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook.URL, ask) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// judged is run, and compares every verdict with what is expected.
func (s subject) judged(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	report := s.run(t, by)
	checktest.Compare(t, report, prefix, s.Expected())
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
