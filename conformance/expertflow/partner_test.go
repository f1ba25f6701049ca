package expertflow_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/specs"
)

// quick is short enough for a table of runs, and long enough for a busy machine:
// only what does not happen takes the whole time.
var quick = conformance.Timing{Answer: 6 * time.Second, Retry: 4 * time.Second, Quiet: 100 * time.Millisecond}

// impatient gives up when the mock has taken an activity that it was told not to
// answer, and else waits as long as it takes: a busy machine must not look like a
// silent vendor.
type impatient struct {
	http.Transport
	mock *mockserver.Server
}

func (i *impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	if i.answers() {
		return i.Transport.RoundTrip(r)
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel() // the answer that may come all the same has no body
	go func() {
		for !i.answers() {
			select {
			case <-ctx.Done():
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
		cancel()
	}()
	return i.Transport.RoundTrip(r.WithContext(ctx))
}

func (i *impatient) answers() bool {
	s, _ := i.mock.Sandbox().State()["expertflow"].(expertflow.State)
	return s.Gateway.Unanswered == 0
}

const prefix = "expertflow/client/"

var contracts = &checktest.Contracts{Vendor: "expertflow", Prefix: "EF-"}

// subject is an application under judgment, with the verdicts that are expected of
// it. What a good application never sends is not applicable besides, unless its row
// gives another verdict.
type subject struct {
	checktest.Row
	contract *specs.Contract // instead of the shipped one with the row's readings
	attempts int             // default that of the reference partner
	stimulus func(ctx context.Context, base, ask string) error

	talkative bool // it pushes more than it was asked for
	patient   bool // it waits for every answer
	complains bool // the stimulus waits for the push, and then fails
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	contract := cmp.Or(s.contract, contracts.With(t, s.Readings))
	mock, api := checktest.Play(t, contract, expertflow.Play)
	var n atomic.Int64
	watch := &checktest.Watch{RoundTripper: &impatient{mock: mock}}
	if s.patient {
		watch.RoundTripper = &http.Transport{}
	}
	application := checktest.Partner(t, reference.Reference(), partner.Options{
		API: api, Defects: s.Defects(), RetryAfter: 20 * time.Millisecond, Attempts: s.attempts,
		NewID:  func() string { return fmt.Sprintf("activity-%d", n.Add(1)) },
		Client: &http.Client{Transport: watch}, After: watch.After,
	})
	orders := checktest.Serve(t, application, application.Close)
	timing := quick
	if s.insists() {
		timing.Quiet = 2 * time.Second // what the defect does must come within it
		judge = func(ctx context.Context, o conformance.Options) (*conformance.Report, error) {
			return checktest.JudgeBetween(ctx, o, watch.AwaitIdle)
		}
	}
	if s.stimulus == nil {
		s.stimulus = provoke
	}
	stimulus := s.stimulus
	if s.complains {
		s.stimulus = func(ctx context.Context, base, ask string) error {
			if err := stimulus(ctx, base, ask); err != nil {
				return err
			}
			watch.AwaitIdle()
			return errors.New("exit status 1")
		}
	}
	return judge.Report(t, conformance.Options{
		Suites: checks.Suites(), Only: strings.Fields(s.Only), Contract: contract, Sandbox: mock.Sandbox(), Timing: timing, Seed: 1,
		Address:  "http://vendor.example",
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, orders, ask) },
	})
}

// insists reports whether the application may still push what the check before is
// done with, so that it is waited for; one without ids pushes nothing that could be
// told apart from it.
func (s subject) insists() bool {
	return s.talkative || strings.HasPrefix(s.Defect, "repeats-after-") || s.Defect == "never-stops-after-401" || s.Defect == "sends-no-id"
}

// judged is run, and compares every verdict with what is expected.
func (s subject) judged(t testing.TB, judge checktest.JudgeFunc) *conformance.Report {
	t.Helper()
	report := s.run(t, judge)
	for _, r := range report.Results {
		if name := strings.TrimPrefix(r.ID, prefix); slices.Contains(strings.Fields(neverSent), name) {
			s.NotApplicable += " " + name
		}
	}
	checktest.Compare(t, report, prefix, s.Row)
	return report
}

// provoke hands on what is asked, as parley conform does with --stimulus-url.
func provoke(ctx context.Context, base, ask string) error {
	return checktest.Ask(ctx, base+"/push", ask, "")
}
