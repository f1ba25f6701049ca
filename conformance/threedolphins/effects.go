package threedolphins

import (
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// effectChecks: what the third party sends reaches the customer who wrote, once.
var effectChecks = []conformance.Check{
	{
		ID: "3dolphins/client/reply", Title: "names the customer's ticket when it answers",
		Requirements: []string{"3D-INT-051"},
		Run: run(func(ctx context.Context, p *conformance.Partner) error {
			in := incoming(ctx, p, "a text", nil)
			v, err := answered(ctx, p, in)
			if err != nil {
				return err
			}
			return sameTicket(v, in)
		}),
	},
	{
		ID: "3dolphins/client/two-customers", Title: "answers two customers who write at once each in their own ticket",
		Requirements: []string{"3D-INT-051"},
		Run:          run(twoCustomers),
	},
	{
		ID: "3dolphins/client/channel-and-owner", Title: "answers with the channel and the owner of the Incoming Event",
		Requirements: []string{"3D-INT-052"},
		Run:          run(sameChannelAndOwner(answered)),
	},
	{
		ID: "3dolphins/client/customer", Title: "names the customer as the Incoming Event does, whole and letter by letter",
		Requirements: []string{"3D-INT-058", "3D-INT-072"},
		Run:          run(sameCustomer),
	},
	{
		ID: "3dolphins/client/once", Title: "sends a reply once, so that the customer reads it once",
		Requirements: []string{"3D-INT-055"},
		Run:          run(replyOnce),
	},
}

// sameTicket demands the number of the ticket in the Incoming Event.
func sameTicket(v event, in request) error {
	switch {
	case !v.readable:
		return notUsed(v, "is not one JSON object", jsonCheck(v.kind))
	case v.body["ticketNumber"] == nil:
		return conformance.Fail("ticketNumber "+in.ticket(), "none", v.Exchange)
	case v.ticket != in.ticket():
		return conformance.Fail("ticketNumber "+in.ticket(), fmt.Sprint(v.body["ticketNumber"]), v.Exchange)
	}
	return nil
}

// twoCustomers lets both write before either is answered, as far as the third
// party lets it.
func twoCustomers(ctx context.Context, p *conformance.Partner) error {
	both := []request{incoming(ctx, p, "a text", nil), incoming(ctx, p, "another customer's text", map[string]any{"customerName": "Misal Penguji"})}
	for _, in := range both {
		if in.err != nil {
			return in.err
		}
	}
	for _, e := range atOnce(ctx, p, both) {
		if err := delivered(p, e); err != nil {
			return err
		}
	}
	for i, in := range both {
		v, err := replied(ctx, p, in)
		if err != nil {
			return confused(p, in, both[1-i], err)
		}
		if err := sameTicket(v, in); err != nil {
			return err
		}
	}
	return nil
}

// confused says that one customer was answered more than once while the other, who
// has written as much, was not answered at all, or err.
func confused(p *conformance.Partner, in, other request, err error) error {
	var seen []event
	for _, e := range p.Calls(nil) {
		if v := read(p, e); v.kind == outgoing && v.ticket == other.ticket() {
			seen = append(seen, v)
		}
	}
	if len(seen) < 2 {
		return err
	}
	return conformance.Fail("an Outgoing Event for each of the tickets "+in.ticket()+" and "+other.ticket(),
		fmt.Sprintf("%d for %s and none for %s", len(seen), other.ticket(), in.ticket()), seen[0].Exchange, seen[1].Exchange)
}

// sameChannelAndOwner lets a customer write from another channel and tenant than
// those of the samples.
func sameChannelAndOwner(act func(context.Context, *conformance.Partner, request) (event, error)) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if p.Contract().Chosen("3D-R-20") == "not-compared" {
			return conformance.NotApplicable("by reading 3D-R-20=not-compared neither is compared")
		}
		in := incoming(ctx, p, "a text", map[string]any{"channel": "telegrambot", "owner": "82ab0fd5cfd1e80d1ff97c0cfc9bbbb"})
		v, err := act(ctx, p, in)
		if err != nil {
			return err
		}
		if err := usable(p, v, in, http.StatusOK); err != nil {
			return err
		}
		var verdicts []error
		for _, name := range []string{"channel", "owner"} {
			if given, there := v.body[name]; there && given != in.body[name] {
				p.Reading("3D-R-20")
				verdicts = append(verdicts, conformance.Fail("the channel and the owner of the Incoming Event", fmt.Sprintf("%s %q instead of %q", name, given, in.body[name]), v.Exchange))
			}
		}
		return conformance.Join(verdicts...)
	}
}

// replyOnce looks at what the customer has read in the end.
func replyOnce(ctx context.Context, p *conformance.Partner) error {
	in := incoming(ctx, p, "a text", nil)
	v, err := answered(ctx, p, in)
	if err != nil {
		return err
	}
	if err := usable(p, v, in, http.StatusOK); err != nil {
		return err
	}
	p.Quiet(ctx, p.Timing().Quiet, nil)
	state, err := stateOf(p)
	if err != nil {
		return err
	}
	kept := 0
	for _, m := range state.Messages {
		if m.Members["answer"] == true && m.Ticket == in.ticket() && m.Type == textOf(v.body, "messageType") && m.Media == textOf(v.body, "mediaLink") && m.Members["message"] == v.body["message"] {
			kept++
		}
	}
	if kept != 1 {
		return conformance.Fail("the reply once in the ticket's conversation", fmt.Sprintf("%d times", kept), alike(p, v)...)
	}
	p.Note("the reply is in the conversation of ticket %s once, %s after it was taken", in.ticket(), p.Timing().Quiet)
	return nil
}

func stateOf(p *conformance.Partner) (threedolphins.State, error) {
	state, ok := p.Sandbox().State()[p.Contract().ID].(threedolphins.State)
	if !ok {
		return state, conformance.CouldNotRun("the mock does not tell what 3Dolphins remembers")
	}
	return state, nil
}
