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
		`{"letter":"e"}`:      "error body.pattern /letter",
		`{"either":"ab"}`:     "error body.one-of /either\nerror body.pattern /either",
		`{"a-b":1,"x-b":"y"}`: "",
		`{"a-b":"y"}`:         "error body.schema",
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

// A pattern that would look for a match for hours decides nothing.
func TestAPatternHasALimitOfTime(t *testing.T) {
	match, err := regex.Compile(`^(?=(a+)+$)(a+)+$`)
	if err != nil {
		t.Fatal(err)
	}
	if !match.MatchString(strings.Repeat("a", 40) + "!") {
		t.Error("a text was refused that nobody could decide on")
	}
}
