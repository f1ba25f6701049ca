package redaction

import (
	"encoding/json"
	"strings"
	"testing"
)

var jsonTexts = []string{
	"", " ", "{", "}", "[", "]", "{}", "[]", "[ ]", "{ }", "[1]", "[1,]", "[,1]", "[1 2]", "[1,2]", `{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{a:1}`, `{1:1}`, `{"a":[{}]}`, `{"a":[}]`, `[{]}`,
	`"a"`, `"a`, `"\"`, `"\""`, `"\u00e9"`, `"\u00G0"`, `"\u00e"`, `"\U00e9"`, `"\u+123"`, `"\u_123"`, `"\x41"`, "\"\t\"", "\"\x7f\x80\"", `"\/\b\f\n\r\t\\"`, "true", "tru", "truex", "null", "false", "nulls",
	"0", "-0", "00", "01", "-", "-a", "1.", ".1", "1.0", "1e", "1E+5", "1e-5", "1e+", "1.5e5", "0e0", "0x1", "+1", "1 ", "1 1", " \t\r\n1\n", "\u00a01", "\ufeff1", `{"a":1}}`, `[1]]`, `{"a":1 "b":2}`, `{"a":1,"b":2}`, `{,}`, `[1}`, `{"a":1]`,
}

func TestJSONIsTold(t *testing.T) {
	for _, depth := range []int{deepestJSON, deepestJSON + 1} {
		jsonTexts = append(jsonTexts, strings.Repeat("[", depth)+strings.Repeat("]", depth), strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
	}
	for _, text := range jsonTexts {
		if got, want := isJSON(text), json.Valid([]byte(text)); got != want {
			t.Errorf("%.60q is JSON: %v, want %v", text, got, want)
		}
	}
}

func FuzzIsJSON(f *testing.F) {
	for _, text := range jsonTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := isJSON(text), json.Valid([]byte(text)); got != want {
			t.Errorf("%q is JSON: %v, want %v", text, got, want)
		}
	})
}
