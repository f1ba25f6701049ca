package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
)

// ticketChangeChecks: what was done is not done again.
var ticketChangeChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/no-repeat", Title: "does not repeat a change that was answered with success",
		Requirements: []string{"3D-TKT-006"},
		Run:          noChangeTwice,
	},
}

// readers are operations that are no GET and change nothing.
var readers = []string{"getToken", "refreshToken", "listTicketData", "reportConversations", "transformButtonMessage"}

// changes reports whether a call changes something. Of files it is not known
// whether two are the same.
func (c ticketCall) changes() bool {
	return c.operation != "" && c.Request.Method != http.MethodGet && !slices.Contains(readers, c.operation) && !strings.HasPrefix(c.operation, "upload")
}

func noChangeTwice(ctx context.Context, p *conformance.Partner) error {
	calls, err := asked(ctx, p, AskHandleTicket)
	if err != nil {
		return err
	}
	made := where(calls, ticketCall.changes)
	if len(made) == 0 {
		if err := barred(calls); err != nil {
			return err
		}
		return conformance.NotApplicable("the client changed nothing, although it was asked to; sendMessage, an update, reassigning or closing would decide this")
	}
	done := where(made, ticketCall.succeeded)
	for _, first := range done {
		again := where(made, func(c ticketCall) bool {
			return c.same(first) && !c.Time.Before(first.ended()) && c.Exchange != first.Exchange
		})
		if len(again) > 0 {
			return conformance.Fail("each change once", first.operation+" again after its success", first.Exchange, again[0].Exchange)
		}
	}
	if len(done) == 0 {
		last := made[len(made)-1]
		return conformance.CouldNotRun(fmt.Sprintf("no change of the client's was answered with success; the last was answered %d", last.Status()), last.Exchange)
	}
	return nil
}
