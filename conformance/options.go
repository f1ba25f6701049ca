package conformance

import (
	"fmt"
	"net/url"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

// Options say what is judged, and with what. Suites, Contract and Sandbox are
// required.
type Options struct {
	Suites   []Suite             // run one after another over one state
	Only     []string            // patterns of check IDs, see Plan; nil: all checks
	Contract *specs.Contract     // with the readings in force
	Sandbox  *mockserver.Sandbox // plays the vendor, under a base URL that the partner can reach. Its mock should have SelfCheck on

	Target  string // URL of the partner's webhook; may be empty when no suite needs one
	Token   string // that the vendor sends and expects
	Channel string // ID; "": the mock makes one up

	Stimulus Stimulus
	Timing   Timing
	Known    []KnownFailure // checks that may fail
	Seed     uint64         // of IDs; a partner that remembers IDs needs a new one for each run

	Now       func() time.Time       // default time.Now
	Version   string                 // of the tool, for reports
	Reproduce func(id string) string // the command that runs one check alone; may be nil
	OnResult  func(Result)           // called with each result as it is known; may be nil
}

func (o *Options) check() error {
	switch {
	case o.Contract == nil:
		return usage("a run needs a contract")
	case o.Sandbox == nil:
		return usage("a run needs the sandbox of a mock that plays %s", o.Contract.Name)
	}
	for _, s := range o.Suites {
		if s.Vendor != o.Contract.ID {
			return usage("suite %s judges partners of %s, and the contract is %s", s.ID, s.Vendor, o.Contract.ID)
		}
		if s.Needs.Target && o.Target == "" {
			return usage("suite %s calls the partner's webhook: give its URL with --target", s.ID)
		}
	}
	if o.Target == "" {
		return nil
	}
	u, err := url.Parse(o.Target)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return usage("target %q is not the URL of a webhook; write it whole, like http://127.0.0.1:3000/webhook", o.Target)
	}
	return nil
}

// UsageError says that a run was set up wrongly.
type UsageError struct{ text string }

// Error says what to change.
func (e *UsageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }
