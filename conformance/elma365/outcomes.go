package elma365

import (
	"context"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
)

// unsettled lets the messenger write messages of which it is told no outcome until
// remove is called.
func unsettled(ctx context.Context, p *conformance.Partner, n int) (written []call, remove func(), err error) {
	remove = p.Fault(fault.Rule{Event: "messageOutcome", Lose: true, Channel: p.Channel().ID})
	for range n {
		c, err := wroteUsable(ctx, p, http.StatusOK)
		if err != nil {
			return nil, remove, err
		}
		written = append(written, c)
	}
	return written, remove, nil
}

// outcomeOfOne keeps two messages in flight, tells the success of the second and the
// failure of the first: a messenger that takes one outcome for the outcome of all
// cannot send the first again.
func outcomeOfOne(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	written, remove, err := unsettled(ctx, p, 2)
	defer remove()
	if err != nil {
		return err
	}
	first, second := written[0], written[1]
	outcome := func(c call, success bool) error {
		e := p.DeliverRaw(ctx, valid(p, "messageOutcome", "", map[string]any{"data.messageId": c.id, "data.success": success}).Raw)
		if !succeeded(p, e) {
			return conformance.CouldNotRun("the messenger did not accept a messageOutcome; see elma365/client/own-outcome", e)
		}
		return nil
	}
	if err := conformance.Join(outcome(second, true), outcome(first, false)); err != nil {
		return err
	}
	before := len(p.Calls(sameID(first)))
	if _, err := p.AwaitFor(ctx, p.Timing().Retry, before+1, sameID(first)); err == nil {
		return nil
	}
	actual := "after the success of message " + second.id + " it did not come again, though it had failed"
	if open := openRetry(p, func(p *conformance.Partner) string { return ifReading(p, "ELMA365-R-21", "own-id") }); open != "" {
		return conformance.Undetermined(open, actual, first.Exchange, second.Exchange)
	}
	return conformance.Fail("the message "+first.id+" again", actual, first.Exchange, second.Exchange)
}
