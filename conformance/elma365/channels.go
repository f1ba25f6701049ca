package elma365

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// channelChecks: the messenger knows its channels, and learns of new ones and of
// the end of old ones.
var channelChecks = []conformance.Check{
	{
		ID: "elma365/webhook/unknown-channel", Title: "answers 404 to a message and a disconnect for a channel that it does not know",
		Requirements: []string{"ELMA365-GEN-004"},
		Run:          all(unknown, inUnknownChannel("", "message", "disconnect")),
	},
	{
		ID: "elma365/webhook/unknown-optional-channel", Title: "answers 404 to the other events when they carry a channelId that it does not know",
		Requirements: []string{"ELMA365-GEN-004"},
		Run:          all(unknownOptional, inUnknownChannel("", "messageOutcome", "userInfo", "markAsRead")),
	},
	{
		ID: "elma365/webhook/unknown-channel-foreign-token", Title: "rejects a foreign token for a channel that it does not know",
		Requirements: []string{"ELMA365-GEN-003", "ELMA365-GEN-004"},
		Run:          all(channelOrToken, inUnknownChannel("token", "message", "disconnect")),
	},
	{
		ID: "elma365/webhook/connect-new-channel", Title: "answers 200 to the connect of a new channel, and takes messages in it",
		Requirements: []string{"ELMA365-CON-002", "ELMA365-MSG-001"},
		Run: connecting(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			return each(ctx, p, accepted, inChannel(p, c, "message", "a message in the new channel"))
		}, asItIs),
	},
	{
		ID: "elma365/webhook/disconnect", Title: "answers disconnect with 200",
		Requirements: []string{"ELMA365-DIS-001"},
		Run: inNewChannel(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			return each(ctx, p, accepted, inChannel(p, c, "disconnect", "disconnect"))
		}),
	},
	{
		ID: "elma365/webhook/after-disconnect", Title: "answers 404 to a message in a channel that was disconnected",
		Requirements: []string{"ELMA365-DIS-005"},
		Run: inNewChannel(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			disconnected := p.DeliverRaw(ctx, inChannel(p, c, "disconnect", "disconnect").Raw)
			if accepted(p, "disconnect", disconnected) != nil {
				return conformance.CouldNotRun("the disconnect was not accepted; see elma365/webhook/disconnect", disconnected)
			}
			return each(ctx, p, closedChannel, inChannel(p, c, "message", "a message after disconnect"))
		}),
	},
	{
		ID: "elma365/webhook/connect-after-disconnect", Title: "takes messages in a new channel after another one was disconnected",
		Requirements: []string{"ELMA365-CON-002", "ELMA365-MSG-001"},
		Run: connecting(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			p.DeliverRaw(ctx, inChannel(p, c, "disconnect", "disconnect").Raw)
			return connecting(func(ctx context.Context, p *conformance.Partner, next mockserver.Channel) error {
				return each(ctx, p, accepted, inChannel(p, next, "message", "a message in a channel that was connected after another one was disconnected"))
			}, asItIs)(ctx, p)
		}, asItIs),
	},
	{
		ID: "elma365/webhook/disconnect-one", Title: "goes on with its other channels when one is disconnected",
		Requirements: []string{"ELMA365-GEN-002", "ELMA365-MSG-001"},
		Run: inNewChannel(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			p.DeliverRaw(ctx, inChannel(p, c, "disconnect", "disconnect").Raw)
			return each(ctx, p, accepted, valid(p, "message", "a message in the other channel", nil))
		}),
	},
	{
		ID: "elma365/webhook/foreign-disconnect", Title: "is not disconnected by a foreign token",
		Requirements: []string{"ELMA365-GEN-003"},
		Run: inNewChannel(func(ctx context.Context, p *conformance.Partner, c mockserver.Channel) error {
			if err := tokenCompared(p); err != nil {
				return err
			}
			first := inChannel(p, c, "message", "a message in a new channel")
			e := deliver(ctx, p, first)
			if err := accepted(p, first.what, e); err != nil {
				return err
			}
			_, chat := named(e) // which it has there from now on
			p.DeliverRaw(ctx, inChannel(p, c, "disconnect", "a disconnect with a foreign token", with("token", p.NewID("token"))).Raw)
			further := inChannel(p, c, "message", "a message after a disconnect with a foreign token",
				with("data.targetChatId", chat), with("data.text", "Is anybody there?"))
			further.Broken = false
			return each(ctx, p, accepted, further)
		}),
	},
}

// inUnknownChannel is events for a channel that nobody has connected, with
// another token if one is wanted.
func inUnknownChannel(token string, names ...string) func(*conformance.Partner) []request {
	return func(p *conformance.Partner) []request {
		var requests []request
		for _, event := range names {
			requests = append(requests, changed(p, event, event+" for an unknown channel", func(b map[string]any) {
				b["channelId"] = newChannelID(p)
				if token != "" {
					b["token"] = p.NewID(token)
				}
			}))
		}
		return requests
	}
}

// unknownOptional is unknown for events whose samples name no channel, so that the
// messenger need not look for one.
func unknownOptional(p *conformance.Partner, what string, e *traffic.Exchange) error {
	if e.Response != nil && e.Status() != http.StatusNotFound {
		p.Reading("ELMA365-R-14") // it decides that these are looked for too
	}
	return unknown(p, what, e)
}

// channelOrToken demands 404 or 401; which of them ELMA365-R-10 says.
func channelOrToken(p *conformance.Partner, what string, e *traffic.Exchange) error {
	what += " with a foreign token"
	if e.Status() != http.StatusNotFound && e.Status() != http.StatusUnauthorized {
		return unknown(p, what, e)
	}
	first := http.StatusNotFound
	if p.Reading("ELMA365-R-10") == "token-first" {
		first = http.StatusUnauthorized
	}
	if e.Status() != first {
		return conformance.Undetermined("ELMA365-R-10", fmt.Sprintf("%s was answered %d, not %d", what, e.Status(), first), e)
	}
	return nil
}

// closedChannel demands what ELMA365-R-31 says.
func closedChannel(p *conformance.Partner, what string, e *traffic.Exchange) error {
	want := http.StatusNotFound
	switch p.Reading("ELMA365-R-31") {
	case "closed-401":
		want = http.StatusUnauthorized
	case "still-open":
		want = e.Status()
	}
	switch {
	case e.Response == nil:
		return conformance.Unanswered(fmt.Sprint(want), what, e)
	case e.Status() == want && isDocumented(e):
		return nil
	}
	return conformance.Fail(fmt.Sprint(want), was(what, e), e)
}

// inChannel is an event for another channel than the run's.
func inChannel(p *conformance.Partner, c mockserver.Channel, event, what string, change ...func(map[string]any)) request {
	b := body(p, event, map[string]any{"channelId": c.ID, "token": c.Token})
	for _, how := range change {
		how(b)
	}
	r := request{mockserver.Raw{Event: event, Body: conformance.Encode(b), Broken: len(change) > 0}, what}
	r.Channel = c.ID
	return r
}

// inNewChannel runs a check in a channel that ELMA365 has just created, and puts
// everything back afterwards. A messenger that refuses the channel is not judged
// by a check that is about something else.
func inNewChannel(run func(context.Context, *conformance.Partner, mockserver.Channel) error) func(context.Context, *conformance.Partner) error {
	return connecting(run, func(refusal error) error {
		d := conformance.DeviationOf(refusal)
		if d.Verdict == conformance.VerdictUndetermined {
			return refusal
		}
		return conformance.CouldNotRun(d.Actual+"; see elma365/webhook/connect-new-channel", d.Exchanges...)
	})
}

// connecting is inNewChannel for checks that are about the connect.
func connecting(run func(context.Context, *conformance.Partner, mockserver.Channel) error, refused func(error) error) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		own := p.Channel()
		c, deliveries, err := p.Sandbox().OpenChannel(ctx, mockserver.Channel{
			ID: cmp.Or(p.World("other-channel"), newChannelID(p)), Vendor: own.Vendor, Name: own.Name, Token: own.Token, URL: own.URL,
		})
		if err != nil {
			return conformance.CouldNotRun("a second channel could not be opened: " + err.Error())
		}
		defer func() {
			p.DeliverRaw(ctx, inChannel(p, c, "disconnect", "disconnect").Raw)
			reconnect(ctx, p)
			p.Sandbox().RemoveChannel(c.ID)
		}()
		for _, d := range deliveries {
			if d.State != outbox.Delivered {
				return refused(notConnected(p, d))
			}
		}
		return run(ctx, p, c)
	}
}

func asItIs(err error) error { return err }

// notConnected judges a messenger that refuses the connect of a new channel.
func notConnected(p *conformance.Partner, d outbox.Delivery) error {
	var seen []*traffic.Exchange
	for _, id := range d.Attempts {
		if e, ok := p.Sandbox().Journal().Get(id); ok {
			seen = append(seen, e)
		}
	}
	actual := fmt.Sprintf("the connect of a new channel was answered %d", d.Status)
	if d.Status == 0 {
		actual = "the connect of a new channel was not answered: " + d.Error
	}
	switch {
	case d.Status >= 400 && p.World("other-channel") == "" && p.Reading("ELMA365-R-44") == "may-refuse":
		return conformance.Undetermined("ELMA365-R-44", actual+"; --other-channel names one that the messenger knows", seen...)
	case len(seen) == 1 && isDocumented(seen[0]) && p.Reading("ELMA365-R-19") == "any-documented":
		return conformance.Undetermined("ELMA365-R-19", actual, seen...)
	}
	return conformance.Fail("200", actual, seen...)
}
