package scenario_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/scenario"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// takesAsk is where a reference partner does what the header Parley-Ask says.
func takesAsk(t *testing.T, v partner.Vendor) string {
	t.Helper()
	i := slices.IndexFunc(v.Orders, func(o partner.Order) bool { return strings.Contains(o.About, "Parley-Ask") })
	if i < 0 {
		t.Fatalf("the partner of %s cannot be asked", v.ID)
	}
	return v.Orders[i].Path
}

var quick = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Stimulus: 3 * time.Second, Quiet: 150 * time.Millisecond}

// played plays a story against a reference partner.
func played(t *testing.T, s *scenario.Scenario, defects ...string) *conformance.Report {
	t.Helper()
	v := vendors.Of(s.Vendor)
	contract, err := specs.Embedded(s.Vendor)
	if err == nil {
		contract, err = contract.WithReadings(s.Readings)
	}
	if err != nil {
		t.Fatal(err)
	}
	suite, err := s.Suite(contract)
	if err != nil {
		t.Fatal(err)
	}
	mock, api := checktest.Play(t, contract, v.Play)
	o := partner.Options{Token: "t", Defects: defects, API: api, RetryAfter: 50 * time.Millisecond}
	channel := ""
	if len(contract.Events) > 0 {
		opened, _, err := mock.Sandbox().OpenChannel(t.Context(), mockserver.Channel{Vendor: s.Vendor, Token: "t"})
		if err != nil {
			t.Fatal(err)
		}
		channel, o.Channel, o.Webhook = opened.ID, opened.ID, opened.Address
	}
	var n atomic.Int64
	o.NewID = func() string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n.Add(1)) }
	running := checktest.Partner(t, v.Reference(), o)
	webhook := checktest.Serve(t, running, running.Close)
	return checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
		Suites: []conformance.Suite{suite}, Contract: contract, Sandbox: mock.Sandbox(), Target: webhook + "/webhook",
		Token: "t", Channel: channel, Timing: quick, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error {
			return checktest.Ask(ctx, webhook+takesAsk(t, v.Reference()), ask, "")
		},
	})
}

func shipped(t *testing.T, name string) *scenario.Scenario {
	t.Helper()
	file := filepath.Join("..", "..", "scenarios", name+".yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(file, data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStories plays every story that Parley ships against a good partner, and
// against one with a defect that ends the story at a certain step, or, where what it does
// too often may come at any time, at one of several.
func TestStories(t *testing.T) {
	rows := map[string][]struct{ defect, fails string }{
		"elma365-story":      {{"answers-201", "takes what an operator writes"}, {"sends-no-token", "passes on what a client writes, with the token"}},
		"elma365-bad-day":    {{"new-id-on-retry", "sends the message again, with the same ID, and ELMA365 says nothing"}, {"never-retries-after-500", "sends the message again, with the same ID, and ELMA365 says nothing"}},
		"3dolphins-story":    {{"answers-documented-ticket", "answers in the same ticket"}, {"closes-in-small-letters", "closes the ticket"}, {"knows-text-only", "takes a picture of the customer's"}},
		"3dolphins-bad-day":  {{"never-retries-after-500", "sends its answer again"}, {"never-retries-commands", "closes it at the second attempt"}},
		"expertflow-story":   {{"repeats-after-200", "pushes a survey for a conversation, or pushes an appointment for a customer, or none is pushed twice"}, {"sends-no-id", "pushes a recording for a channel session"}},
		"expertflow-bad-day": {{"never-logs-in", "has a token, and pushes"}, {"new-id-on-repeat", "pushes the same activity again"}},
	}
	files, err := filepath.Glob("../../scenarios/*.yaml")
	if err != nil || len(files) != len(rows) {
		t.Errorf("%d stories are shipped, and %d have a row here (%v)", len(files), len(rows), err)
	}
	for name, defects := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := played(t, shipped(t, name))
			if report.Outcome != conformance.OutcomePassed {
				t.Errorf("a good partner: %s, because %v\n%s", report.Outcome, report.Reasons, unlike(report))
			}
			for _, d := range defects {
				report := played(t, shipped(t, name), d.defect)
				failed := ""
				for _, r := range report.Results {
					if failed == "" && r.Verdict == conformance.VerdictFail {
						failed = r.Title
					}
				}
				if !slices.Contains(strings.Split(d.fails, ", or "), failed) || report.Outcome != conformance.OutcomeFailed {
					t.Errorf("%s: %s at %q, want failed at %q\n%s", d.defect, report.Outcome, failed, d.fails, unlike(report))
				}
			}
		})
	}
}

// unlike lists what did not pass.
func unlike(r *conformance.Report) string {
	var text strings.Builder
	for _, result := range r.Results {
		if result.Verdict != conformance.VerdictPass {
			fmt.Fprintf(&text, "  %s %s: %s / %s\n", result.Verdict, result.Title, result.Expected, result.Actual)
		}
	}
	return text.String()
}
