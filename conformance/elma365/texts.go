package elma365

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
)

// textChecks: the messenger takes whatever an operator may write, and bodies in
// every form that JSON has.
var textChecks = []conformance.Check{
	textCheck("emoji", "accepts emoji in an operator's text", map[string]any{
		"data.text": "Your parcel is on its way \U0001F69A\U0001F4E6, see you soon \U0001F44B\U0001F3FD",
	}),
	textCheck("right-to-left", "accepts right-to-left text", map[string]any{
		"data.text": "\u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627 \u2067(42)\u2069",
	}),
	textCheck("line-breaks", "accepts line breaks and tabs in an operator's text", map[string]any{
		"data.text": "First line\nsecond line\r\n\tthird line",
	}),
	textCheck("long-text", "accepts an operator's text of 64 KB", map[string]any{
		"data.text": strings.Repeat("All work and no play. \u00e9", 64<<10/24),
	}),
	textCheck("quotes-in-names", "accepts quotes and backslashes in the name of a file", map[string]any{
		"data.text":  "She said \"no\" and it's C:\\done",
		"data.files": []any{file(`a "quoted" name.png`), file(`it's \ back\\slashed.pdf`), file("\u2018typographic\u2019 \u00ab\u043e\u0442\u0447\u0451\u0442\u00bb.txt")},
	}),
	{
		ID: "elma365/webhook/layout", Title: "reads a body whatever the order, white space and escapes of its members",
		Requirements: []string{"ELMA365-GEN-002", "ELMA365-MSG-001"},
		Run:          all(accepted, layouts),
	},
	{
		ID: "elma365/webhook/unknown-members", Title: "accepts each event with members that the page does not name",
		Requirements: []string{"ELMA365-GEN-021"},
		Run:          all(unlessReading("ELMA365-R-07", "may-refuse", taken), unknownMembers),
	},
}

func textCheck(name, title string, set map[string]any) conformance.Check {
	return conformance.Check{
		ID: "elma365/webhook/" + name, Title: title,
		Requirements: []string{"ELMA365-MSG-007"},
		Run:          all(accepted, one("message", set)),
	}
}

// layouts writes one valid message in ways that mean the same.
func layouts(p *conformance.Partner) []request {
	b := body(p, "message", nil)
	indented, backwards := new(bytes.Buffer), new(bytes.Buffer)
	json.Indent(indented, conformance.Encode(b), "", "    ") // it was just encoded
	for _, name := range []string{"data", "token", "channelId", "type"} {
		fmt.Fprintf(backwards, ",%q:%s", name, conformance.Encode(b[name]))
	}
	escaped := bytes.Replace(conformance.Encode(b), []byte(`"type":"message"`), []byte(`"\u0074ype":"\u006dessage"`), 1)
	raw := func(text []byte) mockserver.Raw { return mockserver.Raw{Event: "message", Body: text} }
	return []request{
		{raw(indented.Bytes()), "an indented body, as the page prints it,"},
		{raw([]byte("{" + backwards.String()[1:] + "}")), "a body with its members in another order"},
		{raw(escaped), "a body with escaped letters"},
	}
}

// unknownMembers adds members at every level. Their names are like none of the page's.
func unknownMembers(p *conformance.Partner) []request {
	var requests []request
	for _, event := range events[:len(events)-1] { // not disconnect: it would be executed
		requests = append(requests, changed(p, event, event+" with further members", func(b map[string]any) {
			b["parleyExtra"] = map[string]any{"since": 2031, "list": []any{nil, true}}
			if data, ok := b["data"].(map[string]any); ok {
				data["parleyExtra"] = "x"
				if files, ok := data["files"].([]any); ok && len(files) > 0 {
					files[0].(map[string]any)["parleyExtra"] = 1
				}
			}
		}))
	}
	return requests
}
