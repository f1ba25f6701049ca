package elma365

import (
	"context"

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

// memberOf is the member of a message of the messenger's that names a thing, and
// the member of ELMA365's events that does.
var memberOf = map[string]struct{ call, event string }{
	"chat":    {"externalChatId", "targetChatId"},
	"message": {"externalMessageId", "messageId"},
	"user":    {"externalUserId", "userId"},
}

// learn lets the messenger write a message, if it has written none yet and nobody
// is troubled by that, so that there is something that it has.
func learn(ctx context.Context, p *conformance.Partner) {
	if len(messages(p)) > 0 || p.World("chat") != "" || !p.CanProvoke() || p.AskedInVain(AskMessage) {
		return
	}
	_, _ = wrote(ctx, p) // without it, what is named is made up
}

// known is the ID of a chat, a message or a user that the messenger has: the one that
// was given, or the latest that it has named; "" when it has named none.
func known(p *conformance.Partner, kind string) string {
	if id := p.World(kind); id != "" {
		return id
	}
	latest := ""
	for _, c := range messages(p) {
		if id, ok := c.data[memberOf[kind].call].(string); ok && c.Status() == 200 {
			latest = id
		}
	}
	return latest
}

// namesUnknown is true for an event that names a chat or a message which the
// messenger need not have.
func namesUnknown(p *conformance.Partner, e *traffic.Exchange) bool {
	kind := map[string]string{"events/message": "chat", "events/messageOutcome": "message", "events/markAsRead": "message"}[e.Operation]
	if kind == "" {
		return false
	}
	id, ok := read(e).data[memberOf[kind].event].(string)
	if !ok || id == p.World(kind) {
		return !ok
	}
	for _, c := range messages(p) {
		if c.data[memberOf[kind].call] == id {
			return false
		}
	}
	return true
}
