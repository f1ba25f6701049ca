package conformance

import (
	"fmt"
	"io"
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
	Filter   func(Planned) bool  // chooses among these; nil: all
	Contract *specs.Contract     // with the readings in force
	Sandbox  *mockserver.Sandbox // plays the vendor, under a base URL that the partner can reach. Its mock should have SelfCheck on

	Target  string // URL of the partner's webhook; may be empty when no suite needs one
	Token   string // that the vendor sends and expects
	Channel string // ID; "": the mock makes one up. A vendor without events has no channels
	Address string // where the partner calls the vendor, if no channel says it; for reports

	Stimulus Stimulus
	ByHand   bool              // the stimulus is a person
	World    map[string]string // by kind: IDs that the partner has, such as a chat
	Timing   Timing
	Deadline time.Duration  // of the whole run, in which what is left could not run; 0: none
	FailOn   Verdict        // VerdictFail, or also what is milder: VerdictWarn, VerdictUndetermined; default VerdictFail
	Known    []KnownFailure // checks that may fail
	Seed     uint64         // of IDs; a partner that remembers IDs needs a new one for each run
	Ledger   bool           // the report holds what happened in the sandbox, so that a mock goes on from the end of a check

	Progress io.Writer // where Judge reports a check that takes very long; nil: nowhere

	Now       func() time.Time                 // default time.Now
	Version   string                           // of the tool, for reports
	Reproduce func(suite, check string) string // the command that runs one check of a suite; a suite, where check is ""; or all: without secrets; may be nil
	OnOpen    func(*Report)                    // called once before the first check, with the report as it is then; may be nil
	OnResult  func(Result)                     // called with each result of a check that was begun; may be nil
}

// Validate makes sure that a run with these options can be planned. It sends
// nothing. The error is a *UsageError.
func (o Options) Validate() error {
	_, err := o.plan()
	return err
}

func (o Options) plan() ([]Planned, error) {
	if o.Contract == nil {
		return nil, usage("a run needs a contract")
	}
	plan, err := Plan(o.Contract, o.Suites, o.Only, o.Filter)
	if err != nil {
		return nil, err
	}
	return plan, o.check(plan)
}

func (o Options) check(plan []Planned) error {
	if o.Sandbox == nil {
		return usage("a run needs the sandbox of a mock that plays %s", o.Contract.Name)
	}
	if o.FailOn != "" && !slices.Contains(failing, o.FailOn) {
		return usage("a run fails on fail, warn or undetermined, and not on %q", o.FailOn)
	}
	for _, s := range o.Suites {
		if s.Vendor != o.Contract.ID {
			return usage("suite %s judges partners of %s, and the contract is %s", s.ID, s.Vendor, o.Contract.ID)
		}
		planned := slices.ContainsFunc(plan, func(c Planned) bool { return c.Suite.ID == s.ID })
		if planned && s.Needs.Target && o.Target == "" {
			return usage("suite %s calls the partner's webhook: say where it is with --target URL", s.ID)
		}
	}
	for kind := range o.World {
		if !slices.ContainsFunc(o.Suites, func(s Suite) bool { return s.knows(kind) }) {
			return usage("no check of %s can use a %s", o.Suites[0].ID, kind)
		}
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
