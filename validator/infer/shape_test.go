package infer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// schemaOf is the schema of some bodies, in one line.
func schemaOf(t *testing.T, bodies ...string) string {
	t.Helper()
	redact, s := redaction.New(redaction.Options{}), &shape{}
	for _, body := range bodies {
		s.add(validator.Decode([]byte(body)).Value(), validator.Decode(redact.JSON([]byte(body))).Value())
	}
	text, err := json.Marshal(s.schema())
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`,"x-evidence":"observed"`, "", `"x-evidence":"observed"`, "").Replace(string(text))
}

func times(n int, body string) []string {
	var list []string
	for range n {
		list = append(list, body)
	}
	return list
}

func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name   string
		bodies []string
		want   string
	}{
		{"one body demands nothing", []string{`{"a": 1}`}, `{"properties":{"a":{"type":"integer"}},"type":"object"}`},
		{"what two have is mandatory", []string{`{"a": 1, "b": true}`, `{"a": 2}`},
			`{"properties":{"a":{"type":"integer"},"b":{"type":"boolean"}},"required":["a"],"type":"object"}`},
		{"numbers", []string{`[1, 2.5]`}, `{"items":{"type":"number"},"type":"array"}`},
		{"null beside others", []string{`[1, null]`}, `{"items":{"type":["integer","null"]},"type":"array"}`},
		{"null alone says nothing", []string{`{"a": null}`}, `{"properties":{"a":{}},"type":"object"}`},
		{"several types", []string{`["a", 1, {"b": 2}]`}, `{"items":{"properties":{"b":{"type":"integer"}},"type":["object","string","integer"]},"type":"array"}`},
		{"items are merged", []string{`[{"a": 1, "b": 1}, {"a": "x"}]`},
			`{"items":{"properties":{"a":{"type":["string","integer"]},"b":{"type":"integer"}},"required":["a"],"type":"object"},"type":"array"}`},
		{"an empty list", []string{`[]`}, `{"type":"array"}`},
		{"a moment seen once", []string{`"2026-01-31T10:00:00Z"`}, `{"type":"string"}`},
		{"the same moment twice", times(2, `"2026-01-31T10:00:00Z"`), `{"type":"string"}`},
		{"moments", []string{`["2026-01-31T10:00:00Z", "2026-02-28T10:00:00.123+07:00"]`}, `{"items":{"format":"date-time","type":"string"},"type":"array"}`},
		{"a moment and an empty text", []string{`["2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", ""]`}, `{"items":{"type":"string"},"type":"array"}`},
		{"a moment without a zone", []string{`["2026-01-31T10:00:00", "2026-02-28T10:00:00"]`}, `{"items":{"type":"string"},"type":"array"}`},
		{"days", []string{`["2026-01-31", "2026-02-28"]`}, `{"items":{"format":"date","type":"string"},"type":"array"}`},
		{"no days", []string{`["2026-01-31", "2026-02-30"]`}, `{"items":{"type":"string"},"type":"array"}`},
		{"UUIDs", []string{`["0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a00", "0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a01"]`}, `{"items":{"format":"uuid","type":"string"},"type":"array"}`},
		{"addresses", []string{`["minka@example.com", "budi@example.com"]`}, `{"items":{"format":"email","type":"string"},"type":"array"}`},
		{"URLs", []string{`["https://a.example/x?y=1", "http://b.example"]`}, `{"items":{"format":"uri","type":"string"},"type":"array"}`},
		{"URLs that not everybody reads", []string{`["https://a.example/{x}", "http://b.example"]`}, `{"items":{"type":"string"},"type":"array"}`},
		{"few words among many", append(times(7, `"open"`), `"closed"`), `{"type":"string","x-known-values":["closed","open"]}`},
		{"few words among few", append(times(6, `"open"`), `"closed"`), `{"type":"string"}`},
		{"many words", []string{`["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"]`}, `{"items":{"type":"string"},"type":"array"}`},
		{"few sentences", times(8, `"Good morning, Minka! How are you?"`), `{"type":"string"}`},
		{"few secrets", times(8, `{"password": "correct"}`), `{"properties":{"password":{"type":"string"}},"required":["password"],"type":"object"}`},
		{"what was recorded without its value", []string{`{"token": "[redacted]"}`, `{"token": "[redacted]"}`}, `{"properties":{"token":{}},"required":["token"],"type":"object"}`},
		{"IDs for names", []string{`{"0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a00": {"n": 1}}`}, `{"additionalProperties":{"properties":{"n":{"type":"integer"}},"type":"object"},"type":"object"}`},
		{"names that vary", []string{`{"ab": 1, "ac": 2, "ad": 3}`, `{"bb": 1, "bc": 2, "bd": 3}`, `{"cb": 1, "cc": 2, "cd": 3}`}, `{"additionalProperties":{"type":"integer"},"type":"object"}`},
		{"names that vary, with values that do, too", []string{`{"ab": 1, "ac": 2, "ad": 3}`, `{"bb": "x", "bc": 2, "bd": 3}`, `{"cb": 1, "cc": 2, "cd": 3}`},
			`{"properties":{"ab":{"type":"integer"},"ac":{"type":"integer"},"ad":{"type":"integer"},"bb":{"type":"string"},"bc":{"type":"integer"},"bd":{"type":"integer"},"cb":{"type":"integer"},"cc":{"type":"integer"},"cd":{"type":"integer"}},"type":"object"}`},
		{"secrets in a whole", []string{`{"credentials": {"user": "minka", "word": "x"}}`}, `{"properties":{"credentials":{"type":"object"}},"type":"object"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := schemaOf(t, test.bodies...); got != test.want {
				t.Errorf("\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// TestShapesMerge: it does not matter where bodies were seen.
func TestShapesMerge(t *testing.T) {
	bodies := []string{`{"a": [1, "open"], "b": null}`, `{"a": [2.5], "c": {"d": "2026-01-31"}}`, `{"c": {"d": "2026-02-28"}, "b": "open"}`, `[]`}
	all := &shape{}
	var apart []*shape
	for _, body := range bodies {
		value, one := validator.Decode([]byte(body)).Value(), &shape{}
		all.add(value, value)
		one.add(value, value)
		apart = append(apart, one)
	}
	want, _ := json.Marshal(all.schema())
	for first := range apart {
		merged := &shape{}
		for n := range apart {
			merged.merge(apart[(first+n)%len(apart)])
		}
		if got, _ := json.Marshal(merged.schema()); string(got) != string(want) {
			t.Errorf("merged from %d on:\n%s, want\n%s", first, got, want)
		}
	}
}
