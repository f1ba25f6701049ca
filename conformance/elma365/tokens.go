package elma365

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// tokenChecks: the messenger compares the whole token, of every event.
var tokenChecks = []conformance.Check{
	tokenCheck("wrong-token", "rejects each event with a foreign token with 401",
		func(p *conformance.Partner, _ string) (string, string) { return p.NewID("token"), "" }),
	tokenCheck("empty-token", "rejects each event with an empty token with 401", emptyToken),
	tokenCheck("token-beginning", "rejects each event with only the beginning of the token with 401", tokenBeginning),
	tokenCheck("token-longer", "rejects each event whose token goes on after the right one with 401",
		func(_ *conformance.Partner, token string) (string, string) { return token + "x", "" }),
	tokenCheck("token-case", "rejects each event whose token differs in capital and small letters with 401", tokenCase),
	tokenCheck("token-space-after", "rejects each event with a space after the token with 401",
		func(_ *conformance.Partner, token string) (string, string) { return token + " ", "" }),
	tokenCheck("token-space-before", "rejects each event with a space before the token with 401",
		func(_ *conformance.Partner, token string) (string, string) { return " " + token, "" }),
	tokenBodyCheck("missing-token", "rejects each event without a token with 401", without("token")),
	tokenBodyCheck("token-type", "rejects each event whose token is no string with 401", with("token", true)),
}

// wrongToken makes a wrong token of the channel's, or says why that cannot be done.
type wrongToken func(p *conformance.Partner, token string) (wrong, why string)

func emptyToken(_ *conformance.Partner, token string) (string, string) {
	if token == "" {
		return "", "the channel's token is empty itself"
	}
	return "", ""
}

func tokenBeginning(_ *conformance.Partner, token string) (string, string) {
	letters := []rune(token)
	if len(letters) < 2 {
		return "", "the channel's token is too short to have a beginning"
	}
	return string(letters[:len(letters)-1]), ""
}

func tokenCase(_ *conformance.Partner, token string) (string, string) {
	other := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, token)
	if other == token {
		return "", "the channel's token has no letters"
	}
	return other, ""
}

// tokenCheck sends each event with a wrong token.
func tokenCheck(name, title string, wrong wrongToken) conformance.Check {
	return conformance.Check{
		ID: "elma365/webhook/" + name, Title: title,
		Requirements: []string{"ELMA365-GEN-003"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			token, why := wrong(p, p.Channel().Token)
			if why != "" {
				return conformance.NotApplicable(why)
			}
			return eachRefused(ctx, p, refused, with("token", token))
		},
	}
}

// tokenBodyCheck sends each event in a form that breaks the schema together with
// the token.
func tokenBodyCheck(name, title string, how func(map[string]any)) conformance.Check {
	return conformance.Check{
		ID: "elma365/webhook/" + name, Title: title,
		Requirements: []string{"ELMA365-GEN-003"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			return eachRefused(ctx, p, tokenOrBody, how)
		},
	}
}

// tokenOrBody demands what ELMA365-R-11 says. A messenger that refuses the body
// with a documented status first is not wrong by the page.
func tokenOrBody(p *conformance.Partner, what string, e *traffic.Exchange) error {
	switch {
	case e.Status() == http.StatusNotFound && !namesChannel(e) && p.Reading("ELMA365-R-14") == "by-token":
		return nil
	case e.Response == nil, e.Status() == http.StatusUnauthorized, e.Status() < 400:
		return refused(p, what, e) // no order of judging makes a success of it
	case p.Reading("ELMA365-R-11") == "body-before-token":
		return notExecuted(p, what, e)
	case isDocumented(e):
		return conformance.Undetermined("ELMA365-R-11", was(what, e)+", not 401", e)
	}
	return conformance.Fail("401", was(what, e), e)
}

// eachRefused sends the six events with one change. A messenger that executes the
// disconnect among them is connected again, so that other checks find it as it was.
func eachRefused(ctx context.Context, p *conformance.Partner, demanded demand, how func(map[string]any)) error {
	if err := tokenCompared(p); err != nil {
		return err
	}
	var requests []request
	for _, event := range events {
		requests = append(requests, changed(p, event, event, how))
	}
	defer reconnect(ctx, p)
	return each(ctx, p, demanded, requests...)
}

// tokenCompared says that no token is compared where ELMA365-R-09 says so, or nil.
func tokenCompared(p *conformance.Partner) error {
	if p.Channel().Token == "" && p.Reading("ELMA365-R-09") == "no-check" {
		return conformance.Undetermined("ELMA365-R-09", "the channel's token is empty, so no token is compared")
	}
	return nil
}
