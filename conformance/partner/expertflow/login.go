package expertflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
	"github.com/parleykit/parley/mockserver/expertflow"
)

// tokenPath is Keycloak's token endpoint; the mock has every realm.
const tokenPath = "/auth/realms/expertflow/protocol/openid-connect/token"

// authorize sends the token, once there is one.
func (a *application) authorize(r *http.Request) {
	a.mu.Lock()
	token := a.token
	a.mu.Unlock()
	if token == "" && a.has(usesFixedToken) {
		token = expertflow.SampleToken
	}
	switch {
	case token == "" || a.has(neverSendsToken):
	case a.has(sendsTokenWithoutBearer):
		r.Header.Set("Authorization", token)
	default:
		r.Header.Set("Authorization", "Bearer "+token)
	}
}

// renew gets a token, and reports whether the activity may be tried again.
func (a *application) renew() bool {
	switch {
	case a.has(neverLogsIn):
		a.Logf("gave up: the gateway asks for a token")
		return false
	case a.has(retriesWithoutLogin), a.has(usesFixedToken):
		return true
	}
	token, err := a.login()
	if err != nil {
		a.Logf("gave up: %v", err)
		return false
	}
	a.mu.Lock()
	a.token = token
	a.mu.Unlock()
	return !a.has(stopsAfterLogin)
}

// login asks Keycloak for a token, with the client and the user of the contract's
// samples.
func (a *application) login() (string, error) {
	fields := map[string]string{
		"grant_type": "password", "client_id": expertflow.ClientID, "client_secret": expertflow.ClientSecret,
		"username": expertflow.User, "password": expertflow.Password,
	}
	if a.has(logsInAsStranger) {
		fields["password"] = "another-password"
	}
	if a.has(logsInWithoutClient) {
		delete(fields, "client_id")
	}
	request, err := a.loginRequest(fields)
	if err != nil {
		return "", err
	}
	answer, err := partnerkit.Call(a.Client, request)
	if err != nil {
		return "", fmt.Errorf("login: %w", err)
	}
	said, _ := partnerkit.Parse(answer.Body)
	token, ok := partnerkit.Text(said, "access_token")
	if answer.Status != http.StatusOK || !ok {
		return "", fmt.Errorf("login: answered %d without a token", answer.Status)
	}
	a.Logf("logged in")
	return token, nil
}

// loginRequest is a form, unless a defect makes JSON of it.
func (a *application) loginRequest(fields map[string]string) (*http.Request, error) {
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	path, contentType, text := tokenPath, "application/x-www-form-urlencoded", []byte(form.Encode())
	if a.has(logsInWithJSON) {
		contentType = "application/json"
		text, _ = json.Marshal(fields) // strings only
	}
	if a.has(logsInElsewhere) {
		path = "/realms/expertflow/protocol/openid-connect/token"
	}
	if a.has(logsInAsAgent) {
		path, contentType = "/agent-manager/agent/login", "application/json"
		text, _ = json.Marshal(map[string]string{"username": fields["username"], "password": fields["password"]})
	}
	request, err := http.NewRequestWithContext(a.Ctx, http.MethodPost, strings.TrimSuffix(a.API, "/")+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	return request, nil
}
