package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
)

// Assumed: no page says how often a call may be made again, or after how long.
const (
	aFew   = 10                    // attempts
	aPause = 50 * time.Millisecond // between the answer and the next attempt
)

// ticketTroubleChecks: 3Dolphins fails.
var ticketTroubleChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/after-500", Title: "does not repeat a call that was answered 500 without a pause and without end",
		Requirements: []string{"3D-TKT-007"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			attempts, err := refused(ctx, p, http.StatusInternalServerError)
			if err != nil {
				return err
			}
			if err := pauses(attempts); err != nil {
				return err
			}
			p.Note("attempts of a call that was always answered 500: %d", len(attempts))
			return nil
		},
	},
}

// pauses judges how soon calls come again.
func pauses(attempts []ticketCall) error {
	for i, before := range attempts {
		again := where(attempts[i+1:], func(c ticketCall) bool { return c.same(before) && !c.Time.Before(before.ended()) })
		if len(again) == 0 {
			continue
		}
		if gap := again[0].Time.Sub(before.ended()); gap < aPause {
			return conformance.Fail(fmt.Sprintf("a pause of %s at least after 500", aPause), fmt.Sprintf("the call again after %s", gap.Round(time.Microsecond)), before.Exchange, again[0].Exchange)
		}
	}
	return nil
}

// refused lets the client read a list that is answered a status, whatever it asks
// for, and returns its attempts. The error is a verdict when it did not give up.
func refused(ctx context.Context, p *conformance.Partner, status int) ([]ticketCall, error) {
	defer p.Fault(mockserver.Fault{Operation: "listTickets", Status: status})()
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
	switch {
	case len(attempts) > aFew:
		return nil, conformance.Fail(expected, fmt.Sprintf("%d, each answered %d", len(attempts), status), first, last)
	case !ended:
		return nil, conformance.Fail(expected, fmt.Sprintf("%d and no end in sight, while each was answered %d", len(attempts), status), first, last)
	}
	return attempts, nil
}
