package elma365

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// verify says why an event is not this messenger's to execute, or nil. The
// channel comes first, because a token belongs to a channel.
func (m *messenger) verify(e event) *reply {
	if m.has(verifiesNothing) {
		return nil
	}
	if !m.channelKnown(e) {
		if m.has(answers400ToUnknownChannel) {
			return &reply{status: http.StatusBadRequest, why: "no such channel"}
		}
		return &reply{status: http.StatusNotFound, why: "no such channel"}
	}
	if !m.tokenMatches(e) {
		if _, isString := partnerkit.Member[string](e.Object, "token"); !isString && m.has(readsBodyBeforeToken) {
			return m.cannot(http.StatusBadRequest, "the token is not a string")
		}
		if m.has(answers404WithoutChannel) && !e.Has("channelId") {
			return &reply{status: http.StatusNotFound, why: "no channel has this token"}
		}
		if m.has(answers403ToWrongToken) {
			return &reply{status: http.StatusForbidden, why: "the token does not match"}
		}
		return &reply{status: http.StatusUnauthorized, why: "the token does not match"}
	}
	return nil
}

// channelKnown is true for an event that names no channel, and for connect,
// which makes a channel known.
func (m *messenger) channelKnown(e event) bool {
	switch {
	case !e.Has("channelId"), e.kind == "connect", m.has(acceptsUnknownChannel),
		m.has(acceptsAfterDisconnect) && m.channels.shut() > 0,
		m.has(ignoresOptionalChannel) && e.kind != "message" && e.kind != "disconnect":
		return true
	}
	_, known := m.channels.find(e.channel)
	return known && e.channel != ""
}

// tokenMatches compares the whole token in constant time, whatever its length. A
// token that is missing or no string matches nothing, not even an empty one.
func (m *messenger) tokenMatches(e event) bool {
	given, isString := partnerkit.Member[string](e.Object, "token")
	want := m.Token
	switch {
	case m.has(acceptsAnyToken),
		m.has(acceptsAnyTokenOfReadMarks) && e.kind == "markAsRead",
		m.has(acceptsEmptyToken) && isString && given == "",
		m.has(acceptsMissingToken) && !e.Has("token"),
		m.has(acceptsTokenOfOtherType) && e.Has("token") && !isString,
		m.has(comparesTokenByPrefix) && isString && strings.HasPrefix(want, given),
		m.has(acceptsLongerToken) && strings.HasPrefix(given, want):
		return true
	case m.has(trimsToken):
		given = strings.TrimSpace(given)
	case m.has(ignoresTokenCase):
		given, want = strings.ToLower(given), strings.ToLower(want)
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want))
	return isString && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
