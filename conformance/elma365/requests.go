package elma365

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
)

// The six events in the order of the vendor's page.
var events = []string{"connect", "message", "messageOutcome", "userInfo", "markAsRead", "disconnect"}

// body is a valid event for the run's channel that names a chat, a message or a user
// of this check only, or what was given. Dotted paths in set are changed.
func body(p *conformance.Partner, event string, set map[string]any) map[string]any {
	own := map[string]any{}
	switch event {
	case "message":
		own["data.targetChatId"] = cmp.Or(p.World("chat"), p.NewID("chat"))
	case "messageOutcome", "markAsRead":
		own["data.messageId"] = cmp.Or(p.World("message"), p.NewID("message"))
	case "userInfo":
		own["data.userId"] = p.NewID("user")
	}
	maps.Copy(own, set)
	return p.Event(event, own)
}

// valid is a request as ELMA365 could send it.
func valid(p *conformance.Partner, event, what string, set map[string]any) request {
	return request{mockserver.Raw{Event: event, Body: conformance.Encode(body(p, event, set))}, what}
}

// changed is a request that ELMA365 would not send: change does one thing to a
// valid body.
func changed(p *conformance.Partner, event, what string, change func(body map[string]any)) request {
	b := body(p, event, nil)
	change(b)
	return written(event, what, conformance.Encode(b))
}

// written is a request that ELMA365 would not send.
func written(event, what string, text []byte) request {
	return request{mockserver.Raw{Event: event, Body: text, Broken: true}, what}
}

// without removes a member by its dotted path.
func without(dotted string) func(map[string]any) {
	return func(b map[string]any) {
		at := strings.Split(dotted, ".")
		for _, name := range at[:len(at)-1] {
			b, _ = b[name].(map[string]any)
		}
		delete(b, at[len(at)-1])
	}
}

// with sets a member by its dotted path, whose objects must be there.
func with(dotted string, value any) func(map[string]any) {
	return func(b map[string]any) {
		at := strings.Split(dotted, ".")
		for _, name := range at[:len(at)-1] {
			b, _ = b[name].(map[string]any)
		}
		b[at[len(at)-1]] = value
	}
}

// file is an attachment of ELMA365's. Nothing is served there.
func file(name string) map[string]any {
	return map[string]any{"name": name, "size": 2048, "URL": "https://files.example/attachment"}
}

// newChannelID has the form of the page's channel IDs.
func newChannelID(p *conformance.Partner) string {
	id := p.NewID("channel")
	return fmt.Sprintf("00000000-0000-4000-8000-%s", id[strings.LastIndex(id, "-")+1:])
}

// reconnect lets the messenger know the run's channel again, as its latest, after
// a check that may have made it forget. Its answer is not this check's matter.
func reconnect(ctx context.Context, p *conformance.Partner) {
	p.DeliverRaw(ctx, valid(p, "connect", "connect", nil).Raw)
}
