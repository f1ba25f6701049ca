package conformance

import (
	"fmt"
	"slices"
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
	Channel string // ID; "": the mock makes one up. A vendor without events has no channels
	Address string // where the partner calls the vendor, if no channel says it; for reports

	Stimulus Stimulus
	Timing   Timing
	Known    []KnownFailure // checks that may fail
	Seed     uint64         // of IDs; a partner that remembers IDs needs a new one for each run

	Now       func() time.Time       // default time.Now
	Version   string                 // of the tool, for reports
	Reproduce func(id string) string // the command that runs one check alone, without secrets; may be nil
	OnOpen    func(*Report)          // called once before the first check, with the report as it is then; may be nil
	OnResult  func(Result)           // called with each result of a check that was begun; may be nil
}

// Validate makes sure that a run with these options can be planned. It sends
// nothing. The error is a *UsageError.
func (o Options) Validate() error {
	_, err := o.plan()
	return err
}

func (o Options) plan() ([]Planned, error) {
	plan, err := Plan(o.Suites, o.Only)
	if err != nil {
		return nil, err
	}
	return plan, o.check(plan)
}

func (o Options) check(plan []Planned) error {
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
		planned := slices.ContainsFunc(plan, func(c Planned) bool { return c.Suite == s.ID })
		if planned && s.Needs.Target && o.Target == "" {
			return usage("suite %s calls the partner's webhook: say where it is with --target URL", s.ID)
		}
	}
	if err := checkCitations(o.Contract, plan); err != nil {
		return err
	}
	if o.Target == "" {
		return nil
	}
	return checkTarget(o.Target)
}

// UsageError says that a run was set up wrongly.
type UsageError struct{ text string }

// Error says what to change.
func (e *UsageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }
