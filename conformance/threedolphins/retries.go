package threedolphins

import (
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// retryChecks: the third party does not take an error, or a broken connection, for success. No page says
// what it does instead, so they are undetermined unless 3D-R-14 is switched.
var retryChecks = []conformance.Check{
	retryCheck("after-401", "sends a reply again after 401", outgoing, fault.Rule{Status: http.StatusUnauthorized}),
	retryCheck("after-500", "sends a reply again after 500", outgoing, fault.Rule{Status: http.StatusInternalServerError}),
	retryCheck("after-silence", "sends a reply again when it was not answered", outgoing, fault.Rule{Answer: fault.AnswerEmpty}),
	retryCheck("close-after-500", "sends the Close of a ticket again after 500", command, fault.Rule{Status: http.StatusInternalServerError}),
}

func retryCheck(name, title, kind string, trouble fault.Rule) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/client/" + name, Title: title,
		Requirements: []string{"3D-INT-056"},
		Run: run(func(ctx context.Context, p *conformance.Partner) error {
			in := incoming(ctx, p, "a text", nil)
			if in.err != nil {
				return in.err
			}
			for _, where := range troubled(kind, in) {
				fault := trouble
				fault.Operation, fault.Times, fault.Where = kind, 1, where
				p.Fault(fault)
			}
			first, err := provoked[kind](ctx, p, in)
			if err != nil {
				return err
			}
			if err := usable(p, first, in, trouble.Status); err != nil {
				return err
			}
			return sentAgain(ctx, p, first)
		}),
	}
}

// troubled are the events that meet the trouble: those of a ticket, and of Command Events
// the one that closes it, which others may precede.
func troubled(kind string, in request) []map[string]any {
	if kind != command {
		return []map[string]any{{"ticketNumber": in.ticket()}}
	}
	var closings []map[string]any
	for _, spelling := range []string{"Close", "close", "CLOSE"} { // 3D-R-27
		closings = append(closings, map[string]any{"ticketNumber": in.ticket(), "event": spelling})
	}
	return closings
}

// sentAgain waits for an event to come a second time as it was: 3D-R-14. A reading
// that demands nothing is not waited for.
func sentAgain(ctx context.Context, p *conformance.Partner, first event) error {
	open, limit := p.Reading("3D-R-14") != "send-again", p.Timing().Retry
	if open {
		limit = p.Timing().Quiet
	}
	found, err := p.AwaitFor(ctx, limit, 2, func(e *traffic.Exchange) bool {
		v := read(p, e)
		return v.kind == first.kind && v.ticket == first.ticket && (v.kind == outgoing || v.said() == first.said())
	})
	if ctx.Err() != nil {
		return err
	}
	var again event
	after := "without an answer"
	if first.Status() != 0 {
		after = fmt.Sprintf("after %d", first.Status())
	}
	what := fmt.Sprintf("%s it did not come again within %s", after, limit)
	if err == nil {
		again = read(p, found[1])
		what = fmt.Sprintf("%s it came again %s later", after, later(first, again))
	}
	switch {
	case open:
		return conformance.Undetermined("3D-R-14", what, found...)
	case err != nil:
		return &conformance.Deviation{Verdict: conformance.VerdictFail, Expected: "the " + nameOf(first.kind) + " again", Actual: what, Exchanges: found,
			Hint: "A third party that waits longer needs a longer limit: --retry-wait."}
	case again.said() != first.said():
		return conformance.Fail("the "+nameOf(first.kind)+" again as it was", "it came again with another message", found...)
	}
	p.Note("%s", what)
	return nil
}
