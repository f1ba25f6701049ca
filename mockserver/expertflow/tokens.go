package expertflow

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// Who may log in: the client and the users of the contract's samples. A user's
// token that does not permit activities is answered 403.
const (
	ClientID     = "cim"
	ClientSecret = "example-secret"
	User         = "api-user"   // may push activities
	GuestUser    = "guest-user" // may not
	Password     = "example-password"
)

// Tokens that are valid from the start and do not expire, those of the contract's
// samples, so that a call can be tried without a login.
const (
	SampleToken        = "example-access-token"
	SampleRefreshToken = "example-refresh-token"
	GuestToken         = "example-guest-token" // does not permit activities
)

// lifetime is how long a token is valid, from the page's sample.
const lifetime = 1800 * time.Second

// token is what Keycloak knows of a token that it gave out.
type token struct {
	Refresh bool
	Permits bool      // the pushing of activities
	Expires time.Time // zero: never
}

// fingerprint is how a token is looked up, so that no comparison takes a time that
// tells something about it.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (x *expertflow) addSampleTokens() {
	x.stage.Secret(ClientSecret, Password, SampleToken, SampleRefreshToken, GuestToken)
	add(x.tokens, fingerprint(SampleToken), token{Permits: true})
	add(x.tokens, fingerprint(SampleRefreshToken), token{Refresh: true, Permits: true})
	add(x.tokens, fingerprint(GuestToken), token{})
}

// valid returns what is known of a token that was given out and has not expired.
func (x *expertflow) valid(text string, refresh bool) (token, bool) {
	t, err := x.tokens.Get(fingerprint(text))
	alive := t.Expires.IsZero() || x.stage.Now().Before(t.Expires)
	return t, err == nil && t.Refresh == refresh && alive
}

// bearer reads a token; the word before it may have any case (RFC 9110).
func bearer(header string) (string, bool) {
	scheme, given, _ := strings.Cut(header, " ")
	given = strings.TrimSpace(given)
	return given, strings.EqualFold(scheme, "Bearer") && given != ""
}

// refused answers one of the contract's errors and says why, beside the wire.
func refused(status int, why string) *mockserver.Reply {
	return &mockserver.Reply{Status: status, Why: why}
}

// requestToken is Keycloak's token endpoint. Assumed: every realm exists.
func (x *expertflow) requestToken(c *mockserver.Call) mockserver.Reply {
	field := func(name string) string { return c.Document.Text("/" + name) }
	if !same(field("client_id"), ClientID) || !same(field("client_secret"), ClientSecret) {
		return *refused(http.StatusUnauthorized, "the client is unknown or its secret is wrong")
	}
	switch field("grant_type") {
	case "password":
		user := field("username")
		if user != User && user != GuestUser || !same(field("password"), Password) {
			return *refused(http.StatusUnauthorized, "the user is unknown or the password is wrong")
		}
		return x.grant(user == User)
	case "refresh_token":
		t, ok := x.valid(field("refresh_token"), true)
		if !ok { // Assumed: invalid_grant of OAuth 2.0 is a 400.
			return *refused(http.StatusBadRequest, "the refresh token was not given out, or has expired")
		}
		return x.grant(t.Permits)
	}
	return *refused(http.StatusBadRequest, "the grant type is unknown; there are password and refresh_token")
}

// grant gives out an access token and a refresh token.
func (x *expertflow) grant(permits bool) mockserver.Reply {
	access, refresh := x.stage.NewID(), x.stage.NewID()
	x.stage.Secret(access, refresh)
	expires := x.stage.Now().Add(lifetime)
	for _, err := range []error{
		store.Put(x.tokens, fingerprint(access), token{Permits: permits, Expires: expires}),
		store.Put(x.tokens, fingerprint(refresh), token{Permits: permits, Expires: expires, Refresh: true}),
	} {
		if err != nil {
			return mockserver.Reply{Status: http.StatusInternalServerError, Undocumented: true}
		}
	}
	seconds := int(lifetime.Seconds())
	return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{
		"access_token": access, "expires_in": seconds,
		"refresh_token": refresh, "refresh_expires_in": seconds,
		"token_type": "Bearer", "scope": "email profile",
	}}
}

// same compares in a time that tells nothing, not even the length.
func same(given, expected string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
