package threedolphins

import (
	"context"

	"github.com/parleykit/parley/conformance"
)

// namesTheType compares the channelType of bodies with what the client was told of the
// ticket's channel.
func namesTheType(ctx context.Context, p *conformance.Partner) error {
	if _, err := handlingATicket.made(ctx, p, "sendMessage", "updateTicket"); err != nil {
		return err
	}
	known := fieldsOf(runsTicketCalls(p))
	told := 0 // calls about a ticket whose channel the client was told
	err := conformance.JudgeEach(p, operationsOf(runsTicketCalls(p), "sendMessage", "updateTicket", "listTicketData"), func(_ *conformance.Partner, c ticketCall) error {
		name, given := c.channelType()
		ticket := known[c.ticket()]
		if given == "" || ticket["channelType"] == "" {
			return nil
		}
		told++
		const expected = "the type of the ticket's channel, "
		switch given {
		case ticket["channelType"]:
			return nil
		case ticket["channel"]:
			return conformance.Fail(expected+short(ticket["channelType"]), name+" "+short(given)+", which is the channel's ID", c.Exchange)
		}
		return conformance.Warn(expected+short(ticket["channelType"]), name+" "+short(given), c.Exchange)
	})
	if err == nil && told == 0 {
		return conformance.NotApplicable("the client named no type of channel of a ticket that it had read before; doing so would decide this")
	}
	return err
}

// channelType is what a body gives as the type of a channel, and under which name; one
// that is missing or no text has checks of its own.
func (c ticketCall) channelType() (name, given string) {
	for _, name := range []string{"channelType", "channel_type"} {
		if given := textOf(c.body, name); given != "" {
			return name, given
		}
	}
	return "", ""
}

// ticket is the number in a call's body, or at the end of its path.
func (c ticketCall) ticket() string {
	if number := textOf(c.body, "ticketNumber"); number != "" {
		return number
	}
	return lastSegment(c.path)
}
