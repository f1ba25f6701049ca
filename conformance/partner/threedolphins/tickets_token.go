package threedolphins

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// The user as whom the client logs in. The mock knows it.
const (
	ticketUser     = "parley"
	ticketPassword = "parley"
)

// current returns the client's token, a new one when it has none that is valid.
func (t *ticketClient) current(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != "" && !t.has(getsTokenForEachCall) && !t.worn() {
		return t.token, nil
	}
	if t.token != "" && t.has(renewsTokenOnce) && t.renewals > 0 {
		return t.token, nil
	}
	answer, err := t.renew(ctx)
	if err != nil {
		return "", err
	}
	if t.token != "" {
		t.renewals++
	}
	t.token, _ = partnerkit.Text(answer, "token")
	expires, _ := partnerkit.Text(answer, "expireAt")
	t.expires = expiry(expires)
	return t.token, nil
}

// worn reports whether the token should not be used any more.
func (t *ticketClient) worn() bool {
	return !t.expires.IsZero() && !time.Now().Before(t.expires) && !t.has(neverRenewsToken)
}

// expiry reads expireAt, without the region in its brackets. What can't be read is
// the zero time.
func expiry(text string) time.Time {
	moment, _, _ := strings.Cut(text, "[")
	at, _ := time.Parse(time.RFC3339, moment)
	return at
}

// wear marks a token as refused, unless there is a newer one already.
func (t *ticketClient) wear(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.expires = time.Unix(0, 0)
	}
}

// renew gets a token with the user's name and password.
func (t *ticketClient) renew(ctx context.Context) (partnerkit.Object, error) {
	if t.has(refreshesToken) && t.token != "" {
		refresh := ticketCall{method: http.MethodPost, path: "/auth/refreshToken"}
		if status, body, err := t.send(ctx, t.token, refresh); err == nil && status == http.StatusOK {
			return body, nil
		}
	}
	status, body, err := t.send(ctx, "", t.login())
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("no token: 3Dolphins answered %d to user %s", status, ticketUser)
	}
	return body, err
}

// login is the call for a token, with the defects in it.
func (t *ticketClient) login() ticketCall {
	body, _ := json.Marshal(map[string]string{"username": ticketUser, "password": ticketPassword})
	form := url.Values{"username": {ticketUser}, "password": {ticketPassword}}
	switch {
	case t.has(logsInWithGet):
		return ticketCall{method: http.MethodGet, path: "/auth", query: form}
	case t.has(logsInWithForm):
		return ticketCall{method: http.MethodPost, path: "/auth", raw: []byte(form.Encode()), kind: "application/x-www-form-urlencoded"}
	case t.has(logsInElsewhere):
		return ticketCall{method: http.MethodPost, path: "/login", raw: body, kind: "application/json"}
	case t.has(logsInWithEmail):
		body, _ = json.Marshal(map[string]string{"email": ticketUser, "password": ticketPassword})
	}
	return ticketCall{method: http.MethodPost, path: "/auth", raw: body, kind: "application/json"}
}

// authorize puts the token where it belongs, and where the defects put it.
func (t *ticketClient) authorize(r *http.Request, token string) {
	switch {
	case token == "":
		return
	case t.has(leavesBearerOut):
		r.Header.Set("Authorization", token)
	case t.has(writesBearerSmall):
		r.Header.Set("Authorization", "bearer "+token)
	case t.has(writesTokenAsList):
		r.Header.Set("Authorization", `Bearer ["`+token+`"]`)
	case t.has(inventsToken):
		r.Header.Set("Authorization", "Bearer 0123456789abcdef")
	default:
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if t.has(sendsTwoAuthorizations) {
		r.Header.Add("Authorization", "Bearer "+token)
	}
	if t.has(putsTokenIntoURL) {
		query := r.URL.Query()
		query.Set("access_token", token)
		r.URL.RawQuery = query.Encode()
	}
}
