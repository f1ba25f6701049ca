package elma365

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// loadChecks: the messenger acknowledges much at once. How fast it does is
// measured and not judged, because the page names no time.
var loadChecks = []conformance.Check{
	{
		ID: "elma365/webhook/twenty-at-once", Title: "accepts 20 operators' messages that arrive at once",
		Requirements: []string{"ELMA365-GEN-028"},
		Run:          twentyAtOnce,
	},
	{
		ID: "elma365/webhook/acknowledgement", Title: "acknowledges 10 messages of one chat, one after another, in time",
		Requirements: []string{"ELMA365-MSG-001"},
		Run:          acknowledgement,
	},
	{
		ID: "elma365/webhook/slow-reader", Title: "acknowledges messages while ELMA365 is slow to read other answers",
		Requirements: []string{"ELMA365-GEN-028"},
		Run:          slowReader,
	},
}

func twentyAtOnce(ctx context.Context, p *conformance.Partner) error {
	var requests []request
	chat := busyChat(ctx, p)
	for i := range 20 {
		requests = append(requests, valid(p, "message", fmt.Sprintf("message %d of 20", i+1), map[string]any{
			"data.targetChatId": chat, "data.text": fmt.Sprintf("Message %d of 20", i+1),
		}))
	}
	return together(ctx, p, requests, "20 messages at once", 0)
}

func acknowledgement(ctx context.Context, p *conformance.Partner) error {
	chat := busyChat(ctx, p)
	var seen []*traffic.Exchange
	var verdicts []error
	for i := range 10 {
		what := fmt.Sprintf("message %d of 10", i+1)
		e := p.DeliverRaw(ctx, valid(p, "message", what, map[string]any{"data.targetChatId": chat, "data.text": what}).Raw)
		verdicts = append(verdicts, judged(p, accepted, what, e))
		seen = append(seen, e)
		if e.Response == nil {
			break
		}
	}
	p.NoteLatency("10 messages one after another", seen)
	return conformance.Join(verdicts...)
}

func slowReader(ctx context.Context, p *conformance.Partner) error {
	chat := busyChat(ctx, p)
	var requests []request
	for i := range 10 {
		r := valid(p, "message", fmt.Sprintf("message %d of 10", i+1), map[string]any{
			"data.targetChatId": chat, "data.text": fmt.Sprintf("Message %d of 10", i+1),
		})
		if i < 5 {
			r.what += ", whose answer is read slowly,"
			r.SlowRead = p.Timing().Quiet
		}
		requests = append(requests, r)
	}
	return together(ctx, p, requests, fmt.Sprintf("5 messages beside 5 whose answers were read %s late", p.Timing().Quiet), 5)
}

// busyChat is a chat for many messages: one of this check only, or one that the
// messenger has, where it takes nothing for another.
func busyChat(ctx context.Context, p *conformance.Partner) string {
	e := deliver(ctx, p, valid(p, "message", "a first message", nil))
	_, chat := named(e)
	return chat
}

// together sends all requests at once and judges each answer. Of is what is measured,
// of the requests from the first of them on.
func together(ctx context.Context, p *conformance.Partner, requests []request, of string, first int) error {
	seen := conformance.Together(len(requests), func(i int) *traffic.Exchange { return p.DeliverRaw(ctx, requests[i].Raw) })
	p.NoteLatency(of, seen[first:])
	var verdicts []error
	for i, e := range seen {
		verdicts = append(verdicts, judged(p, accepted, requests[i].what, e))
	}
	return conformance.Join(verdicts...)
}
