package threedolphins

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// AskReply and AskClose ask the third party to act, in words that a person can
// follow; the word in parentheses is the operation. A third party that answers by
// itself is not asked to.
func AskReply(ticket string) string {
	return fmt.Sprintf("Let the customer of ticket %s be answered (%s). If your system does so by itself, there is nothing to do.", ticket, outgoing)
}

// AskClose asks for the end of a ticket; see AskReply.
func AskClose(ticket string) string {
	return fmt.Sprintf("Let your system close ticket %s (%s), if it can.", ticket, command)
}

// run is the Run of a check of the third party's own events. By 3D-R-01=headings
// 3Dolphins sends such events, and nothing is known of what a third party sends.
func run(judge func(context.Context, *conformance.Partner) error) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if p.Reading("3D-R-01") == "headings" {
			return conformance.Undetermined("3D-R-01", "by this reading 3Dolphins sends Outgoing and Command Events to the third party")
		}
		return judge(ctx, p)
	}
}

// deliver sends an Incoming Event that a check of the third party's events needs. What
// the third party says to one that was sent broken before is waited for first, so that
// it is not taken for the answer to this one.
func deliver(ctx context.Context, p *conformance.Partner, in request) error {
	if in.err != nil {
		return in.err
	}
	if err := answersNothing(p); err != nil {
		return err
	}
	if sent := deliveriesOf(p); len(sent) > 0 && sent[len(sent)-1].broken {
		p.Quiet(ctx, p.Timing().Quiet, nil)
	}
	return delivered(p, p.DeliverRaw(ctx, in.Raw))
}

// delivered says why an Incoming Event was of no use, which other checks judge.
func delivered(p *conformance.Partner, e *traffic.Exchange) error {
	err := p.Judge(func(p *conformance.Partner) error { return accepted(p, "the Incoming Event", e) }) // what follows does not rest on it
	if err != nil && conformance.DeviationOf(err).Verdict != conformance.VerdictUndetermined {
		return conformance.CouldNotRun(conformance.DeviationOf(err).Actual+"; see 3dolphins/webhook", e)
	}
	return nil
}

// answered lets a customer write and returns the third party's Outgoing Event for
// them, whatever is wrong with it.
func answered(ctx context.Context, p *conformance.Partner, in request) (event, error) {
	if err := deliver(ctx, p, in); err != nil {
		return event{}, err
	}
	return replied(ctx, p, in)
}

// replied waits for the answer to an Incoming Event. A third party that answers by
// itself does so while nothing is asked of it; another one is asked.
func replied(ctx context.Context, p *conformance.Partner, in request) (event, error) {
	if inVain(p, outgoing, in) {
		return event{}, conformance.CouldNotRun("the third party has sent no Outgoing Event, though it was asked to; see 3dolphins/client/reply")
	}
	matches := about(p, outgoing, in)
	found, err := p.AwaitFor(ctx, p.Timing().Quiet, 1, matches)
	if len(found) == 0 && ctx.Err() == nil {
		if v, ok := misdirected(p, in); ok && hasWaited(p, in) {
			return v, nil
		}
		if err = p.Provoke(ctx, AskReply(in.ticket())); err == nil {
			found, err = p.Await(ctx, 1, matches)
		}
	}
	if err == nil {
		return read(p, found[0]), nil
	}
	if v, ok := misdirected(p, in); ok && ctx.Err() == nil {
		return v, nil
	}
	return event{}, unheard(p, err)
}

// unheard tells who waits in vain where 3Dolphins listens.
func unheard(p *conformance.Partner, err error) error {
	d := conformance.DeviationOf(err)
	if d.Verdict != conformance.VerdictCouldNotRun {
		return err
	}
	copied := *d
	copied.Hint = "In this run 3Dolphins takes Outgoing Events at " + p.Channel().Address + "; let your system's settings name that URL."
	return &copied
}

// closed lets a customer write and asks the third party to close the ticket. It
// returns the Command Event, whatever is wrong with it. One that sends none when it
// is asked to does not close tickets.
func closed(ctx context.Context, p *conformance.Partner, in request) (event, error) {
	if err := deliver(ctx, p, in); err != nil {
		return event{}, err
	}
	return closedOf(ctx, p, in)
}

// closedOf is closed for a customer who has written already.
func closedOf(ctx context.Context, p *conformance.Partner, in request) (event, error) {
	none := conformance.NotApplicable("the third party sent no Command Event, not even when it was asked to close a ticket")
	if inVain(p, command, in) {
		return event{}, none
	}
	before := eventsOf(p, command)
	if err := p.Provoke(ctx, AskClose(in.ticket())); err != nil {
		return event{}, err
	}
	about := about(p, command, in)
	ends := func(e *traffic.Exchange) bool { return about(e) && read(p, e).isClose() }
	answers := func(e *traffic.Exchange) bool {
		return about(e) && !slices.ContainsFunc(before, func(v event) bool { return v.Exchange == e })
	}
	found, err := p.Await(ctx, 1, func(e *traffic.Exchange) bool { return ends(e) || answers(e) || isNews(read(p, e), before) })
	switch {
	case ctx.Err() != nil:
		return event{}, err
	case err != nil:
		return event{}, none
	case !ends(found[0]): // another ticket's, or another status; what was asked for may follow
		if right, err := p.AwaitFor(ctx, p.Timing().Quiet, 1, ends); err == nil {
			found = right
		} else if right := p.Calls(answers); len(right) > 0 {
			found = right
		}
	}
	v := read(p, found[0])
	if other := textOf(v.body, "event"); other != "" && !v.isClose() && comesUnasked(ctx, p, other) {
		return event{}, conformance.NotApplicable("the third party sent no Close when it was asked to close a ticket, and sends " + short(other) + " whether it is asked to or not")
	}
	return v, ctx.Err()
}

// isNews reports whether a Command Event came after those before, and is none of them
// that was not taken and is sent again.
func isNews(v event, before []event) bool {
	return v.kind == command && !slices.ContainsFunc(before, func(one event) bool {
		return one.Exchange == v.Exchange || one.ticket == v.ticket && one.said() == v.said() && one.Status() != http.StatusOK
	})
}

// about matches events of a kind that name a ticket, and those that name none or one
// of which 3Dolphins never wrote: these are what the check has to judge.
func about(p *conformance.Partner, kind string, in request) func(*traffic.Exchange) bool {
	others, answersBroken := otherTickets(p, in.ticket()), answersToBroken(p)
	return func(e *traffic.Exchange) bool {
		v := read(p, e)
		return v.kind == kind && !others[v.ticket] && !answersBroken(v)
	}
}

// inVain reports whether an earlier check has asked for such an event, and none has
// come: nobody should be asked again and again for what a system does not do.
func inVain(p *conformance.Partner, kind string, in request) bool {
	asking := map[string][]string{outgoing: {"3dolphins/client/"}, command: {"3dolphins/client/close", "3dolphins/client/command-"}}[kind]
	incoming := p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Operation == "events/incoming" })
	this := ""
	for _, e := range incoming {
		if bytes.Equal(e.Request.Body.Kept, in.Body) {
			this = e.Check
		}
	}
	asked := slices.ContainsFunc(incoming, func(e *traffic.Exchange) bool {
		return e.Check != this && slices.ContainsFunc(asking, func(prefix string) bool { return strings.HasPrefix(e.Check, prefix) })
	})
	return asked && len(eventsOf(p, kind)) == 0
}

// usable says why nothing can be seen by an event, which another check judges, or nil.
// Status is what the mock should have answered.
func usable(p *conformance.Partner, v event, in request, status int) error {
	switch {
	case !v.readable:
		return notUsed(v, "is not one JSON object", jsonCheck(v.kind))
	case !v.known():
		return notUsed(v, fmt.Sprintf("came as %s %s", v.Request.Method, v.Request.URL), urlCheck(v.kind))
	case v.ticket != in.ticket():
		return notUsed(v, "does not name the ticket", map[string]string{outgoing: "reply", command: "close-ticket"}[v.kind])
	case v.Status() == status:
		return nil
	case v.Status() == http.StatusUnauthorized && p.Reading("3D-R-05") == "bearer":
		return notUsed(v, "carries no valid token, which reading 3D-R-05=bearer demands", "")
	}
	why := fmt.Sprintf("was answered %d, not %d", v.Status(), status)
	if f, ok := v.finding(func(traffic.Finding) bool { return true }); ok {
		why += " (" + conformance.FindingText(f) + ")"
	}
	return notUsed(v, why, "")
}

func jsonCheck(kind string) string {
	if kind == command {
		return "command-json"
	}
	return "json"
}

func urlCheck(kind string) string {
	if kind == command {
		return "command-url"
	}
	return "url"
}

func notUsed(v event, why, check string) error {
	if check != "" {
		why += "; see 3dolphins/client/" + check
	}
	return conformance.CouldNotRun("the "+nameOf(v.kind)+" "+why, v.Exchange)
}

// nameOf is the vendor's name for a kind of event.
func nameOf(kind string) string {
	return map[string]string{outgoing: "Outgoing Event", command: "Command Event"}[kind]
}

// oneOf is nameOf with its article.
func oneOf(kind string) string {
	return map[string]string{outgoing: "an Outgoing Event", command: "a Command Event"}[kind]
}

func later(a, b event) time.Duration { return b.Time.Sub(a.Time).Round(time.Millisecond) }
