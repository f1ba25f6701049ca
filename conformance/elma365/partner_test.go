package elma365_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/specs"
)

const (
	token   = "Confirm-7"
	channel = "9a3bb0c4-0000-4000-8000-000000000001"
)

// quick is long where something must come and short where nothing may: only what
// does not happen takes the whole time.
var quick = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Quiet: 100 * time.Millisecond}

const prefix = "elma365/"

var contracts = &checktest.Contracts{Vendor: "elma365", Prefix: "ELMA365-"}

// judge is how a run is judged: suite.Run, conformance.Judge or checktest.Judge.
type judge func(context.Context, conformance.Options) (*conformance.Report, error)

// subject is a partner under judgment, with the verdicts that are expected of it.
type subject struct {
	checktest.Row
	contract *specs.Contract // nil: the shipped one
	noToken  bool
	noTarget bool // ELMA365 does not know the webhook; the messenger knows the channel all the same
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract := s.contract
	if contract == nil {
		contract = contracts.With(t, s.Readings)
	}
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: elma365.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	var n atomic.Int64
	options := partner.Options{
		Token: token, Defects: s.Defects(), RetryAfter: 40 * time.Millisecond,
		NewID: func() string { return fmt.Sprintf("message-%d", n.Add(1)) },
	}
	if s.noToken {
		options.Token = ""
	}
	if s.noTarget {
		options.Channel, options.Webhook = channel, vendor.URL+"/api/messengers/external/other/webhook/"+channel
	}
	messenger, err := partner.New(reference.Reference(), options)
	if err != nil {
		t.Fatal(err)
	}
	webhook := httptest.NewServer(messenger)
	defer func() {
		messenger.Close()
		webhook.CloseClientConnections()
		webhook.Close()
		vendor.Close()
		mock.Close(t.Context())
	}()
	if s.stimulus == nil {
		s.stimulus = provoke
	}
	o := conformance.Options{
		Suites: checks.Suites(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Token: options.Token, Channel: channel, Timing: quick, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook.URL, ask) },
	}
	if s.noTarget {
		o.Target = ""
	}
	report, err := by(t.Context(), o)
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

// provoke does what is asked, as a person would.
func provoke(ctx context.Context, base, ask string) error {
	path := map[string]string{checks.AskMessage: "/say", checks.AskUserInfo: "/ask-user", checks.AskDisconnect: "/disconnect"}[ask]
	return checktest.Ask(ctx, base+path, ask, "")
}
