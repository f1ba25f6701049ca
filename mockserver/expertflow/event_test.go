package expertflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
)

// TestEventsAreWrittenAsJSON compares events with what encoding/json writes: the message as
// it was sent but for white space, and all else by name.
func TestEventsAreWrittenAsJSON(t *testing.T) {
	m := newMock(t, "EF-R-20=intent")
	if a := m.Do("POST", "/_parley/state", `{"vendor":"expertflow","state":{
		"customers":[{"_id":"c\"1","firstName":"Kim \u2028 <é>","phoneNumber":["1","2"]},{"_id":"c2","firstName":"","phoneNumber":null}],
		"conversations":[{"id":"v1","customer":"c\"1","active":true,"room":"r<1>"},{"id":"v2","customer":"c2","active":false,"room":"r2"}],
		"channelSessions":[{"id":"s1","conversation":"v1","active":true},{"id":"s2","conversation":"v2","active":false}]}}`); a.Status != 204 {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	sender := ` { "type" : "APP", "senderName":"\u00e9<&>\\ \"\u2028", "id":"a\/b", "additionalDetail": {"z":[1.50, -0, 1e3, true,false,null,"x"], "a":{}, "é":[]} } `
	for i, selector := range []string{
		ofSession, ofAlex, ofPast, ofSession + "," + ofPast, `"channelSessionId":"s1"`, `"channelSessionId":"s2"`,
		`"conversationId":"v1"`, `"conversationId":"no \"such\" one"`,
	} {
		body := "\r\n{\t\"id\" : \"a" + string(rune('0'+i)) + "\\u0020\\\\\", \"header\":{\"sender\":" + sender + `,"intent":"<\u0041\n>","timestamp": 1680560580000 , ` + selector + `},` +
			"\n\"body\" : {\"type\":\"NOTE\",\"markdownText\":\"two  blanks, \\\" a quotation mark\"} } "
		if a := m.push(body); a.Status != 200 {
			t.Fatalf("%s: answered %d %s", body, a.Status, a.Body)
		}
		activities := m.state().Activities
		got := activities[len(activities)-1].Event
		var event map[string]any
		decoder := json.NewDecoder(strings.NewReader(string(got)))
		decoder.UseNumber()
		if err := decoder.Decode(&event); err != nil {
			t.Fatalf("%v in %s", err, got)
		}
		event["data"] = json.RawMessage(body)
		var from any
		decoder = json.NewDecoder(strings.NewReader(sender))
		decoder.UseNumber()
		if err := decoder.Decode(&from); err != nil {
			t.Fatal(err)
		}
		event["eventEmitter"] = from
		want, err := plainjson.Marshal(event)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s\nbecame\n%s\nwant\n%s, %v", body, got, want, err)
		}
		if n := len(event); n != 9 || event["name"] != "<A\n>" {
			t.Errorf("the event has %d members and is called %q", n, event["name"])
		}
	}
}
