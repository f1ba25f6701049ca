package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
)

// aFew is how many attempts a client may make. Assumed: no page says how often a call
// may be made again. After how long is measured, and not judged.
const aFew = 10

// ticketTroubleChecks: 3Dolphins fails.
var ticketTroubleChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/after-500", Title: "does not repeat a call that was answered 500 without end",
		Requirements: []string{"3D-TKT-007"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			attempts, err := refused(ctx, p, http.StatusInternalServerError)
			if err != nil {
				return err
			}
			p.Note("attempts of a call that was always answered 500: %d%s", len(attempts), shortestPause(attempts))
			return nil
		},
	},
}

// shortestPause tells how soon a call came again at the soonest; "" when none did.
func shortestPause(attempts []ticketCall) string {
	shortest := time.Duration(-1)
	for i, before := range attempts {
		again := where(attempts[i+1:], func(c ticketCall) bool { return c.same(before) && !c.Time.Before(before.ended()) })
		if len(again) == 0 {
			continue
		}
		if gap := again[0].Time.Sub(before.ended()); shortest < 0 || gap < shortest {
			shortest = gap
		}
	}
	if shortest < 0 {
		return ""
	}
	return fmt.Sprintf(", at the soonest %s after the answer", shortest.Round(time.Microsecond))
}

// refused lets the client read a list that is answered a status, whatever it asks
// for, and returns its attempts. The error is a verdict when it did not give up.
func refused(ctx context.Context, p *conformance.Partner, status int) ([]ticketCall, error) {
	defer p.Fault(fault.Rule{Operation: "listTickets", Status: status})()
	calls, ended, err := watched(ctx, p, AskReadTickets)
	if err != nil {
		return nil, err
	}
	attempts := operationsOf(calls, "listTickets")
	if len(attempts) == 0 {
		return nil, noList(calls)
	}
	first, last := attempts[0].Exchange, attempts[len(attempts)-1].Exchange
	expected := fmt.Sprintf("%d attempts at most, and then an end", aFew)
	switch { // how many are a few is ours, whatever was agreed on
	case len(attempts) > aFew:
		return nil, conformance.Warn(expected, fmt.Sprintf("%d, each answered %d", len(attempts), status), first, last)
	case !ended:
		return nil, conformance.Warn(expected, fmt.Sprintf("%d and no end in sight, while each was answered %d", len(attempts), status), first, last)
	}
	return attempts, nil
}
