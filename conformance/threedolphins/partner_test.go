package threedolphins_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
)

// quick is short enough for a table of runs, and long enough for a busy machine:
// only what does not happen takes the whole time.
var quick = conformance.Timing{Answer: 3 * time.Second, Retry: 1500 * time.Millisecond, Quiet: 250 * time.Millisecond}

// embedded loads the contract once for all runs.
var embedded = sync.OnceValues(func() (*specs.Contract, error) { return specs.Embedded("3dolphins") })

// judge is how a run is judged: suite.Run, or conformance.Judge.
type judge func(context.Context, conformance.Options) (*conformance.Report, error)

// subject is a third party under judgment, with the mock that it talks to.
type subject struct {
	defects  []string
	readings string // "R-10=refusal-expected R-14=send-again"
	only     []string
	stimulus func(ctx context.Context, base, ask string) error
	between  func(http.Handler) http.Handler // stands before the partner's webhook; may be nil
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	if contract, err = contract.WithReadings(choices(s.readings)); err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: threedolphins.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	bot, err := partner.New(reference.Reference(), partner.Options{
		Webhook: vendor.URL + contract.Operation("operations/outgoing").Path, API: vendor.URL,
		Defects: s.defects, RetryAfter: 20 * time.Millisecond,
	})
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
		Suites: integration(), Only: s.only, Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Timing: quick, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook.URL, ask) },
	})
	if err != nil {
		t.Fatal(err)
	}
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

func choices(readings string) map[string]string {
	chosen := map[string]string{}
	for _, one := range strings.Fields(readings) {
		id, option, _ := strings.Cut(one, "=")
		chosen["3D-"+id] = option
	}
	return chosen
}

// provoke asks the bot for what the judge asks for.
func provoke(ctx context.Context, base, ask string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/act", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Parley-Ask", ask)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("/act was answered %d", response.StatusCode)
	}
	return nil
}

// verdicts are those other than pass, by the ID's last part.
func verdicts(r *conformance.Report) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, result := range r.Results {
		if result.Verdict != conformance.Pass {
			other[strings.TrimPrefix(result.ID, "3dolphins/")] = result.Verdict
		}
	}
	return other
}
