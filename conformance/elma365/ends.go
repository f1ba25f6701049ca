package elma365

import (
	"context"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// endChecks: calls that not every messenger makes, and that are judged when it
// makes them. Disconnect is asked for last: nothing can follow it.
var endChecks = []conformance.Check{
	{
		ID: "elma365/client/user-info", Title: "asks for the data of a user as documented",
		Requirements: []string{"ELMA365-INU-001", "ELMA365-INU-002", "ELMA365-INU-003", "ELMA365-IN-016", "ELMA365-GEN-001"},
		Run:          whenMade("userInfo", AskUserInfo),
	},
	{
		ID: "elma365/client/disconnect", Title: "ends the traffic as documented",
		Requirements: []string{"ELMA365-IND-001", "ELMA365-IND-002", "ELMA365-IND-006", "ELMA365-IN-016", "ELMA365-GEN-001"},
		Run:          whenMade("disconnect", AskDisconnect),
	},
	{
		ID: "elma365/client/after-own-disconnect", Title: "makes no more calls after its own disconnect",
		Requirements: []string{"ELMA365-IND-003"},
		Run:          afterOwnDisconnect,
	},
}

// whenMade judges all calls of one type. A messenger that makes none when it is
// asked to, or writes a message instead, does not do this.
func whenMade(kind, ask string) func(context.Context, *conformance.Partner) error {
	isKind := func(c call) bool { return strings.EqualFold(c.kind, kind) }
	return func(ctx context.Context, p *conformance.Partner) error {
		all := calls(p, isKind)
		if len(all) == 0 {
			earlier := ids(p)
			if err := p.Provoke(ctx, ask); err != nil {
				return err
			}
			found, err := p.Await(ctx, 1, func(e *traffic.Exchange) bool {
				c := read(e)
				return isKind(c) || c.isMessage() && !earlier[c.id]
			})
			if err != nil && ctx.Err() != nil {
				return err
			}
			for _, e := range found {
				if c := read(e); isKind(c) {
					all = append(all, c)
				}
			}
		}
		if len(all) == 0 {
			return conformance.NotApplicable("the messenger made no " + kind + " call, not even when it was asked to")
		}
		return conformance.JudgeEach(p, all, callAsDocumented)
	}
}

// callAsDocumented judges one call whole.
func callAsDocumented(p *conformance.Partner, c call) error {
	if c.Request.Method != http.MethodPost {
		return conformance.Breaking(conformance.Fail("POST", c.Request.Method, c.Exchange), "ELMA365-GEN-017")
	}
	if f, ok := finding(c, func(f traffic.Finding) bool { return !strings.HasPrefix(f.Code, "content-type.") }); ok {
		return broken("a "+c.kind+" call as documented", c, f)
	}
	return conformance.Join(conformance.Breaking(knownURL(p, c), "ELMA365-CON-008"), judgedToken(p, c))
}

func judgedToken(p *conformance.Partner, c call) error {
	return p.Judge(func(p *conformance.Partner) error { return rightToken(p, c) })
}

// afterOwnDisconnect looks for calls that began after the disconnect was answered.
func afterOwnDisconnect(ctx context.Context, p *conformance.Partner) error {
	ended := calls(p, func(c call) bool { return strings.EqualFold(c.kind, "disconnect") })
	if len(ended) == 0 {
		return conformance.NotApplicable("the messenger made no disconnect call")
	}
	window := p.Timing().Quiet
	p.Quiet(ctx, window, nil)
	late := calls(p, func(c call) bool { return c.Channel == ended[0].Channel && after(c.Exchange, ended[0].Exchange) })
	if len(late) == 0 {
		p.Note("no call within %s after the disconnect", window)
		return nil
	}
	return conformance.Fail("no call after disconnect", "a "+late[0].kind+" call after it", ended[0].Exchange, late[0].Exchange)
}
