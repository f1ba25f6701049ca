package validator

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		v    *Validator
		body string
		want string
	}{
		{acme(t), `{"action":"start","id":"1"}`, "operations/start"},
		{acme(t), `{"action":"strat","id":"1"}`, "operations/start"},
		{acme(t), `{"event":"closed"}`, "events/closed"},
		{acme(t), `{"id":"1","body":"x"}`, "answers/ticket"},
		{acme(t), `{"wholly":"unknown"}`, ""},
		{acme(t), `[1]`, ""},
		{acme(t), `{`, ""},
		{elma(t), `{"type":"message","token":"","channelId":"c","data":{"targetChatId":"1","text":"a"}}`, "events/message"},
		{elma(t), `{"type":"message","token":"","data":{"externalMessageId":"1","text":"a"}}`, "operations/message"},
		{elma(t), `{"type":"disconnect","token":""}`, "operations/disconnect"},
		{elma(t), `{"type":"disconnect","token":"","channelId":"c"}`, "events/disconnect"},
		{elma(t), `{"type":"userInfo","token":"","data":{"userId":"1"}}`, "events/userInfo operations/userInfo"},
	} {
		if got := strings.Join(c.v.Guess(Decode([]byte(c.body))), " "); got != c.want {
			t.Errorf("%s is taken for %s, want %s", c.body, got, c.want)
		}
	}
}

// A sample is taken for its own payload, or for one that it fits as well.
func TestGuessKnowsSamples(t *testing.T) {
	long(t)
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		guessed := v.Guess(d)
		if valuepath.Type(d.Value()) != "object" || len(p.graph.properties) == 0 {
			t.Skip("its payload is open")
		}
		for _, name := range guessed {
			if name == p.name {
				return
			}
			for _, f := range v.Payload(name, d) {
				if f.Severity.AtLeast(traffic.Error) {
					t.Errorf("taken for %v, although %s has %s %s", guessed, name, f.Code, f.Pointer)
				}
			}
		}
		if len(guessed) == 0 {
			t.Error("taken for nothing")
		}
	})
}
