// Package scenario plays stories that a person can read: what is there from the
// start, what goes wrong, and the steps, one after another, with what the partner
// is expected to do. A story is a suite of checks, one per step, so that it is
// judged and reported like every other.
package scenario

import (
	"time"

	"github.com/parleykit/parley/mockserver/fault"
)

// Scenario is one story. Read makes it from YAML, which scenario.schema.json describes
// to editors.
type Scenario struct {
	Name   string // of its file, without folder and ending
	Title  string // what the story is: "A customer writes, and the bot answers"
	About  string
	Vendor string // contract ID

	Readings map[string]string // ID = option
	Clock    time.Time         // where the vendor's clock stands still; zero: it runs
	State    map[string]any    // what the vendor knows besides, in the form of its state
	Faults   []fault.Rule      // in force from the start
	Steps    []Step
}

// Step is one step. It does exactly one of Ask, Send, Call, Fault and Advance, or
// waits for Expect, Never or State.
type Step struct {
	Line, Column int    // in the file
	Name         string // of the step, instead of one that Read makes
	Requirements []string

	Ask     string        // the partner shall act; in words for whoever makes it
	Send    string        // event that the vendor sends; Set, Sample and Answer belong to it
	Call    *Call         // somebody else calls the vendor: an agent, an administrator
	Fault   *fault.Rule   // from now on in force
	Advance time.Duration // of the vendor's clock
	Expect  string        // operation that the partner calls: "operations/message"
	Never   string        // operation that the partner does not call
	State   string        // JSON pointer of a list in the vendor's state: "/tickets"

	Set    map[string]any // dotted path = value in the event
	Sample string         // of the event; default the documented one
	Answer int            // status that the partner answers; 0: one of success

	Status   int               // that the vendor answers
	Body     map[string]any    // dotted path = value; of a list's element for State
	Contains map[string]string // dotted path = text that stands in it
	Times    int               // how often; default once
	Within   time.Duration     // how long Expect and State wait; default what the run waits for a repetition, or an answer
	For      time.Duration     // how long Never waits; default what the run waits for quiet

	Save map[string]string // name = dotted path: later steps write ${name}
}

// Call is a request to the vendor that is not the partner's.
type Call struct {
	Method string
	Path   string
	Header map[string]string
	Body   any
}
