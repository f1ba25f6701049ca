package threedolphins

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
)

// misdirected finds, after a customer wrote, an answer in the ticket of another one, who
// had been answered as often as they wrote: it is likely to be for the one who was not.
func misdirected(p *conformance.Partner, in request) (event, bool) {
	left, this := map[string]int{}, delivery{}
	for _, d := range deliveriesOf(p) {
		left[d.ticket]++
		if d.ticket == in.ticket() {
			this = d
		}
	}
	for _, v := range eventsOf(p, outgoing) {
		open, known := left[v.ticket]
		switch {
		case this.Exchange == nil || v.Status() != http.StatusOK:
		case v.Time.Before(this.Time):
			left[v.ticket]--
		case known && v.ticket != in.ticket() && open <= 0:
			return v, true
		}
	}
	return event{}, false
}

// hasWaited reports whether an earlier check has waited in vain for the answer to a
// customer, and asked for it.
func hasWaited(p *conformance.Partner, in request) bool {
	answered := map[string]bool{in.ticket(): true}
	for _, v := range eventsOf(p, outgoing) {
		answered[v.ticket] = true
	}
	sent := deliveriesOf(p)
	this := slices.IndexFunc(sent, func(d delivery) bool { return d.ticket == in.ticket() })
	return this >= 0 && slices.ContainsFunc(sent, func(d delivery) bool {
		return strings.HasPrefix(d.Check, "3dolphins/client/") && d.Check != sent[this].Check && !answered[d.ticket]
	})
}
