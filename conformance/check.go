// Package conformance judges a partner: checks are values, a run turns each into
// a verdict with its evidence, and every report is written from one model.
package conformance

import "context"

// Check decides one or more requirements that bind a partner. It is a value: the
// list of a suite's checks is the table of contents of what the suite judges.
type Check struct {
	ID           string        // stable, e.g. "elma365/webhook/wrong-token"; never renumbered
	Title        string        // a sentence about the partner: "rejects a message with a foreign token with 401"
	Requirements []string      // what it decides
	Facts        []Requirement // what it decides that the contract states without giving it an ID; Link is filled in
	Agreed       bool          // its user demands it, whatever the contract says
	// Covers names what the check judges so well that no check is generated for it, beside
	// the events and operations that its requirements belong to: "events/ticketClosed",
	// "operations/*", "operations" for what is none, or "signature" for whether it verifies
	// them. See package generated.
	Covers []string

	// Run returns nil for a pass, or one of the verdicts made by Fail, Warn,
	// Undetermined, NotApplicable and CouldNotRun. Any other error means that the
	// check could not run. A failure becomes a warning where what it rests on is
	// weaker than a MUST: see Breaking and Partner.Reading.
	Run func(ctx context.Context, p *Partner) error
}

// Level says what breaking a requirement means.
type Level string

// The levels of a verdict. A MUST that is broken fails the run, a SHOULD warns.
// What a contract only assumes is never more than a SHOULD.
const (
	Must   Level = "MUST"
	Should Level = "SHOULD"
)

// Suite is a named list of checks, "elma365/webhook".
type Suite struct {
	ID     string
	Vendor string // contract ID
	Title  string
	Needs  Needs
	// Optional says why a partner that makes none of the suite's calls when it is asked
	// to is not judged by it; "": its checks could not run then.
	Optional string
	World    []World  // what its checks can use of the partner's world, where they are told
	Asks     []string // all that its checks may ask a stimulus for, in the order in which they do; "{ticket}" stands for a number
	Checks   []Check
}

// Needs says what a suite must be given.
type Needs struct {
	Target   bool // a webhook to call
	Stimulus bool // something that makes the partner call the mock
	Token    bool // the secret that events and calls carry
}
