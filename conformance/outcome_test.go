package conformance_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
)

func TestOutcome(t *testing.T) {
	type results = []conformance.Result
	pass := conformance.Result{ID: "a", Verdict: conformance.Pass}
	of := func(v conformance.Verdict, known string) conformance.Result {
		return conformance.Result{ID: "b", Verdict: v, Known: known}
	}
	for name, c := range map[string]struct {
		results results
		want    conformance.Outcome
		reason  string
	}{
		"nothing was run":              {nil, conformance.Incomplete, "no check was run"},
		"pass":                         {results{pass}, conformance.Passed, ""},
		"warning alone":                {results{of(conformance.Warned, "")}, conformance.Passed, ""},
		"pass and warning":             {results{pass, of(conformance.Warned, "")}, conformance.Passed, ""},
		"pass and undetermined":        {results{pass, of(conformance.Undecided, "")}, conformance.Passed, ""},
		"pass and not applicable":      {results{pass, of(conformance.Inapplicable, "")}, conformance.Passed, ""},
		"fail":                         {results{pass, of(conformance.Failed, "")}, conformance.NotPassed, "b failed"},
		"two fail":                     {results{of(conformance.Failed, ""), of(conformance.Failed, "")}, conformance.NotPassed, "2 checks failed: b, b"},
		"could not run":                {results{pass, of(conformance.NotRun, "")}, conformance.Incomplete, "b could not run"},
		"fail and could not run":       {results{of(conformance.Failed, ""), of(conformance.NotRun, "")}, conformance.NotPassed, "b could not run"},
		"harness error":                {results{pass, of(conformance.HarnessFailed, "")}, conformance.Incomplete, "Parley itself"},
		"fail and harness error":       {results{of(conformance.Failed, ""), of(conformance.HarnessFailed, "")}, conformance.Incomplete, "Parley itself"},
		"all undetermined":             {results{of(conformance.Undecided, "")}, conformance.Incomplete, "no check came to a decision"},
		"all not applicable":           {results{of(conformance.Inapplicable, ""), of(conformance.Undecided, "")}, conformance.Incomplete, "no check came to a decision"},
		"all could not run":            {results{of(conformance.NotRun, "")}, conformance.Incomplete, "no check came to a decision"},
		"known failure":                {results{pass, of(conformance.Failed, conformance.KnownFailing)}, conformance.Passed, ""},
		"known failures alone":         {results{of(conformance.Failed, conformance.KnownFailing)}, conformance.Incomplete, "every check that was decided is known to fail"},
		"stale entry":                  {results{of(conformance.Pass, conformance.KnownStale)}, conformance.NotPassed, "take it out of the list"},
		"stale entry of a warning":     {results{pass, of(conformance.Warned, conformance.KnownStale)}, conformance.NotPassed, "take it out of the list"},
		"expired entry":                {results{pass, of(conformance.Failed, conformance.KnownExpired)}, conformance.NotPassed, "b failed"},
		"listed but could not run":     {results{pass, of(conformance.NotRun, conformance.KnownOther)}, conformance.Incomplete, "b could not run"},
		"listed but undetermined":      {results{pass, of(conformance.Undecided, conformance.KnownOther)}, conformance.Passed, ""},
		"listed but the harness broke": {results{pass, of(conformance.HarnessFailed, conformance.KnownOther)}, conformance.Incomplete, "Parley itself"},
	} {
		t.Run(name, func(t *testing.T) {
			got, reasons := conformance.OutcomeOf(c.results, "")
			if got != c.want || !strings.Contains(strings.Join(reasons, "\n"), c.reason) {
				t.Errorf("%s %q, want %s %q", got, reasons, c.want, c.reason)
			}
			if (got == conformance.Passed) != (len(reasons) == 0) {
				t.Errorf("%s with reasons %q", got, reasons)
			}
		})
	}
}
