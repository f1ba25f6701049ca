package conformance

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/parleykit/parley/internal/plural"
)

// Outcome is what a run says of the partner as a whole.
type Outcome string

// The outcomes.
const (
	OutcomePassed     Outcome = "passed"
	OutcomeFailed     Outcome = "failed"
	OutcomeIncomplete Outcome = "incomplete" // the run does not say enough to pass
)

// failing are the verdicts on which a run may be made to fail, the gravest first.
var failing = []Verdict{VerdictFail, VerdictWarn, VerdictUndetermined}

// mostNamed is how many checks a sentence names.
const mostNamed = 12

// spoiling are the verdicts that make a run fail; "" is VerdictFail.
func spoiling(failOn Verdict) []Verdict {
	return failing[:slices.Index(failing, cmp.Or(failOn, VerdictFail))+1]
}

// OutcomeOf judges a run, and says in sentences why it is not passed:
//
//   - a check with harness_error makes it incomplete, because Parley itself was wrong;
//   - a failed check that is not known to fail, and a stale known-failing entry, make it failed;
//   - a check that could not run makes it incomplete;
//   - a run without a pass or a warning decided nothing, and is incomplete.
//
// Warnings and undetermined checks do not spoil a pass, unless failOn is VerdictWarn or
// VerdictUndetermined; not applicable checks never do.
func OutcomeOf(results []Result, failOn Verdict) (Outcome, []string) {
	spoils := spoiling(failOn)
	milder := named(results, func(r Result) bool {
		return r.Verdict != VerdictFail && r.Known != KnownFailing && slices.Contains(spoils, r.Verdict)
	})
	harness := named(results, func(r Result) bool { return r.Verdict == VerdictHarnessError })
	failed := named(results, func(r Result) bool { return r.Verdict == VerdictFail && r.Known != KnownFailing })
	stale := named(results, func(r Result) bool { return r.Known == KnownStale })
	notRun := named(results, func(r Result) bool { return r.Verdict == VerdictCouldNotRun })
	decided := named(results, func(r Result) bool { return r.Verdict == VerdictPass || r.Verdict == VerdictWarn })

	var why []string
	say := func(ids []string, one, many string) {
		switch len(ids) {
		case 0:
		case 1:
			why = append(why, fmt.Sprintf(one, ids[0]))
		default:
			why = append(why, fmt.Sprintf(many, len(ids), plural.Few(ids, mostNamed)))
		}
	}
	say(harness, "Parley itself broke the contract in %s; that is a defect of Parley's, not of the partner: please report it",
		"Parley itself broke the contract in %d checks (%s); that is a defect of Parley's, not of the partner: please report it")
	say(failed, "%s failed", "%d checks failed: %s")
	say(milder, "%s is not a pass (--fail-on "+string(failOn)+")", "%d checks are not a pass (--fail-on "+string(failOn)+"): %s")
	say(stale, "%s is listed as known to fail and does not fail any more: take it out of the list",
		"%d checks are listed as known to fail and do not fail any more: take them out of the list (%s)")
	say(notRun, "%s could not run", "%d checks could not run: %s")
	switch {
	case len(harness) > 0:
		return OutcomeIncomplete, why
	case len(failed)+len(stale)+len(milder) > 0:
		return OutcomeFailed, why
	case len(decided) == 0:
		return OutcomeIncomplete, append(why, nothingDecided(results))
	case len(notRun) > 0:
		return OutcomeIncomplete, why
	}
	return OutcomePassed, nil
}

func nothingDecided(results []Result) string {
	if len(results) == 0 {
		return "no check was run, so nothing is known about the partner"
	}
	if slices.ContainsFunc(results, func(r Result) bool { return r.Known == KnownFailing }) {
		return "nothing was seen to be right: every check that was decided is known to fail"
	}
	return "no check came to a decision, so nothing is known about the partner"
}

func named(results []Result, is func(Result) bool) []string {
	var ids []string
	for _, r := range results {
		if is(r) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
