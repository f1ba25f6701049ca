package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/conformance/suite"
)

const token = "open-sesame"

func options(t testvendor.TB, partner *testvendor.Partner, suites []conformance.Suite) conformance.Options {
	partner.Token = token
	return conformance.Options{
		Suites: suites, Contract: testvendor.Contract(), Sandbox: testvendor.Mock(t).Sandbox(),
		Target: partner.Serve(t), Token: token, Timing: conformance.Timing{Answer: 20 * time.Second, Check: time.Minute},
	}
}

func check(name string, run func(context.Context, *conformance.Partner) error) conformance.Check {
	return conformance.Check{ID: "tiny/hook/" + name, Title: "does (" + name + "), always", Requirements: []string{"TINY-1"}, Run: run}
}

func answers(status int, set map[string]any) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if seen := p.Deliver(ctx, "ping", set); seen.Status() != status {
			return conformance.Fail(fmt.Sprint(status), fmt.Sprint(seen.Status()), seen)
		}
		return nil
	}
}

func hook(more ...conformance.Check) []conformance.Suite {
	checks := []conformance.Check{
		check("ping", answers(http.StatusOK, nil)),
		check("foreign-token", answers(http.StatusUnauthorized, map[string]any{"token": "someone-else"})),
	}
	return []conformance.Suite{{ID: "tiny/hook", Vendor: "tiny", Title: "A hook", Needs: conformance.Needs{Target: true}, Checks: slices.Concat(checks, more)}}
}

// TestGinkgoSuite is a Ginkgo suite as a team would have it. It runs in a process
// of its own, as the tests below start it.
func TestGinkgoSuite(t *testing.T) {
	kind := os.Getenv("PARLEY_TEST_SUITE")
	if kind == "" {
		t.Skip("it is run by TestSpecs")
	}
	partner := &testvendor.Partner{Careless: kind == "careless"}
	undecided := func(context.Context, *conformance.Partner) error {
		return conformance.Undetermined("TINY-R-1", "silence")
	}
	suites := hook(
		check("undecided", undecided),
		check("warned", func(context.Context, *conformance.Partner) error { return conformance.Warn("a text", "none") }),
	)
	if kind == "decides nothing" {
		suites[0].Checks = []conformance.Check{check("undecided", undecided)}
	}
	suite.Specs(testvendor.Contract(), suites, func(context.Context) conformance.Options {
		o := options(cleanup{}, partner, nil)
		if kind == "unreachable" {
			o.Target = "http://127.0.0.1:1/hook"
		}
		return o
	})
	ginkgo.RunSpecs(t, "a team's suite")
}

// cleanup gives what is set up inside a suite back at its end.
type cleanup struct{}

func (cleanup) Helper()           {}
func (cleanup) Fatal(args ...any) { ginkgo.Fail(args[0].(error).Error()) }
func (cleanup) Cleanup(f func())  { ginkgo.DeferCleanup(f) }

func TestSpecs(t *testing.T) {
	for kind, want := range map[string]map[string]types.SpecState{
		"good":            {"ping": types.SpecStatePassed, "foreign-token": types.SpecStatePassed, "undecided": types.SpecStateSkipped, "warned": types.SpecStatePassed},
		"careless":        {"ping": types.SpecStatePassed, "foreign-token": types.SpecStateFailed, "undecided": types.SpecStateSkipped, "warned": types.SpecStatePassed},
		"decides nothing": {"undecided": types.SpecStateSkipped},
		"unreachable":     {"ping": types.SpecStateFailed, "foreign-token": types.SpecStateSkipped, "undecided": types.SpecStateSkipped, "warned": types.SpecStateSkipped},
	} {
		t.Run(kind, func(t *testing.T) {
			got, failed, out := runSuite(t, kind)
			for name, state := range want {
				if got[name] != state {
					t.Errorf("%s: %s, want %s", name, got[name], state)
				}
			}
			if failed != (kind != "good") {
				t.Errorf("the suite failed: %t", failed)
			}
			if kind == "careless" && !strings.Contains(out, "TINY-1: A ping is answered with 200.") {
				t.Errorf("the requirement is not named:\n%s", out)
			}
		})
	}
}

// runSuite runs TestGinkgoSuite in a process of its own and returns the state of
// its specs.
func runSuite(t *testing.T, kind string) (map[string]types.SpecState, bool, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestGinkgoSuite$", "-ginkgo.json-report="+file)
	command.Env = append(os.Environ(), "PARLEY_TEST_SUITE="+kind)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	failed := command.Run() != nil
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	var reports []types.Report
	if err := json.Unmarshal(data, &reports); err != nil {
		t.Fatal(err)
	}
	states := map[string]types.SpecState{}
	for _, spec := range reports[0].SpecReports {
		if labels := spec.LeafNodeLabels; len(labels) > 0 && strings.HasPrefix(labels[0], "tiny.hook.") {
			states[strings.TrimPrefix(labels[0], "tiny.hook.")] = spec.State
		}
	}
	return states, failed, out.String()
}
