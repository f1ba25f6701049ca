package threedolphins

import (
	"regexp"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// delivery is an Incoming Event that a check sent.
type delivery struct {
	*traffic.Exchange
	ticket string // "" where it names none
	broken bool   // on purpose
}

var numberInBody = regexp.MustCompile(`"ticketNumber"\s*:\s*"([^"]+)"`)

// deliveriesOf are the Incoming Events of the journal, oldest first.
func deliveriesOf(p *conformance.Partner) []delivery {
	var all []delivery
	for _, e := range p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Operation == "events/incoming" && e.Check != "" }) {
		d := delivery{Exchange: e, broken: slices.ContainsFunc(bodyChecks, func(c conformance.Check) bool { return c.ID == e.Check })}
		if at := numberInBody.FindSubmatch(e.Request.Body.Kept); at != nil {
			d.ticket = string(at[1])
		}
		all = append(all, d)
	}
	return all
}

// answersToBroken tells which events answer what was sent broken on purpose: nobody says
// what is to come of that (3D-R-10). Such an event names that customer or a ticket of
// theirs, or came before another customer wrote, or is one of those once more.
func answersToBroken(p *conformance.Partner) func(event) bool {
	sent, bodies := deliveriesOf(p), map[string]bool{}
	if !slices.ContainsFunc(sent, func(d delivery) bool { return d.broken }) {
		return func(event) bool { return false }
	}
	answers := func(v event) bool {
		name := textOf(v.body, "customerName")
		return name != "" && strings.HasPrefix(nobody, name) || bodies[string(v.Request.Body.Kept)] || v.follows(sent)
	}
	for _, v := range allEvents(p) {
		if answers(v) {
			bodies[string(v.Request.Body.Kept)] = true
		}
	}
	return answers
}

// follows reports whether an event names a ticket that was sent broken, or came when
// what was sent last was broken.
func (v event) follows(sent []delivery) bool {
	last := false
	for _, d := range sent {
		if v.ticket != "" && d.ticket == v.ticket {
			return d.broken
		}
		if !d.Time.After(v.Time) {
			last = d.broken
		}
	}
	return last
}
