package threedolphins_test

import (
	"context"
	"fmt"
	"maps"
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

const tickets = "3dolphins/tickets/"

// ticketTiming is short: the client's orders end when its calls have, so that
// nothing depends on it but what a check waits out.
var ticketTiming = conformance.Timing{Answer: 5 * time.Second, Retry: 3 * time.Second, Quiet: 10 * time.Millisecond}

// ticketContract is loaded once for all runs.
var ticketContract = sync.OnceValues(func() (*specs.Contract, error) { return specs.Embedded("3dolphins") })

// ticketSubject is a client of the Ticket API under judgment.
type ticketSubject struct {
	defects  []string
	readings map[string]string
	only     []string
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference client with these defects.
func (s ticketSubject) run(t testing.TB) *conformance.Report {
	t.Helper()
	contract, err := ticketContract()
	if err != nil {
		t.Fatal(err)
	}
	if contract, err = contract.WithReadings(s.readings); err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: threedolphins.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	client, err := partner.New(reference.Reference(), partner.Options{
		API: vendor.URL, Defects: s.defects, RetryAfter: 60 * time.Millisecond, Attempts: 3,
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
	report, err := conformance.Judge(t.Context(), conformance.Options{
		Suites: ticketSuites(), Only: s.only, Contract: contract, Sandbox: mock.Sandbox(), Timing: ticketTiming, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, orders.URL, ask) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func ticketSuites() []conformance.Suite {
	for _, s := range checks.Suites() {
		if s.ID+"/" == tickets {
			return []conformance.Suite{s}
		}
	}
	return nil
}

// orderTickets does what is asked, as a person would.
func orderTickets(ctx context.Context, base, ask string) error {
	return postTo(ctx, base+map[string]string{
		checks.AskReadTickets: "/read-tickets", checks.AskLookUp: "/look-up",
		checks.AskHandleTicket: "/handle-ticket", checks.AskUploadFile: "/upload-file",
	}[ask], ask)
}

func postTo(ctx context.Context, url, ask string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
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

// ticketVerdicts are those other than pass, by the ID's last part.
func ticketVerdicts(r *conformance.Report) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, result := range r.Results {
		if result.Verdict != conformance.Pass {
			other[strings.TrimPrefix(result.ID, tickets)] = result.Verdict
		}
	}
	return other
}

func compareTickets(t *testing.T, report *conformance.Report, want map[string]conformance.Verdict) {
	t.Helper()
	got := ticketVerdicts(report)
	if maps.Equal(got, want) {
		return
	}
	for _, result := range report.Results {
		name := strings.TrimPrefix(result.ID, tickets)
		if got[name] != want[name] {
			t.Errorf("%s: verdict %q, want %q (empty: pass); expected %s, actual %s", name, got[name], want[name], result.Expected, result.Actual)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is in the table and was not run", name)
	}
}
