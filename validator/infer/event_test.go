package infer

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestHeadersOfEvents: they are described, and one that always had one value is sent with
// it. What a sender would have to make up is not mandatory.
func TestHeadersOfEvents(t *testing.T) {
	var sent []*traffic.Exchange
	for _, attempt := range []string{"first", "second"} {
		e := answered("POST", "https://partner.example/hook", `{}`)
		e.Request.Header = map[string][]string{
			"Content-Type": {"application/json"}, "User-Agent": {"Desk"}, "Desk-Topic": {"made"}, "X-Desk-Attempt": {attempt}, "X-Desk-Agreed": {"aZ3kQ9xT7bLm2PqR"},
		}
		e.Request.Body = traffic.NewBody([]byte(`{"type":"made"}`), 0)
		sent = append(sent, e)
	}
	o := Options{ID: "desk", Capture: "traffic.har", Webhooks: []string{"https://partner.example/hook"}}
	made := inferred(t, o, sent...)
	fits(t, o, made, sent)
	var got []string
	for _, p := range loaded(t, made).Events[0].Parameters {
		line := p.Name
		if p.Required {
			line += " is mandatory"
		}
		if p.Example != nil {
			line += ", as " + p.Example.(string)
		}
		got = append(got, line)
	}
	if want := "Desk-Topic is mandatory, as made; X-Desk-Agreed; X-Desk-Attempt"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
