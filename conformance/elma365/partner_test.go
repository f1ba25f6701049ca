package elma365_test

import (
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
	checks "github.com/parleykit/parley/conformance/elma365"
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

// quick is short enough for a table of runs, and long enough for a busy machine:
// only what does not happen takes the whole time.
var quick = conformance.Timing{Answer: 3 * time.Second, Retry: 1500 * time.Millisecond, Quiet: 100 * time.Millisecond}

// embedded loads the contract once for all runs.
var embedded = sync.OnceValues(func() (*specs.Contract, error) { return specs.Embedded("elma365") })

// judge is how a run is judged: suite.Run, or conformance.Judge.
type judge func(context.Context, conformance.Options) (*conformance.Report, error)

// subject is a partner under judgment, with the mock that it talks to.
type subject struct {
	defects  []string
	readings map[string]string
	token    string
	only     []string
	noTarget bool // ELMA365 does not know the webhook; the messenger knows the channel all the same
	stimulus func(ctx context.Context, base, ask string) error
}

// run judges a reference partner with these defects.
func (s subject) run(t testing.TB, by judge) *conformance.Report {
	t.Helper()
	contract, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	if contract, err = contract.WithReadings(s.readings); err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: elma365.Play})
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	mock.SetBaseURL(vendor.URL)
	var n atomic.Int64
	var known, address string // what the messenger knows before the run
	if s.noTarget {
		known, address = channel, vendor.URL+"/api/messengers/external/other/webhook/"+channel
	}
	messenger, err := partner.New(reference.Reference(), partner.Options{
		Channel: known, Webhook: address, Token: s.token, Defects: s.defects, RetryAfter: 40 * time.Millisecond,
		NewID: func() string { return fmt.Sprintf("message-%d", n.Add(1)) },
	})
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
	o := conformance.Options{
		Suites: checks.Suites(), Only: s.only, Contract: contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Token: s.token, Channel: channel, Timing: quick, Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return s.stimulus(ctx, webhook.URL, ask) },
	}
	if s.stimulus == nil {
		s.stimulus = provoke
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

// provoke does what is asked, as a person would.
func provoke(ctx context.Context, base, ask string) error {
	path := map[string]string{checks.AskMessage: "/say", checks.AskUserInfo: "/ask-user", checks.AskDisconnect: "/disconnect"}[ask]
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(""))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s was answered %d", path, response.StatusCode)
	}
	return nil
}

// verdicts are those other than pass, by the ID's last part.
func verdicts(r *conformance.Report) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, result := range r.Results {
		if result.Verdict != conformance.Pass {
			other[strings.TrimPrefix(result.ID, "elma365/")] = result.Verdict
		}
	}
	return other
}
