package elma365_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/specs"
)

const (
	token   = "Confirm-7"
	channel = "9a3bb0c4-0000-4000-8000-000000000001"
)

// quick is long where something must come and short where nothing may: only what
// does not happen takes the whole time.
var quick = conformance.Timing{Answer: 5 * time.Second, Retry: 5 * time.Second, Quiet: 100 * time.Millisecond}

const prefix = "elma365/"

var contracts = &checktest.Contracts{Vendor: "elma365", Prefix: "ELMA365-"}

// subject is a partner under judgment, with the verdicts that are expected of it.
type subject struct {
	checktest.Row
	contract *specs.Contract // nil: the shipped one
	noToken  bool
	noTarget bool // ELMA365 does not know the webhook; the messenger knows the channel all the same
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, api := checktest.Play(t, contract, elma365.Play)
	var n atomic.Int64
	options := partner.Options{
		Token: token, Defects: s.Defects(), RetryAfter: 200 * time.Millisecond,
		NewID: func() string { return fmt.Sprintf("message-%d", n.Add(1)) },
	}
	if s.Defect == "never-retries-after-silence" {
		options.RetryAfter = 700 * time.Millisecond // an outcome that a busy machine brings later is silence to it
	}
	if s.noToken {
		options.Token = ""
	}
	if s.noTarget {
		options.Channel, options.Webhook = channel, api+"/api/messengers/external/other/webhook/"+channel
	}
	timing := quick
	if s.Defect == "new-id-on-retry" {
		timing.Retry = time.Second // what it never sends is waited for to the end
	}
	messenger := checktest.Partner(t, reference.Reference(), options)
	webhook := checktest.Serve(t, messenger, messenger.Close)
	if s.stimulus == nil {
		s.stimulus = provoke
		if severalClients[s.Defect] {
			s.stimulus = inTurn()
		}
	}
	o := conformance.Options{
		Suites: checks.Suites(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook + "/webhook", Token: options.Token, Channel: channel, Timing: timing, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook, ask) },
	}
	if s.noTarget {
		o.Target = ""
	}
	return judge.Report(t, o)
}

// judged is run, and compares every verdict with what is expected.
func (s subject) judged(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	report := s.run(t, judge)
	checktest.Compare(t, report, prefix, s.Row)
	return report
}

// provoke does what is asked, as a person would.
func provoke(ctx context.Context, base, ask string) error {
	path := map[string]string{checks.AskMessage: "/say", checks.AskUserInfo: "/ask-user", checks.AskDisconnect: "/disconnect"}[ask]
	return checktest.Ask(ctx, base+path, ask, "")
}

// severalClients are the defects that only a second client of the messenger's shows.
var severalClients = map[string]bool{"answers-first-user": true, "answers-same-login": true, "answers-all-users": true, "knows-latest-chat": true}

// inTurn is a stimulus that lets one of three clients after another write.
func inTurn() func(ctx context.Context, base, ask string) error {
	var n atomic.Int64
	return func(ctx context.Context, base, ask string) error {
		if ask != checks.AskMessage {
			return provoke(ctx, base, ask)
		}
		client := n.Add(1) % 3
		return checktest.Ask(ctx, base+"/say", ask, fmt.Sprintf(`{"user":"user-%d","chat":"chat-%d"}`, client, client))
	}
}
