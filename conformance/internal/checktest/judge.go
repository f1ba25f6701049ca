package checktest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/testflag"
	"github.com/parleykit/parley/specs"
)

// Judge judges like conformance.Judge and returns a report of the results and the
// outcome alone. What else stands in one, all exchanges redacted and their coverage,
// takes longer than the judging, and a table of runs does not look at it.
func Judge(ctx context.Context, o conformance.Options) (*conformance.Report, error) {
	return JudgeBetween(ctx, o, func() {})
}

// JudgeBetween is Judge with something that is done before each check.
func JudgeBetween(ctx context.Context, o conformance.Options, between func()) (*conformance.Report, error) {
	run, err := conformance.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	report := &conformance.Report{}
	for _, c := range run.Plan() {
		between()
		report.Results = append(report.Results, run.Judge(ctx, c))
	}
	report.Outcome, report.Reasons = conformance.OutcomeOf(report.Results, o.FailOn)
	return report, nil
}

// Ask tells a partner what it shall do by POST with an empty or a JSON body, as
// parley conform does with --stimulus-url.
func Ask(ctx context.Context, url, ask, body string) error {
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

// Contracts is one vendor's contract, loaded once for all runs.
type Contracts struct {
	Vendor string
	Prefix string // of its readings: "3D-"

	load     sync.Once
	contract *specs.Contract
	err      error
}

// With returns the contract with readings in force: "R-10=refusal-expected".
func (c *Contracts) With(t testing.TB, readings string) *specs.Contract {
	t.Helper()
	c.load.Do(func() { c.contract, c.err = specs.Embedded(c.Vendor) })
	if c.err != nil {
		t.Fatal(c.err)
	}
	chosen := map[string]string{}
	for _, one := range strings.Fields(readings) {
		id, option, _ := strings.Cut(one, "=")
		chosen[c.Prefix+id] = option
	}
	contract, err := c.contract.WithReadings(chosen)
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// Main runs a package's tests with many of them at once, unless -parallel says how
// many: many more than there are processors, since a run does little but wait for
// what does not come. With the race detector they are fewer, because what must come
// in time would come late. What is left for the processors is in good part the
// collection of garbage, so it is let grow.
func Main(m *testing.M) {
	parallel := 12
	if raceDetector {
		parallel = 6
	}
	testflag.Parallel(parallel)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	os.Exit(m.Run())
}
