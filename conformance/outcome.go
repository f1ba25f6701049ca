package conformance

// Outcome is what a run says of the partner as a whole.
type Outcome string

// The outcomes.
const (
	Passed     Outcome = "passed"
	NotPassed  Outcome = "failed"
	Incomplete Outcome = "incomplete" // the run does not say enough to pass
)
