package expertflow

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	mock "github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// gatewayChecks: the application at a gateway that asks for tokens. While they run
// the mock asks for one, whatever reading EF-R-01 says; but by its option off an
// application need neither know about tokens nor send a valid one.
var gatewayChecks = []conformance.Check{
	{
		ID: "expertflow/client/token", Title: "sends a valid token behind the word Bearer, where the gateway asks for one",
		Requirements: []string{"EF-AUTH-001"},
		Run:          sendsToken,
	},
	{
		ID: "expertflow/client/renew-after-401", Title: "gets a new token after 401 and pushes the activity again",
		Requirements: []string{"EF-AUTH-009"},
		Run:          renews,
	},
	{
		ID: "expertflow/client/stop-after-401", Title: "stops pushing an activity after the second 401 in a row",
		Requirements: []string{"EF-AUTH-010"},
		Run:          stopsAfter401,
	},
	{
		ID: "expertflow/client/stop-after-403", Title: "does not push an activity again after 403",
		Requirements: []string{"EF-AUTH-011"},
		Run:          notAgainAfter(http.StatusForbidden),
	},
	{
		ID: "expertflow/client/token-endpoint", Title: "gets its token from Keycloak's token endpoint",
		Requirements: []string{"EF-AUTH-002"},
		Run:          asksKeycloak,
	},
	{
		ID: "expertflow/client/token-request", Title: "asks for its token with a form that has all fields",
		Requirements: []string{"EF-AUTH-003", "EF-AUTH-004"},
		Run:          asksWithForm,
	},
}

// askForToken lets the gateway ask for tokens until restore is called.
func askForToken(p *conformance.Partner) (restore func(), err error) {
	s, err := state(p)
	if err != nil {
		return nil, err
	}
	set := func(asks bool) error {
		return p.Sandbox().AddState("expertflow", fmt.Appendf(nil, `{"gateway":{"asksForToken":%t}}`, asks))
	}
	return func() { _ = set(s.Gateway.AsksForToken) }, set(true) // what could be set once can be set back
}

func sendsToken(ctx context.Context, p *conformance.Partner) error {
	restore, err := askForToken(p)
	if err != nil {
		return err
	}
	defer restore()
	first, err := pushed(ctx, p, AskRecording)
	if err != nil {
		return err
	}
	if err := readable(first); err != nil {
		if first.Status() == http.StatusUnauthorized {
			_, _ = p.AwaitFor(ctx, p.Timing().Answer, 1, isLogin) // which other checks look at
		}
		return err
	}
	seen := []activity{first}
	if first.Status() == http.StatusUnauthorized {
		if seen = afterUnauthorized(ctx, p, first); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	last := seen[len(seen)-1]
	loggedIn := func(e *traffic.Exchange) bool { return isLogin(e) && e.Status() == http.StatusOK }
	if last.Status() == http.StatusUnauthorized && len(seen) == 1 && len(p.Calls(loggedIn)) > 0 {
		if last, err = pushed(ctx, p, AskRecording); err != nil { // the first is lost, but the token is there for the next
			return err
		}
		seen = append(seen, last)
	}
	switch {
	case last.Status() == http.StatusForbidden:
		return conformance.CouldNotRun("the user of the application's token may not push activities; let it be "+mock.User, last.Exchange)
	case last.Status() != http.StatusUnauthorized:
		return nil // what stands in the message is the matter of other checks
	case withoutTokens(p):
		return noTokens()
	}
	if err := loginElsewhere(p); err != nil {
		return err
	}
	actual := tokenSent(last) + ", and the gateway answered 401"
	if p.Reading("EF-R-01") == "off" {
		return conformance.Undetermined("EF-R-01", actual+"; by this reading it asks for no token, and looks at none; --reading EF-R-01=on demands a valid one", exchanges(seen)...)
	}
	return conformance.Fail("the header Authorization with a valid token behind the word Bearer", actual, exchanges(seen)...)
}

// loginElsewhere says why nothing follows from a token that the gateway refuses, or
// nil: the application did not get one of the mock's.
func loginElsewhere(p *conformance.Partner) error {
	logins := partnerCalls(p, isLogin)
	if len(logins) == 0 {
		given := partnerCalls(p, func(e *traffic.Exchange) bool { return isActivity(e) && tokenSent(read(e)) == foreignToken })
		if len(given) > 0 && p.Reading("EF-R-46") == "either" {
			return conformance.Undetermined("EF-R-46", "it sends a token that it did not ask the mock for", given[0])
		}
		return nil
	}
	last := logins[len(logins)-1]
	was := last.Request.Method + " " + last.Request.URL
	switch {
	case isAgentLogin(last) && p.Reading("EF-R-46") == "either":
		return conformance.Undetermined("EF-R-46", "it asked for a token with "+was, last)
	case last.Operation == "":
		return conformance.CouldNotRun("the application asked for a token with "+was+"; see expertflow/client/token-endpoint", last)
	case last.Status() == http.StatusUnauthorized:
		return conformance.WithHint(conformance.CouldNotRun("the application's request for a token was answered 401", last),
			"The mock knows the client and the user of the contract's sample operations/requestToken (password), in every realm: let the application log in with them.")
	case last.Status() != http.StatusOK:
		return conformance.CouldNotRun(fmt.Sprintf("the application's request for a token was answered %d; see expertflow/client/token-request", last.Status()), last)
	}
	return nil
}

// afterUnauthorized waits for what follows a push that was answered 401, and
// returns the pushes. Who does not even ask for a token is not waited for as long.
func afterUnauthorized(ctx context.Context, p *conformance.Partner, first activity) []activity {
	repeated := repeats(first)
	sign := func(e *traffic.Exchange) bool { return e != first.Exchange && (isLogin(e) || repeated(e)) }
	if _, err := p.AwaitFor(ctx, p.Timing().Answer, 1, sign); err != nil {
		return []activity{first}
	}
	seen, _ := again(ctx, p, first, 2) // what is missing the verdict says
	return seen
}

const foreignToken = "a token that the gateway does not know"

// tokenSent says in words, without the token, how one was sent.
func tokenSent(a activity) string {
	header := a.Request.Header.Get("Authorization")
	scheme, rest, ok := strings.Cut(header, " ")
	switch {
	case header == "":
		return "no header Authorization"
	case !ok:
		return "a header Authorization of one word"
	case strings.EqualFold(scheme, "Bearer") && strings.TrimSpace(rest) != "":
		return foreignToken
	}
	return "a header Authorization that begins with another word than Bearer"
}

// withoutTokens is true for an application that need not know about tokens by
// EF-R-01, and does not.
func withoutTokens(p *conformance.Partner) bool {
	if p.Reading("EF-R-01") == "on" || len(partnerCalls(p, isLogin)) > 0 {
		return false
	}
	return len(partnerCalls(p, func(e *traffic.Exchange) bool { return e.Request.Header.Get("Authorization") != "" })) == 0
}

func noTokens() error {
	return conformance.NotApplicable("the application sends no token and asks for none, and by reading EF-R-01=off the gateway asks for none; --reading EF-R-01=on demands it")
}

func renews(ctx context.Context, p *conformance.Partner) error {
	restore, err := askForToken(p)
	if err != nil {
		return err
	}
	defer restore()
	first, err := answeredOnce(ctx, p, http.StatusUnauthorized)
	if err != nil {
		return err
	}
	seen := afterUnauthorized(ctx, p, first)
	logins := p.Calls(func(e *traffic.Exchange) bool { return isLogin(e) && after(e, first.Exchange) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case withoutTokens(p):
		return noTokens()
	}
	if len(seen) < 2 || seen[1].Status() == http.StatusUnauthorized {
		if err := loginElsewhere(p); err != nil {
			return err
		}
	}
	switch {
	case len(logins) == 0:
		return conformance.Fail("a request for a new token after 401", "none within "+p.Timing().Answer.String(), exchanges(seen)...)
	case len(seen) < 2:
		return conformance.Fail("the activity again, with a new token", "it was not pushed again within "+p.Timing().Retry.String(), first.Exchange)
	}
	second := seen[1]
	token := second.Request.Header.Get("Authorization")
	switch {
	case token == "" || token == first.Request.Header.Get("Authorization"):
		return conformance.Fail("the activity again, with a new token", "it was pushed again without a new one", first.Exchange, second.Exchange)
	case second.Status() == http.StatusUnauthorized:
		return conformance.Fail("the activity again, with a token that the gateway takes", tokenSent(second), first.Exchange, second.Exchange)
	}
	p.Note("pushed again %s after 401, with a new token", later(first, second))
	return nil
}

func stopsAfter401(ctx context.Context, p *conformance.Partner) error {
	p.Fault(fault.Rule{Operation: pushActivity, Status: http.StatusUnauthorized})
	first, err := pushed(ctx, p, AskRecording)
	if err != nil {
		return err
	}
	if err := answered(first, http.StatusUnauthorized); err != nil {
		return err
	}
	if seen := quiet(ctx, p, first); len(seen) > 2 {
		return conformance.Fail("at most 2 pushes that are answered 401", fmt.Sprintf("%d within %s", len(seen), p.Timing().Quiet), exchanges(seen)...)
	}
	return nil
}
