package generate

import (
	"strings"

	"github.com/parleykit/parley/mockserver/control"
)

// kind is a kind of fault: the rule that puts it in force, and what happens then: so many
// calls of userInfo by the partner, or so many messages that the vendor sends. With a time to
// advance by, the clock stands, and is advanced after the first of them.
type kind struct {
	title, text, rule string
	calls, events     int
	advance           string
}

var callKinds = []kind{
	{title: "A status", text: "The call is answered this status, and nothing is done. It must be one that the vendor documents.", rule: `{"operation": "userInfo", "status": 500, "times": 1}`, calls: 2},
	{title: "A status that the vendor does not document", text: "Proxies and gateways answer for a vendor, too.", rule: `{"operation": "userInfo", "status": 503, "undocumented": true}`, calls: 1},
	{title: "A status after the work was done", text: "The vendor did what was asked, and the answer says that it failed: who repeats the call does it twice.", rule: `{"operation": "userInfo", "status": 500, "taken": true}`, calls: 1},
	{title: "A connection that is reset", rule: `{"operation": "userInfo", "answer": "reset"}`, calls: 1},
	{title: "A connection that ends without an answer", text: "With `taken` the vendor did the work.", rule: `{"operation": "userInfo", "answer": "empty", "taken": true}`, calls: 1},
	{title: "An answer that is cut off", text: "Its length is announced, and half of it comes.", rule: `{"operation": "userInfo", "answer": "truncated"}`, calls: 1},
	{title: "An answer that is no JSON", rule: `{"operation": "userInfo", "answer": "malformed"}`, calls: 1},
	{title: "Another content type", text: "As the page of a gateway has it.", rule: `{"operation": "userInfo", "contentType": "text/html"}`, calls: 1},
	{title: "A body that comes slowly", text: "Its bytes come over this time, one by one.", rule: `{"operation": "userInfo", "drip": "30ms"}`, calls: 1},
	{title: "A late answer", text: "By a time, or by chance: `uniform:100ms:500ms`, `normal:200ms:50ms` (mean and deviation), `lognormal:200ms:0.5` (median and sigma). The same seed gives the same times. It is time of the sandbox's clock.", rule: `{"operation": "userInfo", "delay": "20ms"}`, calls: 1},
}

var eventKinds = []kind{
	{title: "An event that is lost", rule: `{"event": "message", "lose": true, "times": 1}`, events: 2},
	{title: "An event that is changed", text: "Also into what the contract forbids.", rule: `{"event": "message", "set": {"data.text": 17}}`, events: 1},
	{title: "An event that comes again", rule: `{"event": "message", "copies": 1}`, events: 1},
	{title: "Copies at the same time", text: "What reads whether it knows an ID before it stores it, is found out.", rule: `{"event": "message", "copies": 2, "together": true}`, events: 1},
	{title: "Another order", text: "So many events of a channel are held and then sent, the last first; after `window` those are sent that are held.", rule: `{"event": "message", "reorder": 3, "window": "10s"}`, events: 3},
	{title: "A late event", text: "It holds up no other.", rule: `{"event": "message", "delay": "1m", "nth": 1}`, events: 2, advance: "1m"},
}

var whenKinds = []kind{
	{title: "Only the n-th", rule: `{"operation": "userInfo", "status": 500, "nth": 2}`, calls: 3},
	{title: "From the n-th on, so many times", rule: `{"operation": "userInfo", "status": 500, "from": 2, "times": 1}`, calls: 3},
	{title: "For a time", text: "An outage. The sandbox's clock was advanced by half a minute after the first call.", rule: `{"operation": "userInfo", "status": 500, "for": "30s"}`, calls: 2, advance: "30s"},
	{title: "By chance", text: "The seed of the sandbox decides, so that a run can be repeated.", rule: `{"operation": "userInfo", "status": 500, "probability": 0.5}`, calls: 4},
	{title: "For some bodies", rule: `{"event": "message", "where": {"data.text": "Hello 2"}, "lose": true}`, events: 3},
	{title: "For one channel of one vendor", rule: `{"vendor": "elma365", "channel": "c2", "operation": "*", "status": 404}`, calls: 1},
}

// Faults is the page of all kinds of faults, each put in force in a mock, with what was
// seen then.
func Faults() (string, error) {
	contract, err := control.Contract()
	if err != nil {
		return "", err
	}
	var p Page
	p.Heading(1, "Faults")
	p.Paragraph("A fault makes a mock misbehave: it says whose calls or deliveries it is for, when it acts, and what it does. %s tells the ways to ask for one. Here is each kind as JSON, as `POST /_parley/faults` takes it; %s has the same as flags. Below each stands what was seen when a mock of ELMA365 had it: the answers to calls of the partner, or what its webhook got. Every exchange on which a fault acted names it.",
		Link("Make the vendor misbehave", "../how-to/faults.md"), Link("parley fault add", "commands/fault-add.md"))
	for _, group := range []struct {
		title, text string
		kinds       []kind
	}{
		{"What a call is answered", "A fault is for calls where it has `operation`, an ID, or `*` for all.", callKinds},
		{"What becomes of an event", "A fault is for deliveries where it has `event`.", eventKinds},
		{"When it acts", "What matches is counted from 1. Without any of these a fault acts on every match until it is removed.", whenKinds},
	} {
		p.Heading(2, group.title)
		p.Paragraph("%s", group.text)
		for _, k := range group.kinds {
			seen, err := k.seen()
			if err != nil {
				return "", err
			}
			p.Heading(3, k.title)
			p.Paragraph("%s", k.text)
			p.Fence("json", k.rule)
			p.Fence("text", strings.Join(seen, "\n"))
		}
	}
	p.Heading(2, "Several at once")
	p.Paragraph("Faults act together where they do different things, such as a status and a delay. Of those that would decide the same, the one that was there first acts. `GET /_parley/faults` says how often each matched and acted, `DELETE /_parley/faults/{id}` ends one.")
	p.Heading(2, "All fields")
	var rows [][]string
	for _, f := range contract.Fields("requests/fault") {
		rows = append(rows, []string{Code(strings.TrimPrefix(f.Pointer, "/")), f.Type, Prose(f.Description)})
	}
	p.Table([]string{"field", "type", "meaning"}, rows)
	return p.Text(), nil
}
