package elma365

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// sameContents looks at all messages of the run that came more than once.
func sameContents(ctx context.Context, p *conformance.Partner) error {
	repeated, err := repeats(ctx, p)
	if err != nil {
		return err
	}
	var verdicts []error
	for _, copies := range repeated {
		for _, c := range copies[1:] {
			if c.said() != copies[0].said() {
				verdicts = append(verdicts, conformance.Fail("the message "+c.id+" again as it was",
					"it came again with "+difference(copies[0], c), copies[0].Exchange, c.Exchange))
				break
			}
		}
	}
	return conformance.Join(verdicts...)
}

// repeats are the messages that came more than once, by their ID. If there is none
// yet, one is provoked.
func repeats(ctx context.Context, p *conformance.Partner) ([][]call, error) {
	if found := grouped(messages(p)); len(found) > 0 {
		return found, nil
	}
	if err := needsWebhook(p); err != nil {
		return nil, err
	}
	remove := p.Fault(fault.Rule{Event: "messageOutcome", Set: map[string]any{"data.success": false}, Channel: p.Channel().ID})
	defer remove()
	first, err := wroteUsable(ctx, p, http.StatusOK)
	if err != nil {
		return nil, err
	}
	if _, err := again(ctx, p, first, 2); err != nil {
		return nil, notRepeated(p, "no message came again", "retry-after-failed-outcome", first)
	}
	found := grouped(messages(p))
	if len(found) == 0 {
		return nil, conformance.CouldNotRun("no message came again with its ID; see elma365/client/retry-after-failed-outcome", first.Exchange)
	}
	return found, nil
}

// notRepeated is the verdict of a check that needs a repeated message and got
// none, which another check judges.
func notRepeated(p *conformance.Partner, why, check string, c call) error {
	noAnswer := func(p *conformance.Partner) string { return ifReading(p, "ELMA365-R-26", "no-answer") }
	if open := openRetry(p, noAnswer); open != "" {
		return conformance.Undetermined(open, why, c.Exchange)
	}
	return conformance.CouldNotRun(why+"; see elma365/client/"+check, c.Exchange)
}

// grouped are the messages that came more than once, each with all its copies.
func grouped(all []call) [][]call {
	at := map[string]int{}
	var groups, several [][]call
	for _, c := range all {
		if c.id == "" {
			continue
		}
		i, ok := at[c.id]
		if !ok {
			i = len(groups)
			at[c.id], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	for _, g := range groups {
		if len(g) > 1 {
			several = append(several, g)
		}
	}
	return several
}

func difference(a, b call) string {
	for _, name := range []string{"externalChatId", "externalUserId", "text", "files"} {
		if !equalJSON(a.data[name], b.data[name]) {
			return "another data." + name
		}
	}
	return "other data"
}

// usualPause is the longest that the messenger has waited before it sent a message
// again in this run; 0 when it has sent none again.
func usualPause(p *conformance.Partner) time.Duration {
	var longest time.Duration
	for _, copies := range grouped(messages(p)) {
		for i := range copies[1:] {
			longest = max(longest, copies[i+1].Time.Sub(copies[i].Time))
		}
	}
	return longest
}

// noRepeat looks at the messages after the outcome was acknowledged. One that was
// on its way at that moment is no repeat.
func noRepeat(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	if p.Reading("ELMA365-R-21") == "own-id" {
		return conformance.Undetermined("ELMA365-R-21", "by this reading the messenger cannot know which message had its success")
	}
	first, err := wroteUsable(ctx, p, http.StatusOK)
	if err != nil {
		return err
	}
	told, err := outcomeOf(ctx, p, first.id)
	if err != nil {
		return err
	}
	if !succeeded(p, told.Exchange) {
		return conformance.CouldNotRun("the messenger did not accept the messageOutcome; see elma365/client/own-outcome", told.Exchange)
	}
	window := min(p.Timing().Quiet+usualPause(p), p.Timing().Retry)
	settled := told.Time.Add(told.Duration).Add(p.Timing().Quiet / 10)
	repeated := p.Quiet(ctx, window, func(e *traffic.Exchange) bool {
		c := read(e)
		return c.isMessage() && c.id == first.id && e.Time.After(settled)
	})
	if len(repeated) == 0 {
		p.Note("it did not come again within %s after its success", window.Round(time.Millisecond))
		return nil
	}
	return conformance.Fail("no further call with "+first.id, fmt.Sprintf("%d more within %s after its success", len(repeated), window.Round(time.Millisecond)), append(repeated, told.Exchange)...)
}
