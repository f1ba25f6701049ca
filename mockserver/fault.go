package mockserver

import (
	"maps"
	"time"
)

// maxFaults bounds how many faults a sandbox takes.
const maxFaults = 1000

// Fault makes the mock misbehave on purpose: it says whose calls or deliveries it
// is for, when it acts, and what it does. Empty members match everything. Several
// faults act together where they do different things; of those that would decide
// the same thing, the one that was there first acts.
type Fault struct {
	ID string `json:"id"`

	// Whom it is for.
	Vendor    string         `json:"vendor,omitempty"`
	Operation string         `json:"operation,omitempty"` // ID; "*" for all
	Event     string         `json:"event,omitempty"`     // ID; "*" for all
	Channel   string         `json:"channel,omitempty"`   // ID
	Where     map[string]any `json:"where,omitempty"`     // dotted path = value in the request's body

	// When it acts. Matching calls and deliveries are counted from 1.
	Nth         int     `json:"nth,omitempty"`         // only on that match
	From        int     `json:"from,omitempty"`        // from that match on
	Times       int     `json:"times,omitempty"`       // how often it acts; 0: until it is removed
	Probability float64 `json:"probability,omitempty"` // from 0 to 1, by the sandbox's seed; 0: always
	For         string  `json:"for,omitempty"`         // how long it is in force, as "30s"; "": until it is removed

	// What an operation is answered.
	Status       int    `json:"status,omitempty"`
	Undocumented bool   `json:"undocumented,omitempty"` // Status need not be documented
	Answer       string `json:"answer,omitempty"`       // one of the Answer constants
	ContentType  string `json:"contentType,omitempty"`  // instead of the vendor's
	Drip         string `json:"drip,omitempty"`         // the body takes so long, as "2s"
	Taken        bool   `json:"taken,omitempty"`        // with Status or a lost answer: the vendor does what was asked all the same

	// How late an operation's answer or an event is: "200ms", "uniform:100ms:500ms",
	// "normal:200ms:50ms" (mean and deviation), or "lognormal:200ms:0.5" (median and
	// sigma), by the sandbox's seed and at most an hour. An event that is late holds
	// up no other.
	Delay string `json:"delay,omitempty"`

	// What becomes of an event.
	Lose     bool           `json:"lose,omitempty"`     // it is never sent
	Set      map[string]any `json:"set,omitempty"`      // dotted path = value in its body
	Copies   int            `json:"copies,omitempty"`   // it is sent so many times more
	Together bool           `json:"together,omitempty"` // and all of them at once
	Reorder  int            `json:"reorder,omitempty"`  // so many of a channel are held and then sent last first
	Window   string         `json:"window,omitempty"`   // how long they are held at most; default 5s

	Matched int `json:"matched"` // how many matched, on which it acted or not
	Acted   int `json:"acted"`   // how often it acted; not where there was no body that it could spoil or drip
}

// What can become of an answer. Truncated and malformed take {} for the body where the
// vendor sends none, and do not act on a status that allows none (204, 304).
const (
	AnswerReset     = "reset"     // the connection is reset and no byte is sent
	AnswerEmpty     = "empty"     // the connection is closed and no byte is sent
	AnswerTruncated = "truncated" // the length of the body is announced, half of it sent, and the connection closed
	AnswerMalformed = "malformed" // the body is no JSON
)

// anyID names all operations or events.
const anyID = "*"

// onEvent reports whether a fault acts on events, and not on operations.
func (f *Fault) onEvent() bool {
	return f.Event != "" || f.Lose || len(f.Set) > 0 || f.Copies != 0 || f.Together || f.Reorder != 0 || f.Window != ""
}

// dropsAnswer reports whether no byte of an answer is sent.
func (f *Fault) dropsAnswer() bool { return f.Answer == AnswerReset || f.Answer == AnswerEmpty }

// What a fault decides. Two that decide the same thing can't both act.
const (
	decidesStatus = 1 << iota
	decidesBody
	decidesType
	decidesPace
	decidesDelay
	decidesCopies
	decidesOrder
	decidesAll = 1<<iota - 1
)

func (f *Fault) decides() int {
	if f.Lose || f.dropsAnswer() && f.Delay != "" {
		return decidesAll
	}
	if f.dropsAnswer() {
		return decidesAll &^ decidesDelay
	}
	bits := 0
	for bit, yes := range map[int]bool{
		decidesStatus: f.Status != 0,
		decidesBody:   f.Answer != "" || len(f.Set) > 0,
		decidesType:   f.ContentType != "",
		decidesPace:   f.Drip != "",
		decidesDelay:  f.Delay != "",
		decidesCopies: f.Copies != 0,
		decidesOrder:  f.Reorder != 0,
	} {
		if yes {
			bits |= bit
		}
	}
	return bits
}

// copy keeps callers from changing the fault's maps, or the fault theirs.
func (f Fault) copy() Fault {
	f.Where, f.Set = maps.Clone(f.Where), maps.Clone(f.Set)
	return f
}

// defaultWindow is how long deliveries are held to be reordered.
const defaultWindow = 5 * time.Second
