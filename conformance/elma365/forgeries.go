package elma365

import (
	"context"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// forgeryChecks: the messenger goes where connect leads it, and is not led astray
// by what comes with a foreign token.
var forgeryChecks = []conformance.Check{
	{
		ID: "elma365/client/new-webhook", Title: "calls the URL of its channel's latest connect, as it was given",
		Requirements: []string{"ELMA365-CON-011"},
		Run:          newWebhook,
	},
	{
		ID: "elma365/client/foreign-connect", Title: "does not take a new URL from a connect with a foreign token",
		Requirements: []string{"ELMA365-GEN-003", "ELMA365-CON-008"},
		Run:          foreignConnect,
	},
	{
		ID: "elma365/client/foreign-outcome", Title: "does not take a message for processed by a messageOutcome with a foreign token",
		Requirements: []string{"ELMA365-GEN-003", "ELMA365-OUT-004"},
		Run:          foreignOutcome,
	},
}

// newWebhook connects the channel again with a query behind its URL, which a
// messenger that builds the URL itself does not know.
func newWebhook(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	address := p.Channel().Address + "?connect=" + p.NewID("connect")
	defer reconnect(ctx, p)
	e := p.DeliverRaw(ctx, valid(p, "connect", "connect", map[string]any{"data.webhook": address}).Raw)
	if accepted(p, "connect", e) != nil {
		return conformance.CouldNotRun("the messenger does not accept the connect of its channel again; see elma365/webhook/connect-again", e)
	}
	c, err := wrote(ctx, p)
	if err != nil {
		return err
	}
	if err := followable(c); err != nil {
		return err
	}
	if c.Request.URL != requestURI(address) {
		return conformance.Fail("a call to "+requestURI(address), "it went to "+c.Request.URL, e, c.Exchange)
	}
	return nil
}

func foreignConnect(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	if err := tokenCompared(p); err != nil {
		return err
	}
	elsewhere := newChannelID(p)
	address := strings.TrimSuffix(p.Channel().Address, p.Channel().ID) + elsewhere
	defer reconnect(ctx, p)
	forged := changed(p, "connect", "connect", func(b map[string]any) {
		with("token", p.NewID("token"))(b)
		with("data.webhook", address)(b)
	})
	e := p.DeliverRaw(ctx, forged.Raw)
	c, err := wrote(ctx, p)
	if err != nil {
		return err
	}
	if c.Channel == elsewhere {
		return conformance.Fail("a call to "+requestURI(p.Channel().Address), "it went to the URL of the forged connect, with the token", e, c.Exchange)
	}
	return usable(p, c, http.StatusOK)
}

// foreignOutcome loses the true outcome, so that only the forged one arrives.
func foreignOutcome(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	if err := tokenCompared(p); err != nil {
		return err
	}
	written, remove, err := unsettled(ctx, p, 1)
	defer remove()
	if err != nil {
		return err
	}
	first := written[0]
	forged := changed(p, "messageOutcome", "messageOutcome", func(b map[string]any) {
		with("token", p.NewID("token"))(b)
		with("data.messageId", first.id)(b)
		with("data.success", true)(b)
	})
	if early := p.Calls(sameID(first)); len(early) > 1 {
		return conformance.CouldNotRun("the message came again before a forged outcome could be sent", early...)
	}
	e := p.DeliverRaw(ctx, forged.Raw)
	if _, err := again(ctx, p, first, 2); err != nil {
		noAnswer := func(p *conformance.Partner) string { return ifReading(p, "ELMA365-R-26", "no-answer") }
		if open := openRetry(p, noAnswer); open != "" {
			return conformance.Undetermined(open, "the message did not come again", first.Exchange, e)
		}
		return conformance.Fail("the message "+first.id+" again, since only a forged outcome came", "it did not come again within "+p.Timing().Retry.String(), first.Exchange, e)
	}
	return nil
}

func sameID(first call) func(*traffic.Exchange) bool {
	return func(e *traffic.Exchange) bool { return read(e).id == first.id }
}
