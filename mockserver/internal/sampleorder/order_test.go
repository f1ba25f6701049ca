package sampleorder

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/specs"
)

type bag map[string]any

// ordersOf are those of a contract with one payload and these samples.
func ordersOf(samples ...string) *Orders {
	p := &specs.Payload{Name: "answers/a"}
	for i, text := range samples {
		p.Samples = append(p.Samples, specs.Sample{Name: string(rune('a' + i)), Body: json.RawMessage(text)})
	}
	return &Orders{contract: &specs.Contract{Payloads: map[string]*specs.Payload{p.Name: p}}}
}

func TestMembersInTheOrderOfTheSamples(t *testing.T) {
	all := ordersOf(`{"z":1,"list":[{"q":1,"p":2},{"r":3}],"a":{"y":1,"x":2}}`, `{"a":{"x":1,"w":2},"new":1,"z":2}`)
	value := bag{
		"a": map[string]any{"w": 1, "x": int64(2), "y": "<&>", "other": true}, "z": nil, "new": []string{"s"},
		"list": []bag{{"p": 1, "q": 2}, nil, {"r": json.Number("1.50"), "q": 0}}, "c": 1.5, "b": []any{bag{"k": 1, "j": 2}},
	}
	for first, want := range map[string]string{
		"":        `{"z":null,"list":[{"q":2,"p":1},null,{"q":0,"r":1.50}],"a":{"y":"<&>","x":2,"w":1,"other":true},"new":["s"],"b":[{"j":2,"k":1}],"c":1.5}`,
		"b":       `{"a":{"x":2,"w":1,"y":"<&>","other":true},"new":["s"],"z":null,"list":[{"q":2,"p":1},null,{"q":0,"r":1.50}],"b":[{"j":2,"k":1}],"c":1.5}`,
		"nothing": `{"z":null,"list":[{"q":2,"p":1},null,{"q":0,"r":1.50}],"a":{"y":"<&>","x":2,"w":1,"other":true},"new":["s"],"b":[{"j":2,"k":1}],"c":1.5}`,
	} {
		got, err := all.Of("answers/a", first).Encode(value)
		if err != nil || string(got) != want {
			t.Errorf("first %q: %v\n%s, want\n%s", first, err, got, want)
		}
		if again, _ := all.Of("answers/a", first).Encode(value); !bytes.Equal(got, again) {
			t.Errorf("first %q: written again it is %s", first, again)
		}
	}
	got, err := all.Of("answers/unknown", "").Encode(value)
	if want, _ := plainjson.Marshal(value); err != nil || !bytes.Equal(got, want) {
		t.Errorf("without samples: %v %s, want %s", err, got, want)
	}
}

// TestWrittenAsTheLibraryDoes: without an order nothing else differs.
func TestWrittenAsTheLibraryDoes(t *testing.T) {
	for _, value := range []any{
		nil, "", "ü\u0001\"\\\n<>&", true, 1, int64(-1), uint8(3), 1e21, 0.1, json.Number("12345678901234567890"), []any(nil), []any{}, []string(nil),
		map[string]any(nil), bag(nil), []bag(nil), []bag{}, map[string]int{"b": 1, "a": 2}, json.RawMessage(`{"b":1,"a":2}`), struct{ B, A int }{1, 2},
		map[string]any{"b": struct{ B, A int }{1, 2}, "a": []int{1}},
	} {
		var o *Order
		got, err := o.Encode(value)
		want, _ := plainjson.Marshal(value)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%#v: %v %s, want %s", value, err, got, want)
		}
	}
	for _, value := range []any{math.NaN(), map[string]any{"a": 1, "b": math.Inf(1), "c": 2}, []any{func() {}}, []bag{{"a": make(chan int)}}} {
		var o *Order
		if got, err := o.Encode(value); err == nil {
			t.Errorf("%v is written as %s", value, got)
		}
	}
}
