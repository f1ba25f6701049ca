package conformance

import "time"

// KnownFailure is one entry of a known-failing list: a check that may fail
// without failing the run.
type KnownFailure struct {
	ID      string    // of the check
	Reason  string    // why it is tolerated
	Expires time.Time // the entry holds until the end of that day, UTC; zero: forever
}
