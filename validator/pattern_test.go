package validator

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/regex"
)

// TestPatternsThatRE2CannotRun are judged all the same.
func TestPatternsThatRE2CannotRun(t *testing.T) {
	v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `, "type": "object", "properties": {
		"password": {"type": "string", "pattern": "^(?=.*[0-9])(?=.*[a-z]).{4,}$", "minLength": 2},
		"twice": {"type": "string", "pattern": "^(.)\\1$"},
		"slow": {"type": "string", "pattern": "^(?=(a+)+$)(?!b)"},
		"letter": {"type": "string", "pattern": "^\\u00e9$"},
		"either": {"oneOf": [{"type": "string", "pattern": "^(?!a)"}, {"type": "integer"}]}},
		"patternProperties": {"^(?!x-)[a-z]+-": {"type": "integer"}}}`}))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"password":"abc1","twice":"aa","letter":"é","either":"b"}`: "",
		`{"password":"abcd"}`: "error body.pattern /password",
		`{"password":"1"}`:    "error body.min-length /password\nerror body.pattern /password",
		`{"twice":"ab"}`:      "error body.pattern /twice",
		`{"slow":"aaa!"}`:     "error body.pattern /slow",
		`{"slow":"` + strings.Repeat("a", 40) + `!"}`: "warn body.undecided /slow",
		`{"letter":"e"}`:      "error body.pattern /letter",
		`{"either":"ab"}`:     "error body.one-of /either\nerror body.pattern /either",
		`{"a-b":1,"x-b":"y"}`: "",
		`{"a-b":"y"}`:         "error body.type /a-b",
	} {
		var lines []string
		for line := range strings.SplitSeq(brief(v.Payload("one", Decode([]byte(body)))), "\n") {
			if !strings.HasPrefix(line, "info") {
				lines = append(lines, line)
			}
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

// TestWhatPatternsOfKeysSay is found at the member, wherever the patterns stand.
func TestWhatPatternsOfKeysSay(t *testing.T) {
	const patterned = `"patternProperties": {"^x-": {"type": "integer"}, "-list$": {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}`
	schemas := map[string]string{
		"alone":  "{" + draft7 + `, "type": "object", ` + patterned + `}`,
		"open":   "{" + draft7 + `, "additionalProperties": true, ` + patterned + `}`,
		"plain":  "{" + draft7 + `, "required": ["k"], "patternProperties": {"^x-": {"type": "integer"}}}`,
		"inside": "{" + draft7 + `, "required": ["k"], "properties": {"in": {"patternProperties": {"^x-": {"type": "integer"}}}}}`,
		"closed": "{" + draft7 + `, "additionalProperties": false, ` + patterned + `}`,
		"below":  "{" + draft7 + `, "properties": {"in": {"allOf": [{` + patterned + `}]}}}`,
		"chosen": "{" + draft7 + `, "oneOf": [{"required": ["kind"], ` + patterned + `}, {"type": "string"}]}`,
		"led to": "{" + draft7 + `, "properties": {"first": {"$ref": "#/properties/in/patternProperties/^x-"}, "in": {` + patterned + `}}}`,
		"decide": "{" + draft7 + `, "if": {"$ref": "#/definitions/d"}, "then": {"required": ["all"]}, "definitions": {"d": {` + patterned + `}}}`,
	}
	for _, c := range [][3]string{
		{"alone", `{"x-a": 1, "b": "", "c-list": ["", null]}`, ""},
		{"alone", `{"x-a": ""}`, "error body.type /x-a"},
		{"alone", `{"x-list": 1}`, "error body.type /x-list"},
		{"alone", `{"x-list": ""}`, "error body.type /x-list\nerror body.type /x-list"},
		{"alone", `{"c-list": [1]}`, "error body.one-of /c-list/0\nerror body.type /c-list/0"},
		{"open", `{"x-a": "", "b": 1}`, "error body.type /x-a"},
		{"plain", `{"x-a": ""}`, "error body.required /k\nerror body.type /x-a"},
		{"inside", `{"in": {"x-a": ""}}`, "error body.required /k\nerror body.type /in/x-a"},
		{"closed", `{"x-a": "", "b": 1}`, "error body.type /x-a\nerror body.additional-key /b"},
		{"below", `{"in": {"x-a": ""}}`, "error body.type /in/x-a"},
		{"chosen", `{"kind": 1, "x-a": ""}`, "error body.one-of\nerror body.type /x-a"},
		{"led to", `{"first": "", "in": {"x-a": 1}}`, "error body.type /first"},
		{"led to", `{"first": 1, "in": {"x-a": ""}}`, "error body.type /in/x-a"},
		{"decide", `{"x-a": ""}`, ""},
		{"decide", `{"x-a": 1}`, "error body.required /all"},
	} {
		v, err := New(contractOf(t, map[string]string{"one": schemas[c[0]]}))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.SplitSeq(brief(v.Payload("one", Decode([]byte(c[1])))), "\n") {
			if !strings.HasPrefix(line, "info") {
				lines = append(lines, line)
			}
		}
		if got := strings.Join(lines, "\n"); got != c[2] {
			t.Errorf("%s: %s\n got %q\nwant %q", c[0], c[1], got, c[2])
		}
	}
}

// A pattern that would look for a match for hours decides nothing, and that is said.
func TestAPatternHasALimitOfTime(t *testing.T) {
	const slow = `^(?=(a+)+$)(a+)+$`
	for text, want := range map[string]bool{"aaa": false, "aaa!": false, strings.Repeat("a", 40) + "!": true} {
		if regex.Undecided(slow, text) != want {
			t.Errorf("%s is undecided: %t, want %t", text, !want, want)
		}
	}
	if regex.Undecided("^a+$", strings.Repeat("a", 40)+"!") {
		t.Error("RE2 did not decide")
	}
}
