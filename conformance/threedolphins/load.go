package threedolphins

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// loadChecks: the third party takes much at once, and the same twice. How fast it
// does is measured and not judged, because the page names no time.
var loadChecks = []conformance.Check{
	{
		ID: "3dolphins/webhook/twice", Title: "takes the same event a second time",
		Requirements: []string{"3D-INT-029"},
		Run: all(accepted, func(ctx context.Context, p *conformance.Partner) []request {
			first := incoming(ctx, p, "a text", nil)
			second := first
			second.what = "the same text again"
			return []request{first, second}
		}),
	},
	{
		ID: "3dolphins/webhook/twice-at-once", Title: "takes two copies of one event that arrive at once",
		Requirements: []string{"3D-INT-027", "3D-INT-029"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			first := incoming(ctx, p, "one of two copies of a text at once", nil)
			return together(ctx, p, "2 copies at once", []request{first, first})
		},
	},
	{
		ID: "3dolphins/webhook/twenty-at-once", Title: "takes 20 customers' texts that arrive at once",
		Requirements: []string{"3D-INT-027"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			var requests []request
			for i := range 20 {
				what := fmt.Sprintf("text %d of 20 at once", i+1)
				requests = append(requests, incoming(ctx, p, what, map[string]any{"message": what}))
			}
			return together(ctx, p, "20 texts at once", requests)
		},
	},
	{
		ID: "3dolphins/webhook/one-ticket-at-once", Title: "takes 20 texts of one ticket that arrive at once",
		Requirements: []string{"3D-INT-027"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			return together(ctx, p, "20 texts of one ticket at once", ofOneTicket(ctx, p, 20))
		},
	},
	{
		ID: "3dolphins/webhook/acknowledgement", Title: "acknowledges 10 texts of one ticket, one after another",
		Requirements: []string{"3D-INT-020"},
		Run:          acknowledgement,
	},
}

func ofOneTicket(ctx context.Context, p *conformance.Partner, n int) []request {
	requests := []request{incoming(ctx, p, fmt.Sprintf("text 1 of %d of one ticket", n), nil)}
	for i := 2; i <= n; i++ {
		what := fmt.Sprintf("text %d of %d of one ticket", i, n)
		requests = append(requests, requests[0].again(ctx, p, what, map[string]any{"message": what}))
	}
	return requests
}

func acknowledgement(ctx context.Context, p *conformance.Partner) error {
	var seen []*traffic.Exchange
	var verdicts []error
	for _, r := range ofOneTicket(ctx, p, 10) {
		if r.err != nil {
			return r.err
		}
		e := p.DeliverRaw(ctx, r.Raw)
		verdicts = append(verdicts, p.Judge(func(p *conformance.Partner) error { return accepted(p, r.what, e) }))
		seen = append(seen, e)
		if e.Response == nil {
			break
		}
	}
	p.NoteLatency("10 texts one after another", seen)
	return conformance.Join(verdicts...)
}

// together sends all requests at once and demands that each is accepted.
func together(ctx context.Context, p *conformance.Partner, of string, requests []request) error {
	for _, r := range requests {
		if r.err != nil {
			return r.err
		}
	}
	if err := answersNothing(p); err != nil {
		return err
	}
	seen := atOnce(ctx, p, requests)
	p.NoteLatency(of, seen)
	var verdicts []error
	for i, e := range seen {
		verdicts = append(verdicts, p.Judge(func(p *conformance.Partner) error { return accepted(p, requests[i].what, e) }))
	}
	return conformance.Join(verdicts...)
}

// atOnce returns the exchanges in the order of the requests.
func atOnce(ctx context.Context, p *conformance.Partner, requests []request) []*traffic.Exchange {
	return conformance.Together(len(requests), func(i int) *traffic.Exchange { return p.DeliverRaw(ctx, requests[i].Raw) })
}
