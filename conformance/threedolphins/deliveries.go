package threedolphins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

// delivery is an Incoming Event that a check sent.
type delivery struct {
	*traffic.Exchange
	ticket string // "" where it names none
	broken bool   // on purpose
}

var numberInBody = lazy.Regexp(`"ticketNumber"\s*:\s*"([^"]+)"`)

func isDelivery(e *traffic.Exchange) bool { return e.Operation == "events/incoming" && e.Check != "" }

// deliveriesOf are the Incoming Events of the journal, oldest first.
func deliveriesOf(p *conformance.Partner) []delivery {
	var all []delivery
	for _, e := range p.Sandbox().Journal().Find(isDelivery) {
		d := delivery{Exchange: e, broken: slices.ContainsFunc(bodyChecks, func(c conformance.Check) bool { return c.ID == e.Check })}
		if at := numberInBody().FindSubmatch(e.Request.Body.Kept); at != nil {
			d.ticket = string(at[1])
		}
		all = append(all, d)
	}
	return all
}

// enoughInVain is how many Incoming Events a third party may leave unanswered before it
// is not waited for any more.
const enoughInVain = 2

// answersNothing says that the third party has answered no Incoming Event at all, so
// that another one would be waited for in vain.
func answersNothing(p *conformance.Partner) error {
	sent := p.Sandbox().Journal().Find(isDelivery)
	if len(sent) < enoughInVain || slices.ContainsFunc(sent, func(e *traffic.Exchange) bool { return e.Response != nil }) {
		return nil
	}
	last := sent[len(sent)-1]
	return conformance.CouldNotRun(fmt.Sprintf("the third party has answered none of %d Incoming Events (the last: %s); see 3dolphins/webhook/text", len(sent), last.Error))
}

// answersToBroken tells which events answer what was sent broken on purpose: nobody says
// what is to come of that (3D-R-10). Such an event names that customer or a ticket of
// theirs, or no ticket that was sent and came before another customer wrote, or is one of
// those once more.
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

// follows reports whether an event names a ticket that was sent broken, or, where it
// names none that was sent, came when what was sent last was broken.
func (v event) follows(sent []delivery) bool {
	last := false
	for _, d := range sent {
		switch {
		case v.ticket != "" && d.ticket == v.ticket:
			return d.broken
		case !d.Time.After(v.Time):
			last = d.broken
		}
	}
	return last
}
