// Package fault makes a mock misbehave on purpose: rules say whom a fault is for, when
// it acts, and what it does to an answer or a delivery; a caller may also ask for an
// answer by the header Prefer.
package fault

import (
	"maps"
)

// maxRules bounds how many faults are in force at once.
const maxRules = 1000

// Rule is one fault: it says whose calls or deliveries it is for, when it acts, and what it does. Empty members match everything. Several
// faults act together where they do different things; of those that would decide
// the same thing, the one that was there first acts.
type Rule struct {
	ID string `json:"id"`

	// Whom it is for.
	Vendor    string         `json:"vendor,omitempty"`
	Operation string         `json:"operation,omitempty"` // ID, or "operations/" and ID; "*" for all
	Event     string         `json:"event,omitempty"`     // ID, or "events/" and ID; "*" for all
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
	Answer       Answer `json:"answer,omitempty"`
	ContentType  string `json:"contentType,omitempty"` // instead of the vendor's
	Drip         string `json:"drip,omitempty"`        // the body takes so long, as "2s"
	Taken        bool   `json:"taken,omitempty"`       // with Status or a lost answer: the vendor does what was asked all the same

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

// Answer is what can become of an answer.
type Answer string

// What can become of an answer. Truncated and malformed take {} for the body where the
// vendor sends none, and do not act on a status that allows none (204, 304).
const (
	AnswerReset     Answer = "reset"     // the connection is reset and no byte is sent
	AnswerEmpty     Answer = "empty"     // the connection is closed and no byte is sent
	AnswerTruncated Answer = "truncated" // the length of the body is announced, half of it sent, and the connection closed
	AnswerMalformed Answer = "malformed" // the body is no JSON
)

// Answers lists all kinds.
func Answers() []Answer {
	return []Answer{AnswerReset, AnswerEmpty, AnswerTruncated, AnswerMalformed}
}

// anyID names all operations or events.
const anyID = "*"

// onEvent reports whether a fault acts on events, and not on operations.
func (r *Rule) onEvent() bool {
	return r.Event != "" || r.Lose || len(r.Set) > 0 || r.Copies != 0 || r.Together || r.Reorder != 0 || r.Window != ""
}

// DropsAnswer reports whether no byte of an answer is sent.
func (r *Rule) DropsAnswer() bool { return r.Answer == AnswerReset || r.Answer == AnswerEmpty }

// decisions are what a fault decides. Two that decide the same thing can't both act.
type decisions int

const (
	decidesStatus decisions = 1 << iota
	decidesBody
	decidesType
	decidesPace
	decidesDelay
	decidesCopies
	decidesOrder
	decidesAll = 1<<iota - 1
)

func (r *Rule) decides() decisions {
	if r.Lose || r.DropsAnswer() && r.Delay != "" {
		return decidesAll
	}
	if r.DropsAnswer() {
		return decidesAll &^ decidesDelay
	}
	var bits decisions
	for bit, yes := range map[decisions]bool{
		decidesStatus: r.Status != 0,
		decidesBody:   r.Answer != "" || len(r.Set) > 0,
		decidesType:   r.ContentType != "",
		decidesPace:   r.Drip != "",
		decidesDelay:  r.Delay != "",
		decidesCopies: r.Copies != 0,
		decidesOrder:  r.Reorder != 0,
	} {
		if yes {
			bits |= bit
		}
	}
	return bits
}

// copy keeps callers from changing the fault's maps, or the fault theirs.
func (r Rule) copy() Rule {
	r.Where, r.Set = maps.Clone(r.Where), maps.Clone(r.Set)
	return r
}
