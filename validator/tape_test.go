package validator

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/valuepath"
)

// sameAsTree holds a document that was read onto a tape to what the reader of trees says
// of the same text.
func sameAsTree(t *testing.T, v *Validator, body []byte, payloads ...string) (onTape bool) {
	t.Helper()
	d, tree := Decode(body), decodeTree(body)
	if d.Valid != tree.Valid || d.end != tree.end || d.utf8 != tree.utf8 || d.extreme != tree.extreme || !reflect.DeepEqual(d.Findings, tree.Findings) {
		t.Errorf("%q: %+v, by the reader of trees %+v", body, d, tree)
	}
	for _, pointer := range append(pointers(tree.Value(), ""), "", "/missing", "no pointer", "/0", "/-1", "/a~1b/01") {
		want, there := valuepath.Pointer(tree.Value(), pointer)
		there = there && tree.readable()
		if !there {
			want = nil
		}
		if got, ok := d.Lookup(pointer); ok != there || !reflect.DeepEqual(got, want) {
			t.Errorf("%q at %q: %#v, %v, in the tree %#v, %v", body, pointer, got, ok, want, there)
		}
		if text, _ := want.(string); d.Text(pointer) != text || d.Peek(pointer) != text {
			t.Errorf("%q at %q: text %q, in the tree %#v", body, pointer, d.Text(pointer), want)
		}
		for _, of := range []*Document{d, tree} {
			text, ok := of.AppendJSON([]byte("["), pointer)
			if written, err := plainjson.Marshal(want); ok != there || ok && (err != nil || string(text) != "["+string(written)) {
				t.Errorf("%q at %q: written as %s, %v, want %s, %v", body, pointer, text, ok, written, err)
			}
		}
		if text, ok := want.(string); d.Says(pointer, text) != ok || d.Says(pointer, text+"?") {
			t.Errorf("%q at %q says not just %q", body, pointer, text)
		}
		if d.Given(pointer) != (want != nil) {
			t.Errorf("%q at %q: given %v, in the tree %#v", body, pointer, d.Given(pointer), want)
		}
		sameElements(t, body, d, pointer, want)
	}
	for _, name := range payloads {
		if got, want := v.Payload(name, d), v.Payload(name, tree); !reflect.DeepEqual(got, want) {
			t.Errorf("%s of %q: %+v, of the tree %+v", name, body, got, want)
		}
	}
	if got, want := v.Guess(d), v.Guess(tree); !reflect.DeepEqual(got, want) {
		t.Errorf("%q: taken for %v, by the tree for %v", body, got, want)
	}
	o, found := v.Select(v.contract.Operations, d)
	if other, same := v.Select(v.contract.Operations, tree); o != other || !reflect.DeepEqual(found, same) {
		t.Errorf("%q: selects %v, %v, by the tree %v, %v", body, o, found, other, same)
	}
	if !reflect.DeepEqual(d.Value(), tree.Value()) {
		t.Errorf("%q became %#v, by the reader of trees %#v", body, d.Value(), tree.Value())
	}
	return d.tape != nil
}

// sameElements holds the elements of a list to those of the tree.
func sameElements(t *testing.T, body []byte, d *Document, pointer string, want any) {
	t.Helper()
	list, _ := want.([]any)
	i := 0
	for e := range d.Elements(pointer) {
		object, _ := list[i].(map[string]any)
		for _, key := range append(slices.Collect(maps.Keys(object)), "missing") {
			if text, _ := object[key].(string); e.Text(key) != text || !reflect.DeepEqual(e.Value(key), object[key]) {
				t.Errorf("%q at %q/%d: under %q %q and %#v, in the tree %#v", body, pointer, i, key, e.Text(key), e.Value(key), object[key])
			}
		}
		i++
	}
	if i != len(list) {
		t.Errorf("%q at %q: %d elements, in the tree %#v", body, pointer, i, want)
	}
}

// texts are texts at the border of what a tape takes.
func texts() []string {
	keys := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, `"k`+strconv.Itoa(i)+`":`+strconv.Itoa(i))
		}
		return strings.Join(list, ",")
	}
	return []string{
		``, ` `, `nul`, `null`, `nullx`, `true`, `tru`, ` false `, `0`, `-0`, `-`, `01`, `1.`, `.5`, `1.5e`, `1e+`, `1E-3`, `-1.50e+07`, `1e400`, `1e-400`, `0e9`,
		strings.Repeat("9", maxDigits), strings.Repeat("9", maxDigits+1), "0." + strings.Repeat("1", maxDigits), `"`, `""`, `"a`, `"\"`, `"\\"`, `"\`, `"\x"`, `"\u00e"`, `"\u00E9"`,
		`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, "\"\x00\"", "\"\x1f\"", "\"\x7f\"", "\"a\tb\"", "\"\xff\"", `"é👋"`, "\ufeff{}", `{}`, `{ }`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{a:1}`,
		`{"a":1 "b":2}`, `{"a":1,"a":1}`, `{"a":1,"\u0061":1}`, `{"\u0061":1}`, `{"a":{"b":1,"b":2}}`, `{"":1}`, `{"":1,"":2}`, `{"aa":1,"ab":2,"ba":3,"aa":4}`, `[]`, `[ ]`, `[1,]`, `[,1]`, `[1 2]`, `[1]]`,
		`{}{}`, `{} x`, "{}\n\t ", "{}\v", `[[],{},[{}],"",null]`, `{"a":[{"b":{"c":[1,"x",true,null,-2.5]}}],"d":"e\n\u00e9f"}`, `{"a/b":{"m~n":[0,1]}}`,
		`{` + keys(maxMembers) + `}`, `{` + keys(maxMembers+1) + `}`, `{` + keys(maxMembers-1) + `,"k0":1}`,
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
		strings.Repeat(`{"a":`, maxDepth) + "1" + strings.Repeat("}", maxDepth), strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1),
	}
}

func TestTapeSaysWhatTheTreeSays(t *testing.T) {
	long(t)
	v, taken := acme(t), 0
	for _, text := range texts() {
		if sameAsTree(t, v, []byte(text), v.payloadNames()...) {
			taken++
		}
	}
	if taken < 25 {
		t.Errorf("%d texts only were read onto a tape", taken)
	}
}

// Samples of every contract, whole and spoiled, are judged alike.
func TestSamplesOnATapeAreJudgedAsTrees(t *testing.T) {
	long(t)
	random := rand.New(rand.NewPCG(1, 2))
	taken, all := 0, 0
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		if len(d.raw) > 4000 {
			return
		}
		// What it is, and what it is not: all payloads would be a hundred times the work.
		names := v.payloadNames()
		judged := []string{p.name, names[random.IntN(len(names))], names[random.IntN(len(names))]}
		if all++; sameAsTree(t, v, d.raw, judged...) {
			taken++
		}
		for range 5 {
			spoiled := bytes.Clone(d.raw)
			at := random.IntN(len(spoiled))
			switch random.IntN(3) {
			case 0:
				spoiled[at] = byte(random.IntN(256))
			case 1:
				spoiled = append(spoiled[:at], spoiled[at+1:]...)
			case 2:
				spoiled = append(spoiled[:at:at], append([]byte(`"{}[]:,\0`[random.IntN(9):][:1]), spoiled[at:]...)...)
			}
			sameAsTree(t, v, spoiled, judged...)
		}
	})
	if taken < all*9/10 {
		t.Errorf("%d of %d samples only were read onto a tape", taken, all)
	}
}

// All who ask for the tree have the same; what is large inside is shared, too.
func TestTreeIsMadeOnce(t *testing.T) {
	d := Decode([]byte(`{"a":{"b":[1,"x"` + strings.Repeat(`,"y"`, 40) + `]}}`))
	var all sync.WaitGroup
	made := make([]any, 20)
	for i := range made {
		all.Go(func() {
			made[i] = d.Value()
			if i%2 == 0 {
				d.Text("/a/b/1")
				inside, _ := d.Lookup("/a")
				if reflect.ValueOf(inside).Pointer() != reflect.ValueOf(d.Value().(map[string]any)["a"]).Pointer() {
					t.Error("an object inside is a copy")
				}
			}
		})
	}
	all.Wait()
	for _, one := range made {
		if reflect.ValueOf(one).Pointer() != reflect.ValueOf(made[0]).Pointer() {
			t.Fatal("the tree was made twice")
		}
	}
}

// What is taken from a document stays when the body's memory is used for something else.
func TestValuesDoNotShareTheBody(t *testing.T) {
	body := []byte(`{"text":"one","number":12,"list":["two",{"three":"four"}],"state":"odd","x-other":true}`)
	d := Decode(body)
	text, number, list, tree := d.Text("/text"), must(d.Lookup("/number")), must(d.Lookup("/list")), d.Value()
	found := acme(t).Payload("operations/ticket", d)
	want := []any{text, number, list, tree, found}
	before := valuepath.JSON(want)
	for i := range body {
		body[i] = '#'
	}
	if after := valuepath.JSON(want); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func must(value any, _ bool) any { return value }

func FuzzTape(f *testing.F) {
	for _, text := range texts() {
		if len(text) < 1000 {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte(ticket + `,"priority":3,"level":"low","due":null,"tags":["a"],"pair":["a",1],"labels":{"x-a":"1"},"parent":` + ticket + `}}`))
	v := acme(f)
	f.Fuzz(func(t *testing.T, body []byte) { sameAsTree(t, v, body, v.payloadNames()...) })
}
