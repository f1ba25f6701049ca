package validator

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/specs"
)

// heldToTheOthers judges a text by the program of a payload, and holds it to what the nodes
// and the compiled schema say: what it accepts is valid, and nothing is to be said of
// it. Clean tells whether so it is.
func heldToTheOthers(t *testing.T, p *payload, text []byte) (accepted, clean bool) {
	t.Helper()
	d := Decode(text)
	if d.tape == nil {
		return false, false
	}
	others := *p
	others.program = &program{root: unknown}
	found, left := others.judge(d)
	accepted, clean = p.program.accepts(d.tape), len(found)+left == 0
	if accepted && !clean {
		t.Errorf("%s: the program accepts %s, of which the nodes say %+v", p.name, text, found)
	}
	if accepted && !p.schema.accepts(d.Value()) {
		t.Errorf("%s: the program accepts %s, and the compiled schema does not", p.name, text)
	}
	return accepted, clean
}

func TestProgramsAcceptOnlyWhatIsValid(t *testing.T) {
	long(t)
	var accepted, clean, all int
	forEachMutation(t, func(t *testing.T, p *payload, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		all++
		yes, fits := heldToTheOthers(t, p, text)
		if yes {
			accepted++
		}
		if fits {
			clean++
		}
	})
	t.Logf("%d accepted of %d that are valid, of %d", accepted, clean, all)
	if accepted < 1000 || clean-accepted > clean/10 || all-clean < 1000 {
		t.Errorf("%d accepted of %d that are valid, of %d: the test shows too little", accepted, clean, all)
	}
}

// What a valid body costs depends on it.
func TestProgramsAcceptSamples(t *testing.T) {
	accepted, all := 0, 0
	forEachSample(t, func(t *testing.T, _ *Validator, p *payload, d *Document) {
		if yes, clean := heldToTheOthers(t, p, d.raw); clean {
			if all++; yes {
				accepted++
			}
		}
	})
	if accepted < all || all == 0 {
		t.Errorf("%d of %d samples only are accepted by programs", accepted, all)
	}
}

// TestProgramsOfSchemas has what a rule is made of: each schema with bodies that its program
// accepts, and with some that it must not. In a schema ' stands for ".
func TestProgramsOfSchemas(t *testing.T) {
	for _, c := range []struct {
		title, schema string
		yes, no       []string
	}{
		{"anything", `{}`, []string{`1`, `{"a":1}`, `[null]`}, nil},
		{"nothing", `false`, nil, []string{`1`, `{}`}},
		{"types", `{'type': ['object', 'null']}`, []string{`null`, `{"a":1}`}, []string{`1`, `[]`, `""`, `true`}},
		{"a whole number", `{'type': 'integer'}`, []string{`1`, `-0`}, []string{`1.0`, `1e2`, `"1"`}},
		{"a number", `{'type': ['integer', 'number']}`, []string{`1`, `1.5`, `1e2`}, []string{`"1"`}},
		{"a constant", `{'const': 1}`, []string{`1`}, []string{`2`, `1.0`, `"1"`}},
		{"texts", `{'enum': ['a', 'b\n']}`, []string{`"a"`, `"b\n"`, `"\u0061"`}, []string{`"c"`, `1`, `null`}},
		{"texts and null", `{'enum': ['a', null]}`, []string{`"a"`, `null`}, []string{`"b"`, `1`}},
		{"lengths", `{'minLength': 2, 'maxLength': 3}`, []string{`"éé"`, `"abc"`, `1`}, []string{`"a"`, `"abcd"`}},
		{"a pattern", `{'pattern': '^a+$'}`, []string{`"aa"`, `1`}, []string{`"b"`}},
		{"bounds", `{'minimum': 1, 'maximum': 3}`, []string{`1`, `3`, `"9"`}, []string{`0`, `4`}},
		{"a format", `{'format': 'date-time'}`, []string{`"2024-02-03T04:05:06Z"`, `1`}, []string{`"2024-02-30T04:05:06Z"`}},
		{"bounds of a type", `{'format': 'int32'}`, []string{`1`}, []string{`3000000000`}},
		{"a list", `{'items': {'type': 'string'}, 'minItems': 1, 'maxItems': 2}`, []string{`["a"]`, `["a","b"]`, `1`}, []string{`[]`, `[1]`, `["a","b","c"]`}},
		{"a tuple", `{'items': [{'type': 'string'}], 'additionalItems': false}`, []string{`["a"]`, `[]`}, []string{`[1]`, `["a",1]`}},
		{"members", `{'required': ['a'], 'properties': {'a': {'type': 'string'}, 'b': {}}}`, []string{`{"a":"x"}`, `{"b":[{"c":1}],"a":""}`, `1`}, []string{`{}`, `{"a":1}`, `{"a":"x","c":1}`, `{"b":1}`}},
		{"none of many", `{'properties': {'ab': {}, 'ac': {}, 'bc': {}, 'abc': {}, 'x': {}, '': {}}}`, []string{`{"":1,"x":2,"abc":3,"bc":4,"ac":5,"ab":6}`}, []string{`{"cb":1}`, `{"y":1}`}},
		{"a member that is required alone", `{'required': ['b'], 'properties': {'a': {}}}`, nil, []string{`{"b":1}`, `{"a":1}`}},
		{"a member that never is", `{'properties': {'a': false, 'b': {}}}`, []string{`{"b":1}`}, []string{`{"a":1}`}},
		{"others", `{'properties': {'a': {}}, 'additionalProperties': {'type': 'string'}}`, []string{`{"a":1,"b":"x"}`}, []string{`{"b":1}`}},
		{"any others", `{'properties': {'a': {}}, 'additionalProperties': true}`, []string{`{"a":1,"b":1}`}, nil},
		{"no others", `{'properties': {'a': {}}, 'additionalProperties': false}`, []string{`{"a":1}`}, []string{`{"b":1}`}},
		{"patterns of names", `{'properties': {'a': {}}, 'patternProperties': {'^x-': {'type': 'string'}, '-n$': {'maxLength': 1}}}`,
			[]string{`{"a":1,"x-b":"text"}`, `{"x-n":"t"}`, `{"b-n":5}`}, []string{`{"x-b":1}`, `{"x-n":"text"}`, `{"b":1}`}},
		{"a name and its pattern", `{'properties': {'x-a': {}}, 'patternProperties': {'^x-': {'type': 'string'}}}`, nil, []string{`{"x-a":1}`, `{"b":1}`}},
		{"known values", `{'properties': {'a': {'x-known-values': ['x', 1]}}}`, []string{`{"a":"x"}`, `{"a":1}`, `{"a":null}`}, []string{`{"a":"y"}`, `{"a":2}`, `{"a":true}`}},
		{"a unit", `{'x-unit': 'milliseconds'}`, []string{`1700000000000`, `5`, `"1700000000"`}, []string{`1700000000`}},
		{"all of some", `{'allOf': [{'properties': {'a': {'type': 'string'}}}, {'properties': {'a': {'maxLength': 1}, 'b': {}}, 'required': ['b']}]}`,
			[]string{`{"a":"x","b":1}`}, []string{`{"a":"xy","b":1}`, `{"a":1,"b":1}`, `{"a":"x"}`, `{"b":1,"c":1}`}},
		{"all of some, one closed", `{'allOf': [{'properties': {'a': {}}, 'additionalProperties': false}, {'properties': {'b': {}}}]}`, []string{`{"a":1}`}, []string{`{"b":1}`, `{"c":1}`}},
		{"demands", `{'type': 'object', 'properties': {'a': {}, 'b': {}, 'c': {}}, 'anyOf': [{'required': ['a', 'b']}, {'required': ['c']}]}`,
			[]string{`{"a":1,"b":1}`, `{"c":1}`, `{"a":1,"c":1}`}, []string{`{}`, `{"a":1}`, `{"b":1}`}},
		{"one demand", `{'type': 'object', 'properties': {'a': {}, 'b': {}}, 'oneOf': [{'required': ['a']}, {'required': ['b']}]}`,
			[]string{`{"a":1}`, `{"b":1}`}, []string{`{}`, `{"a":1,"b":1}`}},
		{"demands of what may be no object", `{'anyOf': [{'required': ['a']}, {'required': ['b']}]}`, []string{`1`, `{"a":1}`}, []string{`{}`}},
		{"a choice by a text", `{'type': 'object', 'oneOf': [{'required': ['k'], 'properties': {'k': {'const': 'x'}, 'a': {'type': 'string'}}}, {'properties': {'k': {'enum': ['y']}, 'a': {'type': 'integer', 'x-known-values': [1]}}}]}`,
			[]string{`{"k":"x","a":"t"}`, `{"k":"y","a":1}`, `{"a":1,"k":"\u0079"}`}, []string{`{"k":"x","a":1}`, `{"k":"y","a":2}`, `{"k":"y","b":1}`, `{"k":"z"}`, `{"k":1}`}},
		{"any by a text", `{'type': 'object', 'anyOf': [{'properties': {'k': {'const': 'x'}, 'a': {}}}, {'properties': {'k': {'const': 'y'}, 'b': {}}}]}`,
			[]string{`{"k":"x","a":1}`, `{"k":"y","b":1}`}, []string{`{"k":"x","b":1}`, `{"k":"z"}`}},
		{"a choice by one of several texts", `{'type': 'object', 'oneOf': [{'properties': {'k': {'enum': ['x', 'z']}, 'a': {'x-known-values': [1]}}}, {'properties': {'k': {'const': 'y'}, 'a': {}}}]}`,
			[]string{`{"k":"y","a":1}`, `{"k":"x","a":1}`}, []string{`{"k":"x","a":2}`, `{"k":"y","a":2}`, `{"k":"w"}`}},
		{"two with one text", `{'type': 'object', 'oneOf': [{'properties': {'k': {'const': 'x'}, 'a': {}}}, {'properties': {'k': {'const': 'x'}, 'a': {}}, 'required': ['a']}]}`,
			[]string{`{"k":"x"}`}, []string{`{"k":"x","a":1}`}},
		{"alternatives", `{'type': 'object', 'properties': {'a': {}, 'b': {}}, 'anyOf': [{'required': ['a'], 'properties': {'a': {'type': 'string'}}}, {'required': ['b'], 'properties': {'b': {'type': 'string'}}}]}`,
			[]string{`{"a":"x"}`, `{"a":1,"b":"x"}`}, []string{`{}`, `{"a":1}`, `{"a":"x","c":1}`}},
		{"one alternative", `{'type': 'object', 'properties': {'a': {}}, 'oneOf': [{'properties': {'a': {'type': 'string'}}, 'required': ['a']}, {'properties': {'a': {'maxLength': 1}}, 'required': ['a']}]}`,
			[]string{`{"a":"xy"}`, `{"a":1}`}, []string{`{"a":"x"}`, `{}`, `{"a":1,"c":1}`}},
		{"alternatives that name members alone", `{'type': 'object', 'anyOf': [{'required': ['a'], 'properties': {'a': {'type': 'string'}}}, {'required': ['b'], 'properties': {'b': {'type': 'string'}}}]}`,
			nil, []string{`{"a":1}`, `{"c":1}`, `{"a":"x","c":1}`}},
		{"conditions by texts", `{'type': 'object', 'properties': {'k': {'type': 'string'}}, 'allOf': [
			{'if': {'required': ['k'], 'properties': {'k': {'const': 'x'}}}, 'then': {'required': ['a'], 'properties': {'a': {'type': 'string'}}}},
			{'if': {'required': ['k'], 'properties': {'k': {'enum': ['x', 'y']}}}, 'else': {'properties': {'b': {}}}}]}`,
			[]string{`{"k":"x","a":"t"}`, `{"k":"y"}`, `{"k":"z","b":1}`, `{"b":1}`, `{}`}, []string{`{"k":"x"}`, `{"k":"x","a":1}`, `{"k":"y","b":1}`, `{"k":"z","a":1}`, `{"k":1}`}},
		{"a condition without the key", `{'type': 'object', 'properties': {'k': {}, 'a': {}}, 'if': {'properties': {'k': {'const': 'x'}}}, 'then': {'required': ['a']}}`,
			[]string{`{"k":"y"}`, `{"a":1}`, `{"k":"x","a":1}`, `{"k":5}`}, []string{`{}`, `{"k":"x"}`}},
		{"a condition that a member is there", `{'type': 'object', 'properties': {'k': {}, 'a': {}}, 'if': {'required': ['k']}, 'then': {'required': ['a']}, 'else': {'properties': {'b': {}}}}`,
			[]string{`{"k":1,"a":1}`, `{"b":1}`, `{"k":"x","a":1}`}, []string{`{"k":1}`, `{"k":1,"a":1,"b":1}`}},
		{"conditions under two keys", `{'type': 'object', 'properties': {'k': {}, 'l': {}}, 'allOf': [
			{'if': {'required': ['k'], 'properties': {'k': {'const': 'x'}}}, 'then': {'required': ['l']}},
			{'if': {'required': ['l'], 'properties': {'l': {'const': 'y'}}}, 'then': {'required': ['k']}}]}`,
			[]string{`{"k":"x","l":"y"}`, `{"k":"z"}`, `{"l":"z"}`, `{}`}, []string{`{"k":"x"}`, `{"l":"y"}`}},
		{"a condition of what may be no object", `{'if': {'required': ['k'], 'properties': {'k': {'const': 'x'}}}, 'then': {'required': ['a']}, 'else': {'type': 'object'}}`,
			[]string{`1`}, []string{`{"k":"x"}`}},
		{"not", `{'not': {'type': 'string'}}`, []string{`1`}, []string{`"a"`}},
		{"what nobody here knows", `{'uniqueItems': true}`, nil, []string{`[1,1]`, `[1]`}},
		{"deep", `{'properties': {'a': {}}}`, []string{`{"a":{"b":[[[]]]}}`}, []string{`{"b":1}`}},
	} {
		p := single(t, strings.ReplaceAll(c.schema, "'", `"`))
		for i, body := range append(append([]string{}, c.yes...), c.no...) {
			d, others := Decode([]byte(body)), *p
			others.program = &program{root: unknown}
			accepted := p.program.accepts(d.tape)
			found, _ := others.judgeByNodes(d)
			if want := i < len(c.yes); accepted != want {
				t.Errorf("%s: %s is accepted: %v, want %v", c.title, body, accepted, want)
			}
			if accepted && found {
				t.Errorf("%s: %s is accepted, and the nodes find something", c.title, body)
			}
		}
	}
}

// judgeByNodes tells whether nodes find something in a document, where there is no compiled
// schema of them alone.
func (p *payload) judgeByNodes(d *Document) (found bool, said verdict) {
	value := d.view()
	w := walker{}
	w.walk(p.graph.applicable(value), value)
	said = p.graph.accepts(value)
	return len(w.found) > 0 || said != yes, said
}

// Rules are made while bodies are judged, by several at once.
func TestProgramsAreMadeOnce(t *testing.T) {
	v := acme(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for name, bodies := range acmeBodies {
				for _, body := range bodies {
					heldToTheOthers(t, v.payload(name), []byte(body))
				}
			}
		})
	}
	group.Wait()
}

// Keys of partners are not remembered without a bound, nor conditions.
func TestProgramsAreBounded(t *testing.T) {
	p := single(t, `{"patternProperties": {"^x": {"type": "string"}}}`)
	for i := range 2 * maxLearned {
		if !p.program.accepts(Decode([]byte(`{"x` + strconv.Itoa(i) + `":"a"}`)).tape) {
			t.Fatal(i)
		}
	}
	if learned := len(*p.program.root.learned.Load()); learned != maxLearned {
		t.Errorf("%d keys are remembered, want %d", learned, maxLearned)
	}
	var conditions []string
	for i := range 40 {
		key := strconv.Quote("k" + strconv.Itoa(i))
		conditions = append(conditions, `{"if": {"required": [`+key+`], "properties": {`+key+`: {"const": "x"}}}, "then": {"required": ["a"]}}`)
	}
	p = single(t, `{"type": "object", "allOf": [`+strings.Join(conditions, ",")+`]}`)
	for i := range 2000 { // each body is another combination
		var members []string
		for bit := range 11 {
			members = append(members, `"k`+strconv.Itoa(bit)+`":"`+string("xy"[i>>bit&1])+`"`)
		}
		heldToTheOthersAlone(t, p, `{"a":1,`+strings.Join(members, ",")+`}`)
	}
	if rules := len(p.program.rules); rules > 2*maxRules {
		t.Errorf("%d rules were made, with a bound of %d", rules, maxRules)
	}
}

func heldToTheOthersAlone(t *testing.T, p *payload, body string) {
	t.Helper()
	d := Decode([]byte(body))
	if found, _ := p.judgeByNodes(d); p.program.accepts(d.tape) && found {
		t.Errorf("the program accepts %s, and the nodes do not", body)
	}
}

func FuzzProgram(f *testing.F) {
	long(f)
	var payloads []*payload
	for _, id := range specs.IDs() {
		v := shipped(f, id)
		for _, name := range v.payloadNames() {
			payloads = append(payloads, v.payload(name))
			for _, s := range v.contract.Payloads[name].Samples {
				if len(s.Body) < 2000 {
					f.Add([]byte(s.Body))
				}
			}
		}
	}
	v := acme(f)
	for _, name := range v.payloadNames() {
		payloads = append(payloads, v.payload(name))
		for _, body := range acmeBodies[name] {
			f.Add([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, p := range payloads {
			heldToTheOthers(t, p, body)
		}
	})
}
