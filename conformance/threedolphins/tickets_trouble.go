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
	aFew   = 10                    // attempts of one call
	aPause = 50 * time.Millisecond // between the answer and the next attempt
)

// ticketTroubleChecks: 3Dolphins fails.
var ticketTroubleChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/after-500", Title: "repeats a call that was answered 500 after a pause, and gives up after a few attempts",
		Requirements: []string{"3D-TKT-007"},
		Readings:     []string{"3D-R-34"},
		Level:        conformance.Should,
		Run: func(ctx context.Context, p *conformance.Partner) error {
			attempts, err := refused(ctx, p, http.StatusInternalServerError)
			if err != nil {
				return err
			}
			for i, next := range attempts[1:] {
				if gap := next.Time.Sub(attempts[i].ended()); gap < aPause {
					return conformance.Fail(fmt.Sprintf("a pause of %s at least after 500", aPause), fmt.Sprintf("the call again after %s", gap.Round(time.Microsecond)), attempts[i].Exchange, next.Exchange)
				}
			}
			p.Note("attempts of a call that was always answered 500: %d", len(attempts))
			return nil
		},
	},
}

// refused lets the client read a list that is answered a status, whatever it
// does, and returns the attempts that it made of one call. The error is a verdict
// when it did not give up.
func refused(ctx context.Context, p *conformance.Partner, status int) ([]ticketCall, error) {
	defer p.Fault(mockserver.Fault{Operation: "listTickets", Status: status})()
	calls, ended, err := watched(ctx, p, AskReadTickets)
	if err != nil {
		return nil, err
	}
	attempts := longest(operationsOf(calls, "listTickets"))
	if len(attempts) == 0 {
		return nil, noList(calls)
	}
	last := attempts[len(attempts)-1].Exchange
	expected := fmt.Sprintf("%d attempts of one call at most", aFew)
	if len(attempts) > aFew {
		return nil, conformance.Fail(expected, fmt.Sprintf("%d, each answered %d", len(attempts), status), attempts[0].Exchange, last)
	}
	if !ended {
		return nil, conformance.Fail(expected, fmt.Sprintf("no end within %s, while each was answered %d", p.Timing().Retry, status), last)
	}
	return attempts, nil
}

// longest are the attempts of the call that was made most often.
func longest(calls []ticketCall) []ticketCall {
	var found []ticketCall
	for _, c := range calls {
		if again := where(calls, c.same); len(again) > len(found) {
			found = again
		}
	}
	return found
}
