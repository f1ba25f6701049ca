package validator

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
)

// replacements are values that a schema is likely to judge differently.
var replacements = []any{
	nil, true, false, "", "a", "text", "2024-02-30T00:00:00Z", "2024-02-03T04:05:06Z", "https://a.example/", "phone", "mail", "voice",
	json.Number("0"), json.Number("-1"), json.Number("3"), json.Number("3.0"), json.Number("3e0"), json.Number("2.5"), json.Number("1e3"),
	json.Number("1700000000000"), json.Number("12345678901234567890"), map[string]any{}, []any{}, []any{"a"}, []any{json.Number("1"), map[string]any{}},
	map[string]any{"text": "a"}, map[string]any{"kind": "phone", "number": "1"},
}

// The acceptor may be unsure; what it is sure of, the compiled schema confirms.
func TestAcceptorAgreesWithTheCompiledSchema(t *testing.T) {
	long(t)
	counts := map[verdict]int{}
	judge := func(t *testing.T, p *payload, value any) {
		full, err := p.schema.full()
		if err != nil {
			t.Fatal(err)
		}
		result, err := full.validate(value)
		if err != nil {
			t.Fatal(err)
		}
		said := p.graph.accepts(viewOf(value))
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if read := p.graph.accepts(Decode(text).view()); read != said {
			t.Errorf("%s: the acceptor says %d of the tree, %d of the text %s", p.name, said, read, text)
		}
		counts[said]++
		if said == yes && !result.Valid() || said == no && result.Valid() {
			t.Errorf("%s: the acceptor says %d, the compiled schema %v to %s", p.name, said, result.Valid(), valuepath.JSON(value))
		}
	}
	forEachMutation(t, judge)
	t.Logf("yes %d, no %d, unsure %d", counts[yes], counts[no], counts[unsure])
	if counts[yes] < 1000 || counts[no] < 1000 || counts[unsure] > counts[yes] {
		t.Errorf("yes %d, no %d, unsure %d: the test shows too little", counts[yes], counts[no], counts[unsure])
	}
}

// acmeBodies are bodies that use what schemas have, by payload.
var acmeBodies = map[string][]string{
	"operations/ticket": {
		ticket + `}`,
		ticket + `,"priority":3,"state":"new","level":"low","due":null,"email":"a@b.example","link":"https://a.example/","code":"ABC",` +
			`"apiKey":"12345678","tags":["a"],"pair":["a",1],"labels":{"x-a":"1"},"counts":{"a":1},"flag":true,"free":1,"parent":` + ticket + `}}`,
		`{"title":"aa","createdAt":1,"contact":{"kind":"mail","address":"abc"}}`,
	},
	"answers/ticket": {`{"id":"1","body":[{"text":"a"},{"file":"f","name":"n"}]}`, `{"id":"1","body":"text"}`},
	"events/opened": {`{"event":"opened","ticketId":"1","channel":"voice","detail":{"seconds":1}}`,
		`{"event":"opened","ticketId":"1","channel":"chat","detail":{"words":1}}`},
}

// forEachMutation judges bodies and samples, whole and with one place changed.
func forEachMutation(t *testing.T, judge func(t *testing.T, p *payload, value any)) {
	mutate := func(t *testing.T, p *payload, value any) {
		judge(t, p, value)
		for _, pointer := range pointers(value, "") {
			for _, other := range replacements {
				judge(t, p, change(value, pointer, with(other)))
			}
			if holder, _ := valuepath.Pointer(value, jsonpointer.Parent(pointer)); valuepath.Type(holder) == "object" {
				judge(t, p, change(value, pointer, without))
				judge(t, p, change(value, jsonpointer.Parent(pointer)+"/x-added", with("x")))
			}
		}
	}
	v := acme(t)
	for name, bodies := range acmeBodies {
		for _, body := range bodies {
			mutate(t, v.payload(name), Decode([]byte(body)).Value())
		}
	}
	forEachSample(t, func(t *testing.T, _ *Validator, p *payload, d *Document) {
		if size := len(pointers(d.Value(), "")); size > 30 { // the large samples repeat what small ones have
			t.Skip(strconv.Itoa(size) + " places")
		}
		mutate(t, p, d.Value())
	})
}

// What a valid body costs depends on it.
func TestAcceptorIsSureOfSamples(t *testing.T) {
	sure, all := 0, 0
	forEachSample(t, func(_ *testing.T, _ *Validator, p *payload, d *Document) {
		all++
		if p.graph.accepts(d.view()) == yes {
			sure++
		}
	})
	t.Logf("sure of %d of %d samples", sure, all)
	if sure*10 < all*9 {
		t.Errorf("sure of %d of %d samples only", sure, all)
	}
}

func TestAcceptorOfEdges(t *testing.T) {
	number := func(text string) json.Number { return json.Number(text) }
	for _, c := range []struct {
		schema string
		value  any
		want   verdict
	}{
		{`true`, nil, yes},
		{`false`, nil, no},
		{`{}`, number("1"), yes},
		{`{"const": 1}`, number("1"), yes},
		{`{"const": 1}`, number("1.0"), unsure},
		{`{"const": 1}`, "1", no},
		{`{"const": 1.0}`, number("1"), unsure},
		{`{"const": null}`, nil, yes},
		{`{"const": {"a": 1}}`, map[string]any{"a": number("1")}, unsure},
		{`{"const": {"a": 1}}`, "a", no},
		{`{"const": "a\nb"}`, `a\nb`, no},
		{`{"enum": [1.5, "a"]}`, number("1.5"), unsure},
		{`{"enum": [1.5, "a"]}`, "a", yes},
		{`{"type": "integer"}`, number("1.0"), unsure},
		{`{"type": "integer"}`, number("123456789012345678901234567890"), yes},
		{`{"minimum": 1.5}`, number("2"), unsure},
		{`{"minimum": 1}`, number("1"), yes},
		{`{"minimum": 1}`, number("1.5"), unsure},
		{`{"exclusiveMinimum": 1}`, number("1"), unsure},
		{`{"dependencies": {"a": ["b"]}}`, map[string]any{}, unsure},
		{`{"not": {"type": "string"}}`, "a", no},
		{`{"not": {"type": "string"}}`, nil, yes},
		{`{"if": {"type": "string"}, "then": false}`, "a", no},
		{`{"if": {"type": "string"}, "then": false}`, nil, yes},
		{`{"if": {"multipleOf": 2}, "then": false}`, number("2"), unsure},
		{`{"if": {"multipleOf": 2}}`, number("2"), unsure},
		{`{"oneOf": [{"type": "string"}, {"maxLength": 3}]}`, "abcd", yes},
		{`{"oneOf": [{"type": "string"}, {"maxLength": 3}]}`, "abc", no},
		{`{"maxLength": 1}`, "é", yes},
		{`{"format": "unheard-of"}`, "a", yes},
		{`{"pattern": "^a"}`, number("1"), yes},
	} {
		if got := single(t, c.schema).graph.accepts(viewOf(c.value)); got != c.want {
			t.Errorf("%s says %d to %v, want %d", c.schema, got, c.value, c.want)
		}
	}
}
