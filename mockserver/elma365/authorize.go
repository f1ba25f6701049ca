package elma365

import (
	"crypto/sha256"
	"crypto/subtle"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// refused answers one of the documented errors and says why, beside the wire.
func refused(code int, why string) *mockserver.Reply {
	return &mockserver.Reply{Status: code, Why: why}
}

const (
	noChannel   = "ELMA365 has no such channel; a channel is created by connect, and its URL is data.webhook"
	wrongToken  = "the token is not that of the channel"
	closedAgain = "the channel was disconnected"
)

// authorize answers 404 for an unknown channel and 401 for a wrong token, in the
// order that the readings give.
func (e *elma) authorize(c *mockserver.Call) *mockserver.Reply {
	channel, exists := e.stage.Channel(c.Channel)
	if exists && channel.State == mockserver.ChannelDisconnected {
		if reply := e.closed(); reply != nil {
			return reply
		}
	}
	token, readable := tokenOf(c)
	if !readable && exists { // ELMA365-R-11: where no token can be read, the body comes first
		return nil
	}
	if e.stage.Reading("ELMA365-R-11") == "body-before-token" && (!executable(c) || e.wrongContentType(c)) && exists {
		return nil
	}
	if !exists {
		if e.stage.Reading("ELMA365-R-10") == "token-first" && !e.knows(token) {
			return refused(http.StatusUnauthorized, wrongToken)
		}
		return refused(http.StatusNotFound, noChannel)
	}
	if !e.accepts(channel, token) {
		return refused(http.StatusUnauthorized, wrongToken)
	}
	if e.wrongContentType(c) {
		return e.refuse(http.StatusUnsupportedMediaType)
	}
	return nil
}

// closed answers a call for a disconnected channel: ELMA365-R-30.
func (e *elma) closed() *mockserver.Reply {
	switch e.stage.Reading("ELMA365-R-30") {
	case "still-open":
		return nil
	case "closed-401":
		return refused(http.StatusUnauthorized, closedAgain)
	}
	return refused(http.StatusNotFound, closedAgain)
}

// token is what a call carries.
type token struct {
	text  string
	given bool // it is a string
}

// tokenOf reads the token. It is not readable when the body is no JSON.
func tokenOf(c *mockserver.Call) (token, bool) {
	if !c.Document.Valid {
		return token{}, false
	}
	text, given := c.Document.String("/token")
	return token{text, given}, true
}

// accepts compares a call's token with the channel's.
func (e *elma) accepts(channel mockserver.Channel, given token) bool {
	switch {
	case channel.Token == "" && e.stage.Reading("ELMA365-R-09") == "no-check":
		return true
	case !given.given:
		return false
	case e.stage.Reading("ELMA365-R-08") == "any":
		return true
	}
	return same(given.text, channel.Token)
}

// knows reports whether any channel has this token.
func (e *elma) knows(given token) bool {
	if !given.given {
		return false
	}
	found := false
	for _, channel := range e.stage.Channels() {
		found = same(given.text, channel.Token) || found
	}
	return found
}

// same compares in a time that tells nothing, not even the length.
func same(given, expected string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// wrongContentType: ELMA365-R-06.
func (e *elma) wrongContentType(c *mockserver.Call) bool {
	given := c.Request.Header.Get("Content-Type")
	if given == "application/json" || e.stage.Reading("ELMA365-R-06") != "json-only" {
		return false
	}
	kind, _, err := mime.ParseMediaType(given)
	return err != nil || !strings.EqualFold(kind, "application/json")
}

// invalid answers a call that cannot be executed: ELMA365-R-03. A content type
// alone does not keep a call from being executed: ELMA365-R-06.
func (e *elma) invalid(c *mockserver.Call) *mockserver.Reply {
	switch {
	case c.Request.Method != http.MethodPost:
		return e.refuse(http.StatusMethodNotAllowed)
	case e.wrongContentType(c):
		return e.refuse(http.StatusUnsupportedMediaType)
	case executable(c):
		return nil
	}
	return e.refuse(http.StatusBadRequest)
}

// executable reports whether nothing but the content type breaks the contract.
func executable(c *mockserver.Call) bool {
	return !slices.ContainsFunc(c.Findings, func(f traffic.Finding) bool {
		return f.Severity.AtLeast(traffic.Error) && !strings.HasPrefix(f.Code, "content-type.")
	})
}

// refuse answers a request that cannot be executed: ELMA365-R-03. HTTP's customary
// status is one that the page does not document.
func (e *elma) refuse(customary int) *mockserver.Reply {
	if e.stage.Reading("ELMA365-R-03") != "http-customary" {
		return &mockserver.Reply{Status: http.StatusInternalServerError}
	}
	reply := &mockserver.Reply{Status: customary, Undocumented: true}
	if customary == http.StatusMethodNotAllowed {
		reply.Header = http.Header{"Allow": {http.MethodPost}}
	}
	return reply
}
