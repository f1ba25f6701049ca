package expertflow

import (
	"context"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// requestsForToken are those of the run so far. If there is none, and never was a
// push answered 401, the gateway asks for a token.
func requestsForToken(ctx context.Context, p *conformance.Partner) ([]*traffic.Exchange, error) {
	unauthorized := func(e *traffic.Exchange) bool { return isActivity(e) && e.Status() == http.StatusUnauthorized }
	if all := partnerCalls(p, isLogin); len(all) > 0 || len(partnerCalls(p, unauthorized)) > 0 {
		return all, nil // it had its occasion
	}
	restore, err := askForToken(p)
	if err != nil {
		return nil, err
	}
	defer restore()
	first, err := pushed(ctx, p, AskRecording)
	if err != nil {
		return nil, err
	}
	if first.Status() == http.StatusUnauthorized {
		_, _ = p.AwaitFor(ctx, p.Timing().Answer, 1, isLogin) // an application need not ask
	}
	return partnerCalls(p, isLogin), ctx.Err()
}

func asksKeycloak(ctx context.Context, p *conformance.Partner) error {
	all, err := requestsForToken(ctx, p)
	if err != nil {
		return err
	}
	for _, e := range all {
		switch {
		case isAgentLogin(e) && p.Reading("EF-R-46") == "either":
			return conformance.Undetermined("EF-R-46", "it was "+e.Request.Method+" "+e.Request.URL, e)
		case e.Operation == "":
			return conformance.Fail("POST /auth/realms/{realm}/protocol/openid-connect/token", e.Request.Method+" "+e.Request.URL, e)
		}
	}
	if len(all) > 0 {
		return nil
	}
	sent := partnerCalls(p, func(e *traffic.Exchange) bool {
		return isActivity(e) && e.Request.Header.Get("Authorization") != ""
	})
	if len(sent) > 0 {
		return conformance.Fail("a token from Keycloak's token endpoint", "activities with a token, and no request for one", sent[0])
	}
	return conformance.NotApplicable("the application asked for no token")
}

func asksWithForm(ctx context.Context, p *conformance.Partner) error {
	all, err := requestsForToken(ctx, p)
	if err != nil {
		return err
	}
	var verdicts []error
	judged := false
	for _, e := range all {
		if e.Operation == "" {
			continue // the check token-endpoint has it
		}
		judged = true
		for _, f := range e.Findings {
			if f.Severity == traffic.Error && f.Part == traffic.InRequest {
				verdicts = append(verdicts, conformance.FailWithFinding("a form with client_id, client_secret, grant_type, username and password", f, e))
				break
			}
		}
	}
	if !judged {
		return conformance.NotApplicable("the application asked Keycloak for no token")
	}
	return conformance.Join(verdicts...)
}
