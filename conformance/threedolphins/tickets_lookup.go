package threedolphins

import (
	"context"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/lazy"
)

// ticketLookUpChecks: what a client asks for of single tickets and customers.
var ticketLookUpChecks = []conformance.Check{
	ticketBodyCheck("ticket-data", "names the type of channel in channel_type when it reads a ticket's data with POST", lookingUp, "listTicketData", "3D-TKT-023", wholeBody),
	ticketBodyCheck("report", "sends all filters, both dates and ticketNumber when it asks for reported conversations", lookingUp, "reportConversations", "3D-HIS-016", wholeFilter),
	{
		ID: "3dolphins/tickets/channel-type", Title: "gives the type of a ticket's channel as its channelType, and not its ID",
		Requirements: []string{"3D-TKT-051"},
		Run:          namesTheType,
	},
	{
		ID: "3dolphins/tickets/history-dates", Title: "writes startDate and endDate of a history as yyyy-MM-dd",
		Requirements: []string{"3D-HIS-003", "3D-HIS-004"},
		Run:          datesOfHistory,
	},
	{
		ID: "3dolphins/tickets/contact", Title: "names the contact in contactId",
		Requirements: []string{"3D-CON-002"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := lookingUp.made(ctx, p, "getContact")
			if err != nil {
				return err
			}
			return conformance.JudgeEach(p, calls, func(_ *conformance.Partner, c ticketCall) error {
				if c.query.Get("contactId") == "" {
					return conformance.Fail("the contact's ID in contactId", "no contactId in "+c.Request.URL, c.Exchange)
				}
				return nil
			})
		},
	},
	{
		ID: "3dolphins/tickets/encoding", Title: "percent-encodes what it puts into a path or a query",
		Requirements: []string{"3D-TKT-003"},
		Run:          encodesValues,
	},
}

var dayForm = lazy.Regexp(`^\d{4}-\d{2}-\d{2}$`)

func datesOfHistory(ctx context.Context, p *conformance.Partner) error {
	calls, err := lookingUp.made(ctx, p, "listConversationByCustomer")
	if err != nil {
		return err
	}
	dated := where(calls, func(c ticketCall) bool { return c.query.Has("startDate") || c.query.Has("endDate") })
	if len(dated) == 0 {
		return conformance.NotApplicable("the client read a customer's history without startDate and endDate, which it may; one of them would decide this")
	}
	return conformance.JudgeEach(p, dated, func(_ *conformance.Partner, c ticketCall) error {
		for i, name := range []string{"startDate", "endDate"} {
			day, requirement := c.query.Get(name), []string{"3D-HIS-003", "3D-HIS-004"}[i]
			if _, err := time.Parse(time.DateOnly, day); c.query.Has(name) && (err != nil || !dayForm().MatchString(day)) {
				return conformance.Breaking(conformance.Fail(name+" as yyyy-MM-dd", name+"="+day, c.Exchange), requirement)
			}
		}
		return nil
	})
}
