package elma365

import (
	"testing"

	"github.com/parleykit/parley/traffic"
)

// Whatever an event names, however it is written, mayHold lets it be decoded.
func TestMayHold(t *testing.T) {
	for _, c := range []struct {
		body, id string
		named    bool
	}{
		{`{"data":{"targetChatId":"chat-1"}}`, "chat-1", true},
		{`{"data":{"targetChatId":"чат <1>"}}`, "чат <1>", true},
		{`{"data":{"targetChatId":"\u0063hat-1"}}`, "chat-1", true},
		{`{"data":{"targetChatId":"\u0447\u0430\u0442"}}`, "чат", true},
		{`{"data":{"targetChatId":"a\/b"}}`, "a/b", true},
		{"{\"data\":{\"targetChatId\":\"\xff\"}}", "\ufffd", true},
		{`{"data":{"targetChatId":"chat\u002d1"}}`, "chat-1", true},
		{`{"data":{"targetChatId":"chat-2"}}`, "chat-1", false},
		{`{"data":{"targetChatId":"chat-2","text":"a \"word\"\n"}}`, "chat-1", false},
		{"{\"data\":{\"targetChatId\":\"chat-2\xff\"}}", "chat-1", false},
	} {
		e := &traffic.Exchange{Operation: "events/message", Request: traffic.Request{Body: traffic.NewBody([]byte(c.body), 0)}}
		if _, id := named(e); (id == c.id) != c.named {
			t.Fatalf("%s names %q, and this table says something else of %q", c.body, id, c.id)
		}
		if may := mayHold(e.Request.Body.Kept, c.id); may != c.named {
			t.Errorf("mayHold of %s and %q is %v", c.body, c.id, may)
		}
	}
}
