package elma365

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// retryChecks: the messenger sends a message again when it has to, the same one,
// and only then.
var retryChecks = []conformance.Check{
	{
		ID: "elma365/client/retry-after-500", Title: "sends a message again, with the same externalMessageId, after ELMA365 answered 500",
		Requirements: []string{"ELMA365-OUT-004", "ELMA365-OUT-005"},
		Run: retried(situation{
			fault: fault.Rule{Operation: "message", Status: http.StatusInternalServerError},
			first: http.StatusInternalServerError, what: "after 500",
			open: func(p *conformance.Partner) string {
				if p.Reading("ELMA365-R-26") != "either-or-500" {
					return "ELMA365-R-26"
				}
				return ""
			},
		}),
	},
	{
		ID: "elma365/client/retry-after-failed-outcome", Title: "sends a message again, with the same externalMessageId, after a messageOutcome with success false",
		Requirements: []string{"ELMA365-OUT-003", "ELMA365-OUT-005"},
		Run: retried(situation{
			fault: fault.Rule{Event: "messageOutcome", Set: map[string]any{"data.success": false}},
			first: http.StatusOK, what: "after success false", needsWebhook: true,
			open: func(p *conformance.Partner) string {
				return ifReading(p, "ELMA365-R-21", "own-id")
			},
		}),
	},
	{
		ID: "elma365/client/retry-after-silence", Title: "sends a message again, with the same externalMessageId, when no messageOutcome follows",
		Requirements: []string{"ELMA365-OUT-004", "ELMA365-OUT-005"},
		Run: retried(situation{
			fault: fault.Rule{Event: "messageOutcome", Lose: true},
			first: http.StatusOK, what: "without a messageOutcome",
			open: func(p *conformance.Partner) string {
				return ifReading(p, "ELMA365-R-26", "no-answer")
			},
		}),
	},
	{
		ID: "elma365/client/retry-contents", Title: "sends the same chat, user, text and files when it sends a message again",
		Requirements: []string{"ELMA365-OUT-006"},
		Run:          sameContents,
	},
	{
		ID: "elma365/client/no-repeat-after-success", Title: "does not send a message again after a messageOutcome with success true",
		Requirements: []string{"ELMA365-OUT-007"},
		Run:          noRepeat,
	},
}

// situation is one in which a message has to be sent again.
type situation struct {
	fault        fault.Rule
	first        int    // status of the first attempt
	what         string // "after 500"
	needsWebhook bool
	open         func(*conformance.Partner) string // the reading by which no retry is demanded; "" for none
}

func ifReading(p *conformance.Partner, id, option string) string {
	if p.Reading(id) == option {
		return id
	}
	return ""
}

// retried returns a Run that brings a message into the situation and demands that
// it comes again. The fault lasts until then: repeats of earlier messages, which
// nothing can tell apart before they come, must not use it up.
func retried(s situation) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if s.needsWebhook {
			if err := needsWebhook(p); err != nil {
				return err
			}
		}
		fault := s.fault
		fault.Channel = p.Channel().ID
		remove := p.Fault(fault)
		defer remove()
		first, err := wroteUsable(ctx, p, s.first)
		if err != nil {
			return err
		}
		seen, err := again(ctx, p, first, 2)
		renamed := func(c call) bool { return c.id != first.id }
		if err == nil && !slices.ContainsFunc(seen, renamed) && p.Reading("ELMA365-R-28") == "until-success" {
			seen, err = again(ctx, p, first, 3)
		}
		if i := slices.IndexFunc(seen, renamed); i >= 0 {
			c := seen[i]
			return conformance.Breaking(conformance.Fail("the message again with its externalMessageId "+first.id, "it came again with another one, "+c.id, first.Exchange, c.Exchange), "ELMA365-OUT-005")
		}
		if err != nil {
			return notRetried(p, s, first, seen, err)
		}
		p.Note("sent again %s later, %s", later(first, seen[1]), s.what)
		return nil
	}
}

// again waits until a message has come n times with its ID. Only when it has not is a
// later one with another new ID and the same contents taken for it: a client may say
// the same thing twice.
func again(ctx context.Context, p *conformance.Partner, first call, n int) ([]call, error) {
	found, err := p.AwaitFor(ctx, p.Timing().Retry, n, func(e *traffic.Exchange) bool {
		c := read(e)
		return c.isMessage() && c.id == first.id
	})
	if err != nil && ctx.Err() == nil {
		earlier := idsBefore(p, first)
		found = p.Calls(func(e *traffic.Exchange) bool {
			c := read(e)
			return c.isMessage() && (c.id == first.id || !earlier[c.id] && c.said() == first.said() && after(e, first.Exchange))
		})
		if len(found) >= n {
			err = nil
		}
	}
	return readAll(found, nil), err
}

func notRetried(p *conformance.Partner, s situation, first call, seen []call, err error) error {
	if conformance.DeviationOf(err).Verdict != conformance.VerdictCouldNotRun || len(seen) == 0 {
		return err
	}
	actual := fmt.Sprintf("%s it came %s within %s", s.what, often(len(seen)), p.Timing().Retry)
	if open := openRetry(p, s.open); open != "" {
		return conformance.Undetermined(open, actual, first.Exchange)
	}
	err = conformance.Fail("the message "+first.id+" again", actual, first.Exchange)
	return conformance.WithHint(conformance.Breaking(err, "ELMA365-OUT-003", "ELMA365-OUT-004"),
		"A messenger that waits longer needs a longer limit: --retry-wait.")
}

// openRetry is the reading by which nothing follows from a message that did not come
// again, or "". No page says how long a messenger may wait; one that has sent others
// again in this run has shown how long it does.
func openRetry(p *conformance.Partner, open func(*conformance.Partner) string) string {
	if reading := open(p); reading != "" {
		return reading
	}
	if p.Reading("ELMA365-R-47") == "nobody-named" {
		return "ELMA365-R-47"
	}
	if usual := usualPause(p); usual > 0 && patience*usual <= p.Timing().Retry {
		return ""
	}
	if p.Reading("ELMA365-R-27") == "no-limit" {
		return "ELMA365-R-27"
	}
	return ""
}

// patience is how many of its longest pauses a messenger is waited for.
const patience = 3

func often(n int) string {
	if n == 1 {
		return "only once"
	}
	return fmt.Sprintf("%d times", n)
}
