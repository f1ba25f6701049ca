package traffic

import "testing"

func TestFindingString(t *testing.T) {
	for want, f := range map[string]Finding{
		`error body.required at /data/text (line 3, column 5): expected a string, got nothing; write it (breaks X-1)`: {
			Code: "body.required", Severity: Error, Pointer: "/data/text", Line: 3, Column: 5,
			Expected: "a string", Hint: "write it", Requirement: "X-1",
		},
		`warn call.refused: the token is another`: {Code: "call.refused", Severity: Warn, Actual: "the token is another"},
		`warn json.utf8`: {Code: "json.utf8", Severity: Warn},
		`info body.unknown-value: expected a or b, got "c"`: {Code: "body.unknown-value", Severity: Info, Expected: "a or b", Actual: `"c"`},
	} {
		if got := f.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestFindingKeepsControlCharactersFromTheTerminal(t *testing.T) {
	f := Finding{Code: "body.unknown-key", Severity: Info, Pointer: "/\x1b[31m\n"}
	if got, want := f.String(), "info body.unknown-key at /\\u001b[31m\\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
