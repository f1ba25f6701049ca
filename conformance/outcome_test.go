package conformance_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
)

func TestOutcome(t *testing.T) {
	type results = []conformance.Result
	pass := conformance.Result{ID: "a", Verdict: conformance.VerdictPass}
	of := func(v conformance.Verdict, known conformance.KnownState) conformance.Result {
		return conformance.Result{ID: "b", Verdict: v, Known: known}
	}
	for name, c := range map[string]struct {
		results results
		want    conformance.Outcome
		reason  string
	}{
		"nothing was run":              {nil, conformance.OutcomeIncomplete, "no check was run"},
		"pass":                         {results{pass}, conformance.OutcomePassed, ""},
		"warning alone":                {results{of(conformance.VerdictWarn, "")}, conformance.OutcomePassed, ""},
		"pass and warning":             {results{pass, of(conformance.VerdictWarn, "")}, conformance.OutcomePassed, ""},
		"pass and undetermined":        {results{pass, of(conformance.VerdictUndetermined, "")}, conformance.OutcomePassed, ""},
		"pass and not applicable":      {results{pass, of(conformance.VerdictNotApplicable, "")}, conformance.OutcomePassed, ""},
		"fail":                         {results{pass, of(conformance.VerdictFail, "")}, conformance.OutcomeFailed, "b failed"},
		"two fail":                     {results{of(conformance.VerdictFail, ""), of(conformance.VerdictFail, "")}, conformance.OutcomeFailed, "2 checks failed: b and b"},
		"could not run":                {results{pass, of(conformance.VerdictCouldNotRun, "")}, conformance.OutcomeIncomplete, "b could not run"},
		"fail and could not run":       {results{of(conformance.VerdictFail, ""), of(conformance.VerdictCouldNotRun, "")}, conformance.OutcomeFailed, "b could not run"},
		"harness error":                {results{pass, of(conformance.VerdictHarnessError, "")}, conformance.OutcomeIncomplete, "Parley itself"},
		"fail and harness error":       {results{of(conformance.VerdictFail, ""), of(conformance.VerdictHarnessError, "")}, conformance.OutcomeIncomplete, "Parley itself"},
		"all undetermined":             {results{of(conformance.VerdictUndetermined, "")}, conformance.OutcomeIncomplete, "no check came to a decision"},
		"all not applicable":           {results{of(conformance.VerdictNotApplicable, ""), of(conformance.VerdictUndetermined, "")}, conformance.OutcomeIncomplete, "no check came to a decision"},
		"all could not run":            {results{of(conformance.VerdictCouldNotRun, "")}, conformance.OutcomeIncomplete, "no check came to a decision"},
		"known failure":                {results{pass, of(conformance.VerdictFail, conformance.KnownFailing)}, conformance.OutcomePassed, ""},
		"known failures alone":         {results{of(conformance.VerdictFail, conformance.KnownFailing)}, conformance.OutcomeIncomplete, "every check that was decided is known to fail"},
		"stale entry":                  {results{of(conformance.VerdictPass, conformance.KnownStale)}, conformance.OutcomeFailed, "take it out of the list"},
		"stale entry of a warning":     {results{pass, of(conformance.VerdictWarn, conformance.KnownStale)}, conformance.OutcomeFailed, "take it out of the list"},
		"expired entry":                {results{pass, of(conformance.VerdictFail, conformance.KnownExpired)}, conformance.OutcomeFailed, "b failed"},
		"listed but could not run":     {results{pass, of(conformance.VerdictCouldNotRun, conformance.KnownUndecided)}, conformance.OutcomeIncomplete, "b could not run"},
		"listed but undetermined":      {results{pass, of(conformance.VerdictUndetermined, conformance.KnownUndecided)}, conformance.OutcomePassed, ""},
		"listed but the harness broke": {results{pass, of(conformance.VerdictHarnessError, conformance.KnownUndecided)}, conformance.OutcomeIncomplete, "Parley itself"},
	} {
		t.Run(name, func(t *testing.T) {
			got, reasons := conformance.OutcomeOf(c.results, "")
			if got != c.want || !strings.Contains(strings.Join(reasons, "\n"), c.reason) {
				t.Errorf("%s %q, want %s %q", got, reasons, c.want, c.reason)
			}
			if (got == conformance.OutcomePassed) != (len(reasons) == 0) {
				t.Errorf("%s with reasons %q", got, reasons)
			}
		})
	}
}
