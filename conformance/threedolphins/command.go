package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// commandChecks: not every third party closes tickets; every Command Event of one that
// does is as documented.
var commandChecks = []conformance.Check{
	{
		ID: "3dolphins/client/command-url", Title: "sends Command Events by POST to the URL at which 3Dolphins takes them",
		Requirements: []string{"3D-INT-071"},
		Run:          everyEvent(command, rightURL),
	},
	{
		ID: "3dolphins/client/command-content-type", Title: "sends Command Events as application/json, in UTF-8",
		Requirements: []string{"3D-INT-057"},
		Run:          everyEvent(command, jsonInUTF8),
	},
	{
		ID: "3dolphins/client/command-json", Title: "sends a Command Event as one JSON object",
		Requirements: []string{"3D-INT-060"},
		Run:          everyEvent(command, oneObject),
	},
	memberCheck(command, "command-ticket-number", "ticketNumber", "3D-INT-061"),
	memberCheck(command, "command-channel", "channel", "3D-INT-062"),
	memberCheck(command, "command-owner", "owner", "3D-INT-063"),
	memberCheck(command, "command-event", "event", "3D-INT-064"),
}

// closeChecks: a third party that closes a ticket closes the right one, once.
var closeChecks = []conformance.Check{
	{
		ID: "3dolphins/client/close", Title: "closes a ticket with the event Close",
		Requirements: []string{"3D-INT-065"},
		Run:          run(closesWithClose),
	},
	{
		ID: "3dolphins/client/close-ticket", Title: "closes the ticket that it was asked to close",
		Requirements: []string{"3D-INT-066"},
		Run:          run(closesTicket),
	},
	{
		ID: "3dolphins/client/close-channel-and-owner", Title: "closes a ticket with the channel and the owner of its Incoming Event",
		Requirements: []string{"3D-INT-052"},
		Run:          run(sameChannelAndOwner(closed)),
	},
	{
		ID: "3dolphins/client/close-once", Title: "closes a ticket once",
		Requirements: []string{"3D-INT-069"},
		Run:          run(closesOnce),
	},
}

// closesWithClose: 3D-R-27.
func closesWithClose(ctx context.Context, p *conformance.Partner) error {
	v, err := closed(ctx, p, incoming(ctx, p, "a text", nil))
	if err != nil {
		return err
	}
	given, isText := v.body["event"].(string)
	switch {
	case !v.readable:
		return notUsed(v, "is not one JSON object", "command-json")
	case !isText:
		return notUsed(v, "has no text as event", "command-event")
	case v.closes(p):
		return nil
	}
	return conformance.Fail("event Close", given, v.Exchange)
}

// comesUnasked reports whether a Command Event with this event comes for a customer whose
// ticket nobody asked to close: it then tells another status than that of a closed ticket.
func comesUnasked(ctx context.Context, p *conformance.Partner, given string) bool {
	in := incoming(ctx, p, "a text", nil)
	if deliver(ctx, p, in) != nil {
		return false
	}
	_, err := p.AwaitFor(ctx, p.Timing().Quiet, 1, func(e *traffic.Exchange) bool {
		v := read(p, e)
		return v.kind == command && v.ticket == in.ticket() && textOf(v.body, "event") == given
	})
	return err == nil
}

// isClose reports whether the event of a Command Event may be meant to be Close.
func (v event) isClose() bool { return strings.EqualFold(textOf(v.body, "event"), "Close") }

// closes reports whether the event of a Command Event is Close; its case is 3D-R-27.
func (v event) closes(p *conformance.Partner) bool {
	given := textOf(v.body, "event")
	return given == "Close" || v.isClose() && p.Reading("3D-R-27") == "any-case"
}

// closesTicket lets another customer write after the one whose ticket is to be closed,
// and looks at the ticket in the end.
func closesTicket(ctx context.Context, p *conformance.Partner) error {
	in := incoming(ctx, p, "a text", nil)
	if err := deliver(ctx, p, in); err != nil {
		return err
	}
	newer := incoming(ctx, p, "another customer's text", map[string]any{"customerName": "Misal Penguji"})
	if newer.err != nil {
		return newer.err
	}
	if err := delivered(p, p.DeliverRaw(ctx, newer.Raw)); err != nil {
		return err
	}
	v, err := closedOf(ctx, p, in)
	if err != nil {
		return err
	}
	if v.ticket != "" && v.ticket != in.ticket() {
		return sameTicket(v, in)
	}
	if err := usable(p, v, in, http.StatusOK); err != nil {
		return err
	}
	if !v.closes(p) {
		return notUsed(v, "has another event than Close", "close")
	}
	state, err := stateOf(p)
	if err != nil {
		return err
	}
	for _, t := range state.Tickets {
		if t.Number == in.ticket() && t.Members["status"] != "Closed" {
			return conformance.Fail("ticket "+in.ticket()+" closed", fmt.Sprintf("it is %v", t.Members["status"]), v.Exchange)
		}
	}
	return nil
}

// closesOnce looks for a further Command Event about a ticket that is closed.
func closesOnce(ctx context.Context, p *conformance.Partner) error {
	in := incoming(ctx, p, "a text", nil)
	v, err := closed(ctx, p, in)
	if err != nil {
		return err
	}
	if err := usable(p, v, in, http.StatusOK); err != nil {
		return err
	}
	p.Quiet(ctx, p.Timing().Quiet, nil)
	if seen := alike(p, v); len(seen) != 1 {
		return conformance.Fail("one Command Event", fmt.Sprintf("%d within %s after the first was taken", len(seen), p.Timing().Quiet), seen...)
	}
	return nil
}

// alike are the events of the check that say the same of the same ticket.
func alike(p *conformance.Partner, v event) []*traffic.Exchange {
	return p.Calls(func(e *traffic.Exchange) bool {
		one := read(p, e)
		return one.kind == v.kind && one.ticket == v.ticket && one.said() == v.said()
	})
}
