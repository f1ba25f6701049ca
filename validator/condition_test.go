package validator

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

// expertflow is the validator of a contract that tells 24 forms of a body apart
// by if and then on the body's type.
func expertflow(t testing.TB) *Validator {
	t.Helper()
	return shipped(t, "expertflow")
}

// activity is a valid one but for its body.
func activity(body string) string {
	return `{"id":"1e1d9d5e-7b8c-4d2f-9a3b-5c6d7e8f9a0b","header":{"sender":{"id":"s-1","type":"APP","senderName":"App"},` +
		`"conversationId":"c-1","timestamp":1700000000000},"body":` + body + `}`
}

// Only the form that a body's type chooses says anything of it.
func TestOnlyTheBranchThatAppliesSpeaks(t *testing.T) {
	v := expertflow(t)
	for name, c := range map[string]struct{ body, want string }{
		"a sticker without its address":    {`{"type":"STICKER"}`, "error body.required /body/mediaUrl EF-BODY-010"},
		"a URL without its address":        {`{"type":"URL"}`, "error body.required /body/mediaUrl EF-BODY-013"},
		"a key as a table has it":          {`{"type":"URL","mediaURL":"https://a.example/"}`, "warn body.unknown-key /body/mediaURL EF-BODY-029"},
		"a key in another case":            {`{"type":"STICKER","mediaURL":"https://a.example/"}`, "error body.required /body/mediaUrl EF-BODY-010"},
		"a member without requirement":     {`{"type":"STICKER","mediaUrl":"https://a.example/","stickerId":3}`, "error body.type /body/stickerId EF-BODY-010"},
		"a misspelled member":              {`{"type":"STICKER","mediaUrl":"https://a.example/","stikerId":"1"}`, "warn body.unknown-key /body/stikerId EF-BODY-010"},
		"an unknown key":                   {`{"type":"PLAIN","markdownText":"a","later":1}`, "info body.unknown-key /body/later"},
		"a moment of another form":         {`{"type":"PLAIN","markdownText":"a","timestamp":1700000000}`, "info body.unknown-key /body/timestamp"},
		"a moment of this form":            {`{"type":"DELETEDNOTIFICATION","timestamp":1700000000}`, "warn body.unit /body/timestamp EF-BODY-027"},
		"a type that is not recognised":    {`{"type":"FNB","later":1,"timestamp":1700000000,"mediaUrl":3}`, ""},
		"a recognised type in other case":  {`{"type":"sticker","later":1}`, ""},
		"no type":                          {`{"timestamp":1700000000,"later":1}`, "error body.required /body/type EF-BODY-001"},
		"a type that is no string":         {`{"type":3,"timestamp":1700000000}`, "error body.type /body/type EF-BODY-001"},
		"a body that is no object":         {`"text"`, "error body.type /body EF-ACT-005"},
		"no body":                          {`null`, "error body.type /body EF-ACT-005"},
		"a text of a type with other text": {`{"type":"URL","mediaUrl":"https://a.example/","markdownText":3}`, "error body.type /body/markdownText EF-BODY-002"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range v.Payload("operations/pushActivity", Decode([]byte(activity(c.body)))) {
				got = append(got, strings.TrimSpace(brief([]traffic.Finding{f})+" "+f.Requirement))
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %s\nwant %s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

func TestKeyOfABranchInOtherCaseIsNamed(t *testing.T) {
	f := only(t, expertflow(t).Payload("operations/pushActivity", Decode([]byte(activity(`{"type":"URL","mediaURL":"https://a.example/"}`)))))
	if want := `the key is written "mediaURL" here; keys are case-sensitive: write "mediaUrl"`; f.Hint != want || f.Actual != `"mediaURL"` {
		t.Errorf("got %s, hint %q, want hint %q", f.Actual, f.Hint, want)
	}
}

// What is wrong with a body inside an activity is what is wrong with it by the
// schema of its type alone.
func TestBranchSaysWhatItsSchemaSaysAlone(t *testing.T) {
	long(t)
	v := expertflow(t)
	tried := 0
	for _, name := range v.payloadNames() {
		if !strings.HasPrefix(name, "bodies/") {
			continue
		}
		for _, s := range v.contract.Payloads[name].Samples {
			value := Decode(s.Body).Value()
			for _, pointer := range pointers(value, "") {
				if holder, _ := valuepath.Pointer(value, jsonpointer.Parent(pointer)); valuepath.Type(holder) != "object" || pointer == "/type" {
					continue
				}
				for _, changed := range []any{
					change(value, pointer, without), change(value, pointer, with(true)), change(value, pointer, with([]any{})),
					change(value, pointer, with("text")), change(value, jsonpointer.Parent(pointer)+"/"+jsonpointer.Last(pointer)+"X", with("text")),
				} {
					tried++
					sameAlone(t, v, name, document(t, changed))
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d bodies were judged", tried)
	}
}

func sameAlone(t *testing.T, v *Validator, name string, body *Document) {
	t.Helper()
	show := func(found []traffic.Finding, at string) (lines []string) {
		for _, f := range found {
			lines = append(lines, f.Code+" "+strings.TrimPrefix(f.Pointer, at)+" "+f.Requirement+" "+f.Expected+" "+f.Hint)
		}
		return lines
	}
	alone := strings.Join(show(v.Payload(name, body), ""), "\n")
	inside := strings.Join(show(v.Payload("operations/pushActivity", Decode([]byte(activity(string(body.raw))))), "/body"), "\n")
	if alone != inside {
		t.Errorf("%s %s\nalone:\n%s\nin an activity:\n%s", name, body.raw, alone, inside)
	}
}

// Other forms of if than a comparison of members are decided as well; where they
// can't be, both branches speak.
func TestConditionsOfOtherForms(t *testing.T) {
	branches := `"then": {"properties": {"a": {}}, "x-requirement": "T-1"}, "else": {"properties": {"b": {}}, "x-requirement": "T-2"}`
	for _, c := range []struct{ condition, body, want string }{
		{`{"properties": {"k": {"const": "x"}}}`, `{"k":"x","a":1,"b":1}`, "info body.unknown-key /b"},
		{`{"properties": {"k": {"const": "x"}}}`, `{"k":"y","a":1,"b":1}`, "info body.unknown-key /a"},
		{`{"properties": {"k": {"const": "x"}}}`, `{"a":1,"b":1}`, "info body.unknown-key /b"}, // without required, no k is no other k
		{`{"properties": {"k": {"const": "x"}}, "required": ["k"]}`, `{"a":1,"b":1}`, "info body.unknown-key /a"},
		{`{"properties": {"k": {"enum": ["x", 1]}}, "required": ["k"]}`, `{"k":1,"a":1,"b":1}`, "info body.unknown-key /b"},
		{`{"properties": {"k": {"type": "string"}}, "required": ["k"]}`, `{"k":1,"a":1,"b":1}`, "info body.unknown-key /a"},
		{`{"properties": {"k": {"multipleOf": 2}}, "required": ["k"]}`, `{"k":1,"a":1,"b":1}`, ""},
	} {
		v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `, "properties": {"k": {}}, "if": ` + c.condition + `, ` + branches + `}`}))
		if err != nil {
			t.Fatal(err)
		}
		if got := brief(v.Payload("one", Decode([]byte(c.body)))); got != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.condition, c.body, got, c.want)
		}
	}
}
