package conformance

// Unreachable says that nothing answers HTTP at the target.
type Unreachable struct {
	Target string
	Reason string // what was seen
	Advice string // what to do
	Err    error
}

// Error says all in one line.
func (e *Unreachable) Error() string {
	return "the partner cannot be reached at " + e.Target + ": " + e.Reason + "; " + e.Advice
}

// Unwrap returns what the network said.
func (e *Unreachable) Unwrap() error { return e.Err }
