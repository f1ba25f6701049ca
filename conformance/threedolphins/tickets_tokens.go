package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	mock "github.com/parleykit/parley/mockserver/threedolphins"
)

// ticketTokenChecks: a token comes to its end.
var ticketTokenChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/expired-token", Title: "stops using a token that has expired, and gets a new one",
		Requirements: []string{"3D-AUTH-005"},
		Run:          renewsExpired,
	},
	{
		ID: "3dolphins/tickets/renew-after-401", Title: "gets a new token after 401 and repeats the call with it",
		Requirements: []string{"3D-AUTH-006"},
		Run:          renewsAfter401,
	},
	{
		ID: "3dolphins/tickets/give-up-after-401", Title: "gives up after a few attempts when each is answered 401",
		Requirements: []string{"3D-AUTH-006"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			attempts, err := refused(ctx, p, http.StatusUnauthorized)
			if err != nil {
				return err
			}
			p.Note("attempts of a call that was always answered 401: %d%s", len(attempts), shortestPause(attempts))
			return nil
		},
	},
}

// shortLife is how long tokens live at least while a client is watched renewing
// them: long enough for a few calls.
const shortLife = 200 * time.Millisecond

// renewsExpired gives the client a token with a short life, waits for its end and
// lets the client act again.
func renewsExpired(ctx context.Context, p *conformance.Partner) error {
	life := max(p.Timing().Quiet, shortLife)
	restore, err := shortened(p, life)
	if err != nil {
		return err
	}
	defer restore()
	first, err := asked(ctx, p, AskReadTickets)
	if err != nil {
		return err
	}
	if err := barred(runsTicketCalls(p)); err != nil {
		return err
	}
	short := issuedTokens(first)
	if len(short) == 0 {
		return conformance.NotApplicable("the client got no token whose end could be waited for; see 3dolphins/tickets/renew-after-401")
	}
	p.Quiet(ctx, life, nil)
	second, err := asked(ctx, p, AskReadTickets)
	if err != nil {
		return err
	}
	if err := goesOnWith(p, second, short); err != nil {
		return err
	}
	if !slices.ContainsFunc(second, func(c ticketCall) bool { return !c.aboutTokens() && c.succeeded() }) {
		return notRenewed(p, second)
	}
	return nil
}

// shortened makes tokens live that long, and ends those that there are. Restore
// makes them live as long as before.
func shortened(p *conformance.Partner, life time.Duration) (restore func(), err error) {
	vendor := p.Contract().ID
	state, ok := p.Sandbox().State()[vendor].(mock.State)
	if !ok {
		return nil, conformance.CouldNotRun("3Dolphins is played without tokens that expire")
	}
	set := func(life string) error {
		return p.Sandbox().AddState(vendor, conformance.Encode(map[string]string{"tokenLife": life}))
	}
	return func() { _ = set(state.TokenLife) }, set(life.String())
}

// goesOnWith looks for calls with a token that were begun after one with it had
// been answered 401.
func goesOnWith(p *conformance.Partner, calls []ticketCall, tokens []issuedToken) error {
	for _, token := range tokens {
		with := where(calls, func(c ticketCall) bool { return !c.aboutTokens() && c.token() == token.value })
		for i, c := range with {
			if c.Status() != http.StatusUnauthorized {
				continue
			}
			for _, next := range with[i+1:] {
				if !next.Time.Before(c.ended()) {
					return unlessOpen(p, conformance.Fail("no call with a token that was answered 401", "another call with it", c.Exchange, next.Exchange))
				}
			}
		}
	}
	return nil
}

// unlessOpen leaves a deviation open where 3D-R-39 does.
func unlessOpen(p *conformance.Partner, err error) error {
	d := conformance.DeviationOf(err)
	if p.Reading("3D-R-39") == "undetermined" && d.Verdict == conformance.VerdictFail {
		return conformance.Undetermined("3D-R-39", d.Actual, d.Exchanges...)
	}
	return err
}

func notRenewed(p *conformance.Partner, calls []ticketCall) error {
	last := calls[len(calls)-1]
	return unlessOpen(p, conformance.Fail("a new token, and the call with it", fmt.Sprintf("no such call; the last was answered %d", last.Status()), last.Exchange))
}

// renewsAfter401 answers one call 401.
func renewsAfter401(ctx context.Context, p *conformance.Partner) error {
	defer p.Fault(fault.Rule{Operation: "listTickets", Status: http.StatusUnauthorized, Times: 1})()
	calls, err := asked(ctx, p, AskReadTickets)
	if err != nil {
		return err
	}
	if err := barred(runsTicketCalls(p)); err != nil {
		return err
	}
	i := slices.IndexFunc(calls, func(c ticketCall) bool { return c.operation == "listTickets" })
	if i < 0 {
		return noList(calls)
	}
	first, after := calls[i], where(calls[i+1:], func(c ticketCall) bool { return !c.Time.Before(calls[i].ended()) })
	with := where(after, func(c ticketCall) bool { return !c.aboutTokens() && c.token() == first.token() })
	if len(with) > 0 {
		return unlessOpen(p, conformance.Fail("the call with a new token after 401", "a call with the same token", first.Exchange, with[0].Exchange))
	}
	for _, c := range operationsOf(after, "listTickets") {
		if c.same(first) && c.succeeded() {
			return nil
		}
	}
	return notRenewed(p, calls)
}
