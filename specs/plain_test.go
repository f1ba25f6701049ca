package specs

import (
	"reflect"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
)

// TestPlainComesBack: what is exported for other tools says of every payload what it
// said before, once it is loaded.
func TestPlainComesBack(t *testing.T) {
	for _, id := range IDs() {
		c := written(t, id)
		for _, name := range c.PayloadNames() {
			schema := c.Payloads[name].Schema()
			before := asJSON(t, schema)
			exported := plain(schema)
			if asJSON(t, schema) != before {
				t.Errorf("%s: exporting changed the payload", name)
			}
			walkSchemas(exported, func(one map[string]any) {
				for key := range one {
					if strings.HasPrefix(key, "x-") {
						t.Errorf("%s is exported with %s", name, key)
					}
				}
			})
			back, want := decoded(t, asJSON(t, exported)), decoded(t, before)
			ours(back)
			walkSchemas(want, func(one map[string]any) { describeArrays(one); describeRequired(one) })
			if !reflect.DeepEqual(back, want) {
				t.Errorf("%s: after a round trip %s\nbefore it %s", name, asJSON(t, back), asJSON(t, want))
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{"evidence", `{"type": "string", "x-evidence": "assumed", "x-secret": true}`,
			`{"$comment":"{\"x-evidence\":\"assumed\",\"x-secret\":true}","type":"string"}`},
		{"evidence beside a comment", `{"$comment": "a <b>", "x-unit": "seconds"}`, `{"$comment":"{\"$comment\":\"a <b>\",\"x-unit\":\"seconds\"}"}`},
		{"a member of that name", `{"type": "object", "properties": {"x-a": {"x-unit": "seconds"}, "items": {}}}`,
			`{"properties":{"items":{},"x-a":{"$comment":"{\"x-unit\":\"seconds\"}"}},"type":"object"}`},
		{"data that looks like a schema", `{"const": {"x-a": 1, "type": "array"}}`, `{"const":{"type":"array","x-a":1}}`},
		{"an array", `{"type": ["array", "null"]}`, `{"items":{},"type":["array","null"]}`},
		{"types", `{"type": ["object", "string", "null"], "title": "T", "minLength": 1, "properties": {"a": {"type": ["string", "integer"]}}}`,
			`{"anyOf":[{"properties":{"a":{"anyOf":[{"type":"string"},{"type":"integer"}]}},"type":"object"},{"minLength":1,"type":"string"},{"type":"null"}],"title":"T"}`},
		{"a required member", `{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}`,
			`{"anyOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}]}`},
		{"a required member of another type", `{"required": ["a"], "additionalProperties": {"type": "string"}}`, `{"additionalProperties":{"type":"string"},"required":["a"]}`},
	} {
		if got := asJSON(t, plain(decoded(t, test.schema))); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// TestOursLeavesOthersAlone: comments and choices of another author's are not
// taken for Parley's.
func TestOursLeavesOthersAlone(t *testing.T) {
	for _, schema := range []string{
		`{"$comment":"A note."}`,
		`{"$comment":"{\"type\":\"string\"}"}`,
		`{"$comment":"{not JSON"}`,
		`{"anyOf":[{"type":"string"},{"type":"string","minLength":1}]}`,
		`{"anyOf":[{"type":"string","title":"A"},{"type":"null"}]}`,
		`{"anyOf":[{"minimum":1,"type":"integer"},{"minimum":2,"type":"number"}]}`,
		`{"anyOf":[{"type":"string"},{"type":"null"}],"type":"string"}`,
		`{"anyOf":[{"type":"string"}]}`,
		`{"anyOf":[{"minLength":1,"type":"string"},{"type":"null"}],"minLength":2}`,
	} {
		got := decoded(t, schema)
		ours(got)
		if !reflect.DeepEqual(got, decoded(t, schema)) {
			t.Errorf("%s became %s", schema, asJSON(t, got))
		}
	}
}

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := decodeJSON([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// asJSON is JSON in which < and > are themselves.
func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := plainjson.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
