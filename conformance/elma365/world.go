package elma365

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// world is what a messenger has and its judge can't know.
var world = []conformance.World{
	{Kind: "chat", What: "a chat of the messenger's"},
	{Kind: "message", What: "a message that the messenger has sent to ELMA365"},
	{Kind: "user", What: "a user of the messenger's"},
	{Kind: "other-channel", What: "a second channel that was set up on the messenger's side"},
}

// learn lets the messenger write a message, if it has written none yet and nobody
// is troubled by that, so that there is something that it has.
func learn(ctx context.Context, p *conformance.Partner) {
	if len(messages(p)) == 0 && p.CanProvoke() && !p.AskedInVain(AskMessage) {
		_, _ = wrote(ctx, p) // without it, what is named stays made up
	}
}

// nameIn is how an event of ELMA365's names a thing.
var nameIn = map[string]string{"chat": "data.targetChatId", "message": "data.messageId"}

// nameOf is how a message of the messenger's names a thing.
var nameOf = map[string]string{"chat": "externalChatId", "message": "externalMessageId", "user": "externalUserId"}

// known is the ID of a chat, a message or a user that the messenger has: the one that
// was given, or the latest that it has named; "" when it has named none.
func known(p *conformance.Partner, kind string) string {
	if id := p.World(kind); id != "" {
		return id
	}
	latest := ""
	for _, c := range messages(p) {
		if id, ok := c.data[nameOf[kind]].(string); ok {
			latest = id
		}
	}
	return latest
}

// mostAsked is how many chats or users of the messenger's a check looks at.
const mostAsked = 4

// ownNames are IDs of chats or users that the messenger has named in messages which
// ELMA365 took, the latest first.
func ownNames(p *conformance.Partner, kind string) []string {
	var ids []string
	for _, c := range slices.Backward(messages(p)) {
		id := textOf(c.data[nameOf[kind]])
		if id != "" && len(ids) < mostAsked && !slices.Contains(ids, id) && usable(p, c, http.StatusOK) == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// named is what an event names of the messenger's chats and messages, and its kind.
func named(e *traffic.Exchange) (kind, id string) {
	data := read(e).data
	switch e.Operation {
	case "events/message":
		kind, id = "chat", textOf(data["targetChatId"])
	case "events/messageOutcome", "events/markAsRead":
		kind, id = "message", textOf(data["messageId"])
	}
	return kind, id
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// namesUnknown is true for an event that names a chat or a message which the
// messenger need not have. A chat may be there in one channel and not in another.
func namesUnknown(p *conformance.Partner, e *traffic.Exchange) bool {
	kind, id := named(e)
	if id == "" || id == p.World(kind) && (kind != "chat" || e.Channel == p.Channel().ID) {
		return false
	}
	return len(p.Sandbox().Journal().Find(func(other *traffic.Exchange) bool {
		return (kind != "chat" || other.Channel == e.Channel) && (told(other, kind, id) || tookIt(other, e.Operation, id))
	})) == 0
}

// told is true for a message of the messenger's that has that chat or message.
func told(e *traffic.Exchange, kind, id string) bool {
	if e.Caller != traffic.Partner || !mayHold(e.Request.Body.Kept, id) {
		return false
	}
	c := read(e)
	return c.isMessage() && c.data[nameOf[kind]] == id
}

// tookIt is true for an event of that name with that chat or message, to which the
// messenger said 200: it has it from then on.
func tookIt(e *traffic.Exchange, event, id string) bool {
	if e.Caller != traffic.Vendor || e.Operation != event || e.Status() != http.StatusOK {
		return false
	}
	if !mayHold(e.Request.Body.Kept, id) {
		return false
	}
	_, other := named(e)
	return other == id
}

// mayHold is false for JSON in which a text surely is not: to decode every event of a run for
// each refusal is most of what its check costs. Escapes, and what is not UTF-8, may stand for
// anything, but of escapes only \u for a letter or a digit.
func mayHold(body []byte, text string) bool {
	switch {
	case bytes.Contains(body, []byte(text)):
		return true
	case isPlain(text):
		return bytes.Contains(body, []byte(`\u`))
	}
	return bytes.IndexByte(body, '\\') >= 0 || !utf8.Valid(body)
}

// isPlain is true for letters and digits of ASCII and the hyphens between them.
func isPlain(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
}
