package conformance

import (
	"errors"
	"fmt"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Verdict is what a check says of a partner.
type Verdict string

// The verdicts.
const (
	VerdictPass          Verdict = "pass"
	VerdictFail          Verdict = "fail"
	VerdictWarn          Verdict = "warn"
	VerdictUndetermined  Verdict = "undetermined"   // the documents do not decide
	VerdictNotApplicable Verdict = "not_applicable" // the partner does not do what the check is about
	VerdictCouldNotRun   Verdict = "could_not_run"
	VerdictHarnessError  Verdict = "harness_error" // Parley itself broke the contract
)

// Deviation is a verdict other than pass, with its evidence.
type Deviation struct {
	Verdict   Verdict
	Expected  string
	Actual    string
	Reading   string              // for VerdictUndetermined
	Breaks    []string            // IDs of the requirements that it breaks; nil: all that the check decides
	Readings  []string            // IDs of those that it was judged by
	Evidence  specs.Class         // of what was found beside them; "" for nothing
	Place     specs.Evidence      // the place of the documents that is about what was seen; see At
	Hint      string              // a likely cause, where one is known
	Exchanges []*traffic.Exchange // what it was seen in
}

// Error gives the deviation in one line.
func (d *Deviation) Error() string {
	switch {
	case d.Expected == "":
		return d.Actual
	case d.Actual == "":
		return "expected " + d.Expected
	}
	return fmt.Sprintf("expected %s; actual: %s", d.Expected, d.Actual)
}

// Fail says that the partner breaks the check's requirements.
func Fail(expected, actual string, seen ...*traffic.Exchange) error {
	return &Deviation{Verdict: VerdictFail, Expected: expected, Actual: actual, Exchanges: seen}
}

// Unanswered is Fail where no answer came to a request, which is named as in "a list". It
// says so in the words by which reports group failures.
func Unanswered(expected, what string, e *traffic.Exchange) error {
	return Fail(expected, fmt.Sprintf("%s was not answered: %s", what, e.Error), e)
}

// FailWithFinding is Fail by a finding that was made of the exchanges; its hint and the
// requirement that it breaks come along. One that only warns, because the contract
// only assumes what it breaks, is a warning.
func FailWithFinding(expected string, f traffic.Finding, seen ...*traffic.Exchange) error {
	err := WithHint(Fail(expected, FindingText(f), seen...), f.Hint)
	if f.Requirement != "" {
		err = Breaking(err, f.Requirement)
	}
	var d *Deviation
	if errors.As(err, &d) && !f.Severity.AtLeast(traffic.Error) {
		d.Verdict = VerdictWarn
	}
	return err
}

// GravestFinding returns the first error in the request of an exchange that matches,
// or else the first warning.
func GravestFinding(e *traffic.Exchange, match func(traffic.Finding) bool) (traffic.Finding, bool) {
	for _, severity := range []traffic.Severity{traffic.Error, traffic.Warn} {
		for _, f := range e.Findings {
			if f.Part == traffic.InRequest && f.Severity == severity && match(f) {
				return f, true
			}
		}
	}
	return traffic.Finding{}, false
}

// Breaking says which requirements a deviation breaks, by their IDs, where these are
// not all that the check decides: a verdict is no graver than the weakest of them.
func Breaking(err error, requirements ...string) error {
	var d *Deviation
	if !errors.As(err, &d) {
		return err
	}
	copied := *d
	copied.Breaks = requirements
	return &copied
}

// At names the place of the documents that says of what was seen what the requirement
// says of all alike, such as the address of one operation: reports quote it instead, and
// the verdict rests on its evidence, too.
func At(err error, place specs.Evidence) error {
	var d *Deviation
	if place.Class == "" || !errors.As(err, &d) {
		return err
	}
	copied := *d
	copied.Place = place
	return &copied
}

// WithHint adds a likely cause to a deviation; "" adds none.
func WithHint(err error, hint string) error {
	var d *Deviation
	if hint == "" || !errors.As(err, &d) {
		return err
	}
	copied := *d
	copied.Hint = hint
	return &copied
}

// FindingText is a finding in one line, without severity and hint.
func FindingText(f traffic.Finding) string {
	text := f.Code
	if f.Pointer != "" {
		text += " at " + f.Pointer
	}
	if f.Expected != "" {
		text += ", expected " + f.Expected
	}
	if f.Actual != "" {
		text += ", got " + f.Actual
	}
	return text
}

// Warn says that the partner does not do what it should.
func Warn(expected, actual string, seen ...*traffic.Exchange) error {
	return &Deviation{Verdict: VerdictWarn, Expected: expected, Actual: actual, Exchanges: seen}
}

// Undetermined says that the documents do not decide; reading names where.
func Undetermined(reading, why string, seen ...*traffic.Exchange) error {
	return &Deviation{Verdict: VerdictUndetermined, Reading: reading, Actual: why, Exchanges: seen}
}

// NotApplicable says why the check is not about this partner.
func NotApplicable(why string) error { return &Deviation{Verdict: VerdictNotApplicable, Actual: why} }

// CouldNotRun says what kept the check from deciding anything.
func CouldNotRun(why string, seen ...*traffic.Exchange) error {
	return &Deviation{Verdict: VerdictCouldNotRun, Actual: why, Exchanges: seen}
}

// DeviationOf reads what a check returned. A plain error could not run.
func DeviationOf(err error) *Deviation {
	if err == nil {
		return nil
	}
	var d *Deviation
	if errors.As(err, &d) {
		return d
	}
	return &Deviation{Verdict: VerdictCouldNotRun, Actual: err.Error()}
}
