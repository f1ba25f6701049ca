package threedolphins

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// noToken is the one message of an error that was ever seen.
const noToken = "Full authentication is required to access this resource"

// lifeOf reads 3D-R-36.
func lifeOf(reading string) time.Duration {
	switch reading {
	case "day":
		return 24 * time.Hour
	case "minute":
		return time.Minute
	}
	return time.Hour
}

// digest is how a token is kept: looking a digest up tells nothing of the token.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	var digits [2 * sha256.Size]byte // a text made of it has no copy of its own, as in hex.EncodeToString
	hex.Encode(digits[:], sum[:])
	return string(digits[:])
}

// same compares in a time that tells nothing, not even the length.
func same(given, expected string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// authorize demands a valid token where the contract does.
func (d *dolphins) authorize(c *mockserver.Call) *mockserver.Reply {
	if d.open(c) {
		return nil
	}
	token, why := d.tokenOf(c)
	if why != "" {
		return d.refuse(c, http.StatusUnauthorized, noToken, why)
	}
	kept := digest(token)
	found, err := d.sessions.Get(kept)
	switch {
	case err != nil:
		return d.refuse(c, http.StatusUnauthorized, "Invalid token", "3Dolphins never issued this token, or has forgotten it; get one with POST "+d.paths.token)
	case d.superseded(found.User, kept):
		return d.refuse(c, http.StatusUnauthorized, "Invalid token", "a newer token of the same user has ended this one")
	case !d.stage.Now().Before(found.Expires) && !d.mayRefresh(c):
		return d.refuse(c, http.StatusUnauthorized, "Token expired", "the token expired at "+found.Expires.UTC().Format(time.RFC3339))
	case found.Issued.Before(d.rule().Since) && !d.mayRefresh(c):
		return d.refuse(c, http.StatusUnauthorized, "Token expired", "the token was ended when the life of tokens was changed")
	}
	return nil
}

// open reports whether a call needs no token. The third party's events are
// 3D-R-05.
func (d *dolphins) open(c *mockserver.Call) bool {
	switch c.Request.URL.Path { // a call without an operation has one too
	case d.paths.outgoing, d.paths.command:
		return d.stage.Reading("3D-R-05") != "bearer"
	case d.paths.token:
		return true
	}
	return false
}

// mayRefresh: 3D-R-38.
func (d *dolphins) mayRefresh(c *mockserver.Call) bool {
	return c.Operation != nil && c.Operation.ID == "refreshToken" && d.stage.Reading("3D-R-38") == "refreshed"
}

// takesQuery reports whether a token may stand in a call's URL: 3D-R-40, and for a
// file whose address has it 3D-R-76.
func (d *dolphins) takesQuery(c *mockserver.Call) bool {
	if c.Operation != nil && c.Operation.ID == "getFile" && d.stage.Reading("3D-R-76") == "url-with-token" {
		return true
	}
	return d.stage.Reading("3D-R-40") == "query-too"
}

// tokenOf reads a call's token, or says why there is none.
func (d *dolphins) tokenOf(c *mockserver.Call) (token, why string) {
	header := c.Request.Header.Get("Authorization")
	if header == "" {
		if given := pairs.InQuery(c.Request.URL).Get("access_token"); given != "" && d.takesQuery(c) {
			if _, after, ok := strings.Cut(given, " "); ok {
				given = after
			}
			return given, ""
		}
		return "", "the call has no header Authorization; send Authorization: Bearer and the token"
	}
	scheme, token, ok := strings.Cut(header, " ")
	switch {
	case !ok || !strings.EqualFold(scheme, "Bearer"):
		return "", "Authorization does not begin with Bearer and a space"
	case token == "" || strings.ContainsAny(token, " \t"):
		return "", "Authorization has no token, or more than one word, after Bearer"
	}
	return token, ""
}

// user returns the ID of the agent who makes a call, or "" without a token.
func (d *dolphins) user(c *mockserver.Call) string {
	token, why := d.tokenOf(c)
	if why != "" {
		return ""
	}
	kept := digest(token)
	found, err := d.sessions.Get(kept)
	if err != nil {
		return ""
	}
	return found.User
}

func (d *dolphins) getToken(c *mockserver.Call) mockserver.Reply {
	name, password := c.Document.Text("/username"), c.Document.Text("/password")
	if nameFits, passwordFits := same(name, Username), same(password, Password); !nameFits || !passwordFits {
		return *d.refuse(c, http.StatusUnauthorized, "Bad credentials", "username or password is wrong; the mock's user is "+Username)
	}
	return d.issue(c, d.userAgent())
}

// userAgent is the agent as whom the user logs in.
func (d *dolphins) userAgent() string { return d.knownOr(KnownAgent) }

// knownOr is an agent, or the first of a user's own agents that stand in its place.
func (d *dolphins) knownOr(agent string) string {
	if _, err := d.agents.Get(agent); err == nil {
		return agent
	}
	if list := store.All(d.agents); len(list) > 0 {
		return list[0].ID
	}
	return agent
}

// refreshToken gives a new token for a valid one: 3D-R-38.
func (d *dolphins) refreshToken(c *mockserver.Call) mockserver.Reply {
	return d.issue(c, d.user(c))
}

// issue makes a token.
func (d *dolphins) issue(c *mockserver.Call, user string) mockserver.Reply {
	issued := d.stage.Now()
	expires := issued.Add(d.rule().Life)
	token := d.newID() + d.newID()
	d.stage.Secret(token)
	err := store.Put(d.sessions, digest(token), session{User: user, Issued: issued, Expires: expires})
	if err == nil {
		err = store.Put(d.newest, user, digest(token))
	}
	if err != nil {
		return d.failure(c, err)
	}
	return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"token": token, "expireAt": d.zoned(expires)}}
}

// superseded reports whether a newer token has ended one: 3D-R-37.
func (d *dolphins) superseded(user, digest string) bool {
	newest, err := d.newest.Get(user)
	return err == nil && newest != digest && d.stage.Reading("3D-R-37") == "one-per-user"
}
