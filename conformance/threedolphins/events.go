package threedolphins

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// Kinds of the third party's events; each is also the ID of its operation.
const (
	outgoing = "outgoing"
	command  = "command"
)

// event is one event of the third party's, as far as its body can be read.
type event struct {
	*traffic.Exchange
	kind     string // "" for a call that is no event, such as one of the Ticket API
	readable bool   // the body is one JSON object
	body     map[string]any
	ticket   string // ticketNumber; "" when there is none
}

func read(p *conformance.Partner, e *traffic.Exchange) event {
	v := event{Exchange: e}
	if json.Unmarshal(e.Request.Body.Kept, &v.body) == nil && v.body != nil {
		v.readable = true
		v.ticket = textOf(v.body, "ticketNumber")
	}
	v.kind = v.meant(p)
	return v
}

// meant is the kind of an event by its URL; beside the URL of either, or when it
// has no more than a Command Event at the URL of the other, by its body. At any other URL
// that 3Dolphins does not serve it must have a ticket, too, to be taken for one.
func (v event) meant(p *conformance.Partner) string {
	at, _, _ := strings.Cut(v.Request.URL, "?")
	isCommand := v.body["event"] != nil && v.body["messageType"] == nil
	switch {
	case at == pathOf(p, command):
		return command
	case path.Dir(at) != path.Dir(pathOf(p, outgoing)) && (v.Operation != "" || v.ticket == "" || !isCommand && v.body["messageType"] == nil):
		return ""
	case isCommand:
		return command
	}
	return outgoing
}

// known reports whether 3Dolphins took the event for what it is: method and URL
// are right.
func (v event) known() bool { return v.Operation == "operations/"+v.kind }

// pathOf is where 3Dolphins takes a kind of event.
func pathOf(p *conformance.Partner, kind string) string {
	if o := p.Contract().Operation("operations/" + kind); o != nil {
		return o.Path
	}
	return ""
}

// eventsOf are all events of a kind in the journal, oldest first, but those that answer
// what Parley sent broken.
func eventsOf(p *conformance.Partner, kind string) []event {
	var found []event
	answersBroken := answersToBroken(p)
	for _, v := range allEvents(p) {
		if v.kind == kind && !answersBroken(v) {
			found = append(found, v)
		}
	}
	return found
}

func allEvents(p *conformance.Partner) []event {
	var all []event
	for _, e := range p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Partner }) {
		if v := read(p, e); v.kind != "" {
			all = append(all, v)
		}
	}
	return all
}

// otherTickets are the numbers in the Incoming Events of the journal but one.
func otherTickets(p *conformance.Partner, but string) map[string]bool {
	numbers := map[string]bool{}
	for _, e := range p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Operation == "events/incoming" }) {
		var body map[string]any
		if json.Unmarshal(e.Request.Body.Kept, &body) == nil {
			numbers[textOf(body, "ticketNumber")] = true
		}
	}
	delete(numbers, but)
	delete(numbers, "")
	return numbers
}

// said is what the customer reads or what becomes of the ticket, to compare it with another.
func (v event) said() string {
	text, _ := json.Marshal([]any{v.body["messageType"], v.body["message"], v.body["mediaLink"], v.body["event"]}) // it has just been decoded
	return string(text)
}

// finding returns the gravest finding in the request that matches and breaks what the
// contract says.
func (v event) finding(match func(traffic.Finding) bool) (traffic.Finding, bool) {
	return gravest(v.Exchange, match)
}

// gravest leaves out what is a guess: that a key looks like another, or a moment like
// another unit.
func gravest(e *traffic.Exchange, match func(traffic.Finding) bool) (traffic.Finding, bool) {
	return conformance.GravestFinding(e, func(f traffic.Finding) bool {
		return f.Code != "body.unknown-key" && f.Code != "body.unit" && match(f)
	})
}

// broken says what is wrong by a finding, with its hint.
func (v event) broken(expected string, f traffic.Finding) error {
	return conformance.FailWithFinding(expected, f, v.Exchange)
}
