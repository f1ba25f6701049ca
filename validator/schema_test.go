package validator

import (
	"strings"
	"testing"
)

// ticket is a valid body; a test puts more into it.
const ticket = `{"title":"Broken","createdAt":1700000000000,"contact":{"kind":"phone","number":"1"}`

func TestEachKeywordHasItsFinding(t *testing.T) {
	for draft, v := range acmes(t) {
		t.Run(draft, func(t *testing.T) {
			for _, c := range []struct{ more, want, expected, actual, hint string }{
				{`"priority":"3"`, "error body.type /priority", "integer", `string "3"`, "the number is sent as a string"},
				{`"priority":3.5`, "error body.type /priority", "integer", "number 3.5", "send a whole number"},
				{`"priority":null`, "warn body.type /priority", "integer", "null", "leave it out"},
				{`"priority":0`, "error body.minimum /priority", "at least 1", "0", ""},
				{`"priority":6`, "error body.maximum /priority", "at most 5", "6", ""},
				{`"state":7`, "error body.type /state\ninfo body.unknown-value /state", "string", "number 7", "put the number in quotes"},
				{`"state":true`, "error body.type /state\ninfo body.unknown-value /state", "string", "boolean true", "put true in quotes"},
				{`"state":"opne"`, "info body.unknown-value /state", `a value that the contract knows: "new", "open" or "closed"`, `"opne"`, `did you mean "open"?`},
				{`"level":"hihg"`, "error body.enum /level", `one of "low", "high", 3`, `"hihg"`, `did you mean "high"?`},
				{`"due":"08:11:32"`, "error body.format /due", "date-time", `"08:11:32"`, ""},
				{`"due":5`, "error body.type /due", "string or null", "number 5", "put the number in quotes"},
				{`"email":"A B <a@b.example>"`, "error body.format /email", "email", `"A B <a@b.example>"`, ""},
				{`"link":"example.com/x"`, "error body.format /link", "uri", `"example.com/x"`, ""},
				{`"code":"abc"`, "error body.pattern /code", "text that matches ^[A-Z]{3}$", `"abc"`, ""},
				{`"apiKey":"short"`, "error body.min-length /apiKey", "characters: at least 8", "string [redacted]", ""},
				{`"apiKey":123456789`, "error body.type /apiKey", "string", "number [redacted]", "put the number in quotes"},
				{`"tags":[]`, "error body.min-items /tags", "items: at least 1", "array with 0 items", ""},
				{`"tags":["a","b","c","d"]`, "error body.max-items /tags", "items: at most 3", "array with 4 items", ""},
				{`"tags":["a","a"]`, "error body.unique-items /tags", "no item twice", "array with 2 items", ""},
				{`"tags":["a",1]`, "error body.type /tags/1", "string", "number 1", "put the number in quotes"},
				{`"tags":["a",null]`, "error body.type /tags/1", "string", "null", "leave it out"},
				{`"tags":"a"`, "error body.type /tags", "array", `string "a"`, ""},
				{`"tags":"[\"a\"]"`, "error body.type /tags", "array", `string "[\"a\"]"`, "the JSON is encoded twice"},
				{`"pair":["a",1,2]`, "error body.max-items /pair", "no further items", "array with 3 items", ""},
				{`"labels":{"x-a":"1","y":"2"}`, "error body.additional-key /labels/y", "no key of this name", `"2"`, ""},
				{`"labels":{"x-a/b~c":1}`, "error body.type /labels/x-a~1b~0c", "string", "number 1", "put the number in quotes"},
				{`"counts":{"a":1,"b":"2"}`, "error body.type /counts/b", "integer", `string "2"`, "the number is sent as a string"},
				{`"contact":[{}]`, "error body.type /contact", "object", "array with 1 item", "send the item itself"},
				{`"flag":"true"`, "error body.type /flag", "boolean", `string "true"`, "send true without quotes"},
				{`"flag":1`, "error body.type /flag", "boolean", "number 1", "send true or false"},
				{`"tags":{}`, "error body.type /tags", "array", "object with 0 keys", "put the object in an array"},
				{`"never":1`, "error body.not /never", "nothing here", "1", ""},
				{`"createdAt":1700000000`, "warn body.unit /createdAt", "milliseconds since 1970", "1700000000", "this looks like seconds; multiply by 1000"},
				{`"createdAt":1700000000000000`, "warn body.unit /createdAt", "milliseconds since 1970", "1700000000000000", "this looks like microseconds"},
				{`"free":{"any":[1]}`, "", "", "", ""},
				{`"due":"2016-12-31T23:59:60Z"`, "", "", "", ""},
				{`"due":null`, "", "", "", ""},
				{`"level":3`, "", "", "", ""},
			} {
				body := ticket + "," + c.more + "}"
				if key, _, _ := strings.Cut(c.more, ":"); strings.Contains(ticket, key) { // replace, not repeat
					body = replaceMember(t, ticket+"}", c.more)
				}
				found := v.Payload("operations/ticket", Decode([]byte(body)))
				if got := brief(found); got != c.want {
					t.Errorf("%s\n got %s\nwant %s", body, got, c.want)
					continue
				}
				if c.want == "" {
					continue
				}
				if f := found[0]; f.Expected != c.expected || f.Actual != c.actual || !strings.HasPrefix(f.Hint, c.hint) || (c.hint == "") != (f.Hint == "") {
					t.Errorf("%s\n got expected %q, actual %q, hint %q\nwant expected %q, actual %q, hint %q", body, f.Expected, f.Actual, f.Hint, c.expected, c.actual, c.hint)
				}
			}
		})
	}
}

func TestRequirementOfTheNearestPlace(t *testing.T) {
	for draft, v := range acmes(t) {
		t.Run(draft, func(t *testing.T) {
			for body, want := range map[string]string{
				`{"title":1,"createdAt":1,"contact":{"kind":"phone","number":"1"}}`:        "ACME-002",
				`{"createdAt":1,"contact":{"kind":"phone","number":"1"}}`:                  "ACME-002",
				`{"title":"aa","createdAt":"x","contact":{"kind":"mail","address":"abc"}}`: "ACME-001",
				`{"title":"aa","createdAt":1,"contact":{"kind":"phone","number":1}}`:       "ACME-003",
			} {
				for _, f := range v.Payload("operations/ticket", Decode([]byte(body))) {
					if f.Severity == "error" && f.Requirement != want {
						t.Errorf("%s: %s at %s has requirement %q, want %s", body, f.Code, f.Pointer, f.Requirement, want)
					}
				}
			}
		})
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	for draft, v := range acmes(t) {
		t.Run(draft, func(t *testing.T) {
			for _, body := range []string{
				ticket + `,"apiKey":"hunter2"}`,
				ticket + `,"apiKey":{"a":"hunter2"}}`,
				ticket + `,"apiKey":["hunter2"]}`,
				ticket + `,"parent":` + ticket + `,"apiKey":"hunter2"}}`,
				`{"action":"start","id":"1","apikey":5,"extra":{"apiKey":"hunter2"}}`,
				strings.Replace(ticket, `"title"`, `“title”`, 1) + `,"apiKey":"hunter2"}`,
			} {
				for _, name := range []string{"operations/ticket", "operations/start"} {
					for _, f := range v.Payload(name, Decode([]byte(body))) {
						if strings.Contains(f.Actual+f.Expected+f.Hint, "hunter2") {
							t.Errorf("%s: %+v shows the secret", body, f)
						}
					}
				}
			}
		})
	}
}

func TestChoicesReadWell(t *testing.T) {
	for draft, v := range acmes(t) {
		t.Run(draft, func(t *testing.T) {
			for _, c := range []struct{ payload, body, want, expected string }{
				{"operations/ticket", `{"title":"aa","createdAt":1,"contact":{"kind":"mail","number":"1"}}`,
					"error body.one-of /contact\nerror body.required /contact/address\ninfo body.unknown-key /contact/number",
					"one of 2 forms: “by phone” or “by mail”; nearest is “by mail”"},
				{"operations/ticket", `{"title":"aa","createdAt":1,"contact":{"kind":"phone","number":1,"extension":2}}`,
					"error body.one-of /contact\nerror body.type /contact/number\nerror body.type /contact/extension",
					"one of 2 forms: “by phone” or “by mail”; nearest is “by phone”"},
				{"operations/ticket", `{"title":"aa","createdAt":1,"contact":{"kind":"fax","number":"1"}}`,
					"error body.one-of /contact\nerror body.const /contact/kind",
					"one of 2 forms: “by phone” or “by mail”; nearest is “by phone”"},
				{"operations/ticket", `{"title":"aa","createdAt":1,"contact":{"number":"1","address":"abc"}}`,
					"error body.one-of /contact\nerror body.required /contact/kind",
					"exactly one form; the value fits “by phone” and “by mail”"},
				{"answers/ticket", `{"id":"1","body":[{"text":"a"},{"file":"f"}]}`,
					"error body.any-of /body\nerror body.any-of /body/1", "one of 2 forms: “text” or “parts”; nearest is “parts”"},
				{"answers/ticket", `{"id":"1","body":[{"text":"a"},{"file":"f","name":"n"}]}`, "", ""},
				{"answers/ticket", `{"id":"1","body":5}`,
					"error body.any-of /body\nerror body.type /body", "one of 2 forms: “text” or “parts”; nearest is “text”"},
			} {
				found := v.Payload(c.payload, Decode([]byte(c.body)))
				if got := brief(found); got != c.want {
					t.Errorf("%s\n got %s\nwant %s", c.body, got, c.want)
				} else if len(found) > 0 && found[0].Expected != c.expected {
					t.Errorf("%s: expected is %q, want %q", c.body, found[0].Expected, c.expected)
				}
			}
		})
	}
}

func TestChoiceOfMissingKeysIsOneSentence(t *testing.T) {
	f := only(t, elma(t).Payload("events/message", Decode([]byte(`{"type":"message","token":"","channelId":"c","data":{"targetChatId":"1"}}`))))
	if f.Code != "body.any-of" || f.Pointer != "/data" || f.Expected != `an object with "text", or "files"` {
		t.Errorf("got %+v", f)
	}
}

func TestConditionsDecideWhichKeysAreKnown(t *testing.T) {
	for draft, v := range acmes(t) {
		t.Run(draft, func(t *testing.T) {
			for body, want := range map[string]string{
				`{"event":"opened","ticketId":"1","channel":"voice","detail":{"seconds":1}}`:  "",
				`{"event":"opened","ticketId":"1","channel":"voice","detail":{"words":1}}`:    "error body.required /detail/seconds\ninfo body.unknown-key /detail/words",
				`{"event":"opened","ticketId":"1","channel":"chat","detail":{"words":1}}`:     "",
				`{"event":"opened","ticketId":"1","channel":"chat","detail":{"words":"x"}}`:   "error body.type /detail/words",
				`{"event":"opened","ticketId":"1","channel":"chat","detail":{"seconds":"x"}}`: "info body.unknown-key /detail/seconds",
				`{"event":"opened","ticketId":"1","channel":"voice"}`:                         "error body.required /detail",
			} {
				if got := brief(v.Payload("events/opened", Decode([]byte(body)))); got != want {
					t.Errorf("%s\n got %s\nwant %s", body, got, want)
				}
			}
		})
	}
}

func TestMisspelledKeys(t *testing.T) {
	v := elma(t)
	message := func(file string) string {
		return "{\"type\":\"message\",\"token\":\"\",\"channelId\":\"c\",\n\"data\":{\"targetChatId\":\"1\",\"files\":[\n  " + file + "]}}"
	}
	for _, c := range []struct {
		body, want, hint string
		line, column     int
	}{
		{message(`{"name":"n","url":"https://a.example/"}`), "error body.required /data/files/0/URL",
			`the key is written "url" here; keys are case-sensitive: write "URL"`, 3, 15},
		{message(`{"nmae":"n","URL":"https://a.example/"}`), "error body.required /data/files/0/name",
			`"nmae" looks like a misspelling of "name"`, 3, 4},
		{message(`{"name":"n","URL":"https://a.example/","sise":1}`), "warn body.unknown-key /data/files/0/sise",
			`"sise" looks like a misspelling of "size"`, 3, 42},
		{`{"type":"message","token":"","channel_id":"c","data":{"targetChatId":"1","text":"é"}}`, "error body.required /channelId",
			`"channel_id" looks like a misspelling of "channelId"`, 1, 30},
		{`{"type":"message","token":"","channelId":"c","data":{"targetChatId":"1","text":"é"},"added":1}`, "info body.unknown-key /added", "", 1, 85},
	} {
		f := only(t, v.Payload("events/message", Decode([]byte(c.body))))
		if got := string(f.Severity) + " " + f.Code + " " + f.Pointer; got != c.want || f.Hint != c.hint || f.Line != c.line || f.Column != c.column {
			t.Errorf("%s\n got %s, %q at %d:%d\nwant %s, %q at %d:%d", c.body, got, f.Hint, f.Line, f.Column, c.want, c.hint, c.line, c.column)
		}
	}
}
