package expertflow_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/specs"
)

// quick is short enough for a table of runs, and long enough for a busy machine:
// only what does not happen takes the whole time.
var quick = conformance.Timing{Answer: 6 * time.Second, Retry: 4 * time.Second, Quiet: 100 * time.Millisecond}

// impatient gives up soon when the mock is told not to answer, and else waits as
// long as it takes: a busy machine must not look like a silent vendor.
type impatient struct {
	http.Transport
	mock *mockserver.Server
}

func (i *impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	s, _ := i.mock.Sandbox().State()["expertflow"].(expertflow.State)
	if s.Gateway.Unanswered == 0 {
		return i.Transport.RoundTrip(r)
	}
	ctx, cancel := context.WithTimeout(r.Context(), 150*time.Millisecond)
	defer cancel() // the answer that may come all the same has no body
	return i.Transport.RoundTrip(r.WithContext(ctx))
}

// embedded loads the contract once for all runs.
var embedded = sync.OnceValues(func() (*specs.Contract, error) { return specs.Embedded("expertflow") })

// judge is how a run is judged: suite.Run, or conformance.Judge.
type judge func(context.Context, conformance.Options) (*conformance.Report, error)

// subject is an application under judgment, with the mock that it talks to.
type subject struct {
	defects  []string
	readings string // "EF-R-01=on", several with spaces
	only     []string
	attempts int           // default that of the reference partner
	quiet    time.Duration // default that of quick
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract := withReadings(t, s.readings)
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: expertflow.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	var n atomic.Int64
	application, err := partner.New(reference.Reference(), partner.Options{
		API: vendor.URL, Defects: s.defects, RetryAfter: 20 * time.Millisecond, Attempts: s.attempts,
		NewID:  func() string { return fmt.Sprintf("activity-%d", n.Add(1)) },
		Client: &http.Client{Transport: &impatient{mock: mock}},
	})
	if err != nil {
		t.Fatal(err)
	}
	orders := httptest.NewServer(application)
	defer func() {
		application.Close()
		orders.Close()
		vendor.Close()
		mock.Close(t.Context())
	}()
	timing := quick
	timing.Quiet = cmp.Or(s.quiet, timing.Quiet)
	if s.stimulus == nil {
		s.stimulus = provoke
	}
	report, err := by(t.Context(), conformance.Options{
		Suites: checks.Suites(), Only: s.only, Contract: contract, Sandbox: mock.Sandbox(), Timing: timing, Seed: 1,
		Address:  "http://vendor.example",
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, orders.URL, ask) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func withReadings(t testing.TB, readings string) *specs.Contract {
	t.Helper()
	contract, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	chosen := map[string]string{}
	for _, one := range strings.Fields(readings) {
		id, option, _ := strings.Cut(one, "=")
		chosen[id] = option
	}
	if contract, err = contract.WithReadings(chosen); err != nil {
		t.Fatal(err)
	}
	return contract
}

// provoke hands on what is asked, as parley conform does with --stimulus-url.
func provoke(ctx context.Context, base, ask string) error {
	return order(ctx, base+"/push", ask, "")
}

func order(ctx context.Context, url, ask, body string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
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
		return fmt.Errorf("%s was answered %d", url, response.StatusCode)
	}
	return nil
}

// verdicts are those other than pass, by the ID's last part.
func verdicts(r *conformance.Report) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, result := range r.Results {
		if result.Verdict != conformance.Pass {
			other[strings.TrimPrefix(result.ID, "expertflow/client/")] = result.Verdict
		}
	}
	return other
}
