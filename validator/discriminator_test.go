package validator

import (
	"encoding/json"
	"testing"
)

// A node that is judged in one step says what it says when it is judged keyword by keyword.
func TestSoleNodesSayWhatTheirKeywordsSay(t *testing.T) {
	wanted := &node{constant: "a", hasConst: true}
	values := []any{
		nil, "a", json.Number("1"), []any{"a"}, map[string]any{}, map[string]any{"kind": "a"}, map[string]any{"kind": "b"}, map[string]any{"kind": nil},
		map[string]any{"kind": json.Number("1")}, map[string]any{"kind": []any{"a"}}, map[string]any{"kind": map[string]any{}}, map[string]any{"kind": anything{}},
		map[string]any{"other": "a"}, map[string]any{"kind": "a", "other": true}, anything{},
	}
	for _, required := range [][]string{nil, {"kind"}} {
		n := &node{properties: map[string]*node{"kind": wanted}, required: required}
		slow := &node{properties: n.properties, required: required}
		n.finish()
		slow.finish()
		slow.discriminator = nil
		if n.discriminator == nil {
			t.Fatalf("a node that requires %v is not judged in one step", required)
		}
		for _, value := range values {
			if quick, said := n.accepts(viewOf(value)), slow.accepts(viewOf(value)); quick != said {
				t.Errorf("required %v: %v is %d in one step, %d by keywords", required, value, quick, said)
			}
		}
	}
	for name, n := range map[string]*node{
		"another type":     {properties: map[string]*node{"kind": wanted}, types: []string{"object"}},
		"another key":      {properties: map[string]*node{"kind": wanted, "other": {}}},
		"another required": {properties: map[string]*node{"kind": wanted}, required: []string{"other"}},
		"doubt":            {properties: map[string]*node{"kind": wanted}, doubt: true},
		"a doubtful text":  {properties: map[string]*node{"kind": {constant: "a", hasConst: true, doubt: true}}},
		"a number":         {properties: map[string]*node{"kind": {constant: json.Number("1"), hasConst: true}}},
		"allOf":            {properties: map[string]*node{"kind": wanted}, allOf: []*node{{}}},
		"not":              {properties: map[string]*node{"kind": wanted}, not: &node{}},
	} {
		if n.finish(); n.discriminator != nil {
			t.Errorf("a node with %s asks for more than one text", name)
		}
	}
}
