package elma365

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// What the messenger is asked to do, in words that a person can follow.
const (
	AskMessage    = "Let a client write one message to the operator (message)."
	AskUserInfo   = "Let the messenger ask ELMA365 for the data of an operator (userInfo), if it can."
	AskDisconnect = "Let the messenger end the traffic with ELMA365 (disconnect), if it can. This is the last thing that is asked."
)

// call is one call of the messenger's, or one event, as far as its body can be read.
type call struct {
	*traffic.Exchange
	readable bool // the body is one JSON object
	kind     string
	token    any
	id       string // externalMessageId of a call, messageId of an event
	data     map[string]any
}

func read(e *traffic.Exchange) call {
	c := call{Exchange: e}
	var b map[string]any
	if json.Unmarshal(e.Request.Body.Kept, &b) != nil || b == nil {
		return c
	}
	c.readable, c.token = true, b["token"]
	c.kind, _ = b["type"].(string)
	c.data, _ = b["data"].(map[string]any)
	for _, name := range []string{"externalMessageId", "messageId"} {
		if id, ok := c.data[name].(string); ok {
			c.id = id
		}
	}
	return c
}

// isMessage is true for every call but one of another type that can be read: a
// message that cannot be read is one all the same.
func (c call) isMessage() bool {
	return !strings.EqualFold(c.kind, "userInfo") && !strings.EqualFold(c.kind, "disconnect") && !c.isForeign()
}

// isForeign is true for a call whose type the page does not have, in any spelling.
func (c call) isForeign() bool {
	return c.kind != "" && !slices.ContainsFunc([]string{"message", "userInfo", "disconnect"}, func(kind string) bool { return strings.EqualFold(c.kind, kind) })
}

// said is the message without its ID, to compare it with another.
func (c call) said() string {
	var rest []any
	for _, name := range []string{"externalChatId", "externalUserId", "text", "files"} {
		rest = append(rest, c.data[name])
	}
	text, _ := json.Marshal(rest) // it has just been decoded
	return string(text)
}

// messages are all messages of the messenger's in the journal, oldest first.
func messages(p *conformance.Partner) []call {
	return calls(p, func(c call) bool { return c.isMessage() })
}

func calls(p *conformance.Partner, match func(call) bool) []call {
	return readAll(p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Partner }), match)
}

func readAll(all []*traffic.Exchange, match func(call) bool) []call {
	var found []call
	for _, e := range all {
		if c := read(e); match == nil || match(c) {
			found = append(found, c)
		}
	}
	return found
}

// outcomes are all messageOutcomes that ELMA365 sent of its own accord.
func outcomes(p *conformance.Partner) []call {
	own := p.Channel().ID
	return readAll(p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool {
		return e.Operation == "events/messageOutcome" && e.Delivery != "" && e.Channel == own
	}), nil)
}

// ids are those of all messages so far. Later ones of a new message are others.
func ids(p *conformance.Partner) map[string]bool {
	seen := map[string]bool{}
	for _, c := range messages(p) {
		if c.id != "" {
			seen[c.id] = true
		}
	}
	return seen
}

// idsBefore are the IDs of the messages that came before a call.
func idsBefore(p *conformance.Partner, c call) map[string]bool {
	seen := map[string]bool{}
	for _, m := range messages(p) {
		if m.Exchange == c.Exchange {
			break
		}
		seen[m.id] = true
	}
	delete(seen, c.id)
	return seen
}

// wrote makes the messenger send a message and returns the first call with it:
// not one that repeats an earlier message.
func wrote(ctx context.Context, p *conformance.Partner) (call, error) {
	earlier := ids(p)
	if err := p.Provoke(ctx, AskMessage); err != nil {
		return call{}, err
	}
	found, err := p.Await(ctx, 1, func(e *traffic.Exchange) bool {
		c := read(e)
		return c.isMessage() && !earlier[c.id]
	})
	if err != nil {
		return call{}, err
	}
	return read(found[0]), nil
}

// followable says why a message cannot be told from a repeat of an earlier one, or nil.
func followable(c call) error {
	switch {
	case !c.readable:
		return notFollowed(c, "is not one JSON object", "json")
	case c.id == "":
		return notFollowed(c, "has no externalMessageId by which it could be followed", "message")
	}
	return nil
}

// usable says why a message cannot be followed any further, or nil. Status is
// what the mock should have answered.
func usable(p *conformance.Partner, c call, status int) error {
	if err := followable(c); err != nil {
		return err
	}
	switch {
	case c.Channel != p.Channel().ID:
		return notFollowed(c, "was sent to another URL than the channel's", "url")
	case c.Status() == status:
		return nil
	case c.Status() == http.StatusUnauthorized && ownToken(p, c) && p.Reading("ELMA365-R-08") != "any":
		return conformance.Undetermined("ELMA365-R-08", "the message carries a token of the messenger's own, so ELMA365 did not take it; with --reading ELMA365-R-08=any it does", c.Exchange)
	case c.Status() == http.StatusUnauthorized:
		return notFollowed(c, "was answered 401", "token")
	}
	why := fmt.Sprintf("was answered %d, not %d", c.Status(), status)
	if f, ok := finding(c, func(traffic.Finding) bool { return true }); ok {
		why += " (" + conformance.FindingText(f) + ")"
	}
	return notFollowed(c, why, "message, files and contents")
}

// ownToken is true for a call with a token that is not the channel's.
func ownToken(p *conformance.Partner, c call) bool {
	token, ok := c.token.(string)
	return ok && token != "" && token != p.Channel().Token
}

func notFollowed(c call, why, check string) error {
	return conformance.CouldNotRun("the message "+why+"; see elma365/client/"+check, c.Exchange)
}

// wroteUsable is wrote and usable.
func wroteUsable(ctx context.Context, p *conformance.Partner, status int) (call, error) {
	c, err := wrote(ctx, p)
	if err != nil {
		return c, err
	}
	return c, usable(p, c, status)
}

// outcomeOf waits for the messageOutcome with success true of a message that was
// answered 200; with "" of any. Its status is the messenger's answer.
func outcomeOf(ctx context.Context, p *conformance.Partner, id string) (call, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*p.Timing().Answer)
	defer cancel()
	found, err := p.Sandbox().Journal().Wait(ctx, 1, func(e *traffic.Exchange) bool {
		if e.Operation != "events/messageOutcome" || e.Delivery == "" {
			return false
		}
		c := read(e)
		return (id == "" || c.id == id) && c.data["success"] == true
	})
	if err != nil {
		return call{}, conformance.CouldNotRun("no messageOutcome of the message could be delivered within " + (2 * p.Timing().Answer).String())
	}
	return read(found[0]), nil
}

// after is true for an exchange that began when another had ended.
func after(e, earlier *traffic.Exchange) bool {
	return e.Time.After(earlier.Time.Add(earlier.Duration))
}

// needsWebhook says why a check that needs the messenger's webhook cannot run.
func needsWebhook(p *conformance.Partner) error {
	if p.Channel().URL == "" {
		return conformance.CouldNotRun("ELMA365 has to call the messenger for this: give its webhook (--target)")
	}
	return nil
}

// requestURI is the path and query of a URL, as it stands in a request.
func requestURI(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.RequestURI()
}

func later(a, b call) time.Duration { return b.Time.Sub(a.Time).Round(time.Millisecond) }

// equalJSON compares decoded values.
func equalJSON(a, b any) bool {
	first, errA := json.Marshal(a)
	second, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(first, second)
}
