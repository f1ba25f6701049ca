package coverage_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/coverage"
)

func contract(t testing.TB, id string) *specs.Contract {
	t.Helper()
	c := specstest.Contract(t, id)
	return c
}

// called is an exchange as the validator leaves it.
func called(operation, body string, status int) *traffic.Exchange {
	e := &traffic.Exchange{Operation: operation, Request: traffic.Request{Body: traffic.NewBody([]byte(body), 0)}}
	if status > 0 {
		e.Response = &traffic.Response{Status: status}
	}
	return e
}

func counted(c *specs.Contract, exchanges ...*traffic.Exchange) *coverage.Report {
	v := coverage.New(c)
	for _, e := range exchanges {
		v.Add(e)
	}
	return v.Report("")
}

// TestCalls counts documented, undocumented and missing answers, and leaves alone
// what is no operation of the contract.
func TestCalls(t *testing.T) {
	r := counted(contract(t, "elma365"),
		called("operations/message", "{}", 200), called("operations/message", "{}", 200), called("operations/message", "", 401),
		called("operations/message", "", 418), called("operations/message", "", 0), called("events/connect", "", 200), called("", "", 200))
	if r.Exchanges != 6 {
		t.Errorf("%d exchanges, want 6", r.Exchanges)
	}
	for _, c := range r.Operations.Items {
		if c.Name == "operations/message" {
			want := coverage.Call{Name: c.Name, Count: 5, Unanswered: 1, Statuses: []coverage.Status{{Status: 200, Count: 2}, {Status: 401, Count: 1}, {Status: 404}, {Status: 500}}, Undocumented: []coverage.Status{{Status: 418, Count: 1}}}
			if fmt.Sprint(c) != fmt.Sprint(want) {
				t.Errorf("got %+v, want %+v", c, want)
			}
		}
	}
	if got, want := r.Operations.Tally, (coverage.Tally{Touched: 2, Of: 12, Percent: 16.6}); got != want {
		t.Errorf("operations %+v, want %+v", got, want)
	}
	if got, want := r.Events.Tally, (coverage.Tally{Touched: 1, Of: 24, Percent: 4.1}); got != want {
		t.Errorf("events %+v, want %+v", got, want)
	}
	for item, untouched := range map[string]bool{"operations/message answered 404": true, "operations/message answered 401": false, "events/connect answered 401": true} {
		if slices.Contains(r.Untouched, item) != untouched {
			t.Errorf("untouched says %t of %q", !untouched, item)
		}
	}
}

// TestFields counts fields of objects that are there, at every depth.
func TestFields(t *testing.T) {
	r := counted(contract(t, "elma365"),
		called("operations/message", `{"type":"message","token":"","data":{"externalMessageId":"m","text":null,"files":[{"name":"a"},{"name":"","URL":"u"}]}}`, 200),
		called("operations/message", `{"type":"message"}`, 200),
		called("operations/message", `[1]`, 200), called("operations/message", `{`, 200))
	want := map[string]string{ // present, absent, empty
		"/type": "2 0 0", "/token": "1 1 1", "/data": "1 1 0", "/data/text": "1 0 1", "/data/externalChatId": "0 1 0",
		"/data/files": "1 0 0", "/data/files/*/name": "2 0 1", "/data/files/*/URL": "1 1 0",
	}
	for _, f := range fieldsOf(t, r, "operations/message") {
		if expected, ok := want[f.Pointer]; ok && fmt.Sprint(f.Present, f.Absent, f.Empty) != expected {
			t.Errorf("%s: %d %d %d, want %s", f.Pointer, f.Present, f.Absent, f.Empty, expected)
		}
		delete(want, f.Pointer)
	}
	if len(want) > 0 {
		t.Errorf("no fields %v", want)
	}
}

func fieldsOf(t *testing.T, r *coverage.Report, payload string) []coverage.Field {
	t.Helper()
	for _, p := range r.Payloads.Items {
		if p.Payload == payload {
			return p.Fields
		}
	}
	t.Fatalf("no payload %s", payload)
	return nil
}

// TestVariantsAndValues: what a body can be is counted by what it is, and a value
// that the contract knows apart from others.
func TestVariantsAndValues(t *testing.T) {
	r := counted(contract(t, "expertflow"),
		called("operations/pushActivity", `{"header":{"sender":{"type":"APP"}},"body":{"type":"URL","mediaUrl":"https://files.example/a"}}`, 200),
		called("operations/pushActivity", `{"header":{"sender":{"type":"ROBOT"}},"body":{"type":"POEM","mediaUrl":"x"}}`, 200))
	for _, p := range r.Payloads.Items {
		if want := map[string]int{"bodies/URL": 1, "bodies/PLAIN": 0, "operations/pushActivity": 2}; p.Count != want[p.Payload] && slices.Contains([]string{"bodies/URL", "bodies/PLAIN"}, p.Payload) {
			t.Errorf("%s was counted %d times", p.Payload, p.Count)
		}
	}
	for _, f := range fieldsOf(t, r, "operations/pushActivity") {
		if f.Pointer != "/header/sender/type" {
			continue
		}
		known := 0
		for _, v := range f.Values {
			known += v.Count
			if v.Count > 0 && v.Value != "APP" {
				t.Errorf("%v was counted", v.Value)
			}
		}
		if known != 1 || f.Other != 1 {
			t.Errorf("%d known and %d other values, want 1 and 1", known, f.Other)
		}
	}
}

// TestEverySampleTouches: all samples with all documented statuses touch every
// call, and only what no sample shows is left.
func TestEverySampleTouches(t *testing.T) {
	for _, id := range specs.IDs() {
		c := contract(t, id)
		v := coverage.New(c)
		for _, o := range slices.Concat(c.Operations, c.Events) {
			for status := range o.Responses {
				v.Add(called(o.Name(), "", max(status, 200)))
			}
			if o.Payload != "" {
				for _, s := range c.Payloads[o.Payload].Samples {
					v.Add(called(o.Name(), string(s.Body), 200))
				}
			}
		}
		r := v.Report("")
		if r.Operations.Percent != 100 || (len(c.Events) > 0 && r.Events.Percent != 100) {
			t.Errorf("%s: operations %+v, events %+v", id, r.Operations.Tally, r.Events.Tally)
		}
		if r.Total.Touched+len(r.Untouched) != r.Total.Of {
			t.Errorf("%s: %d touched and %d listed are not %d", id, r.Total.Touched, len(r.Untouched), r.Total.Of)
		}
	}
}

// TestRequirements: one is touched by what it is about, or by a finding that it
// is broken.
func TestRequirements(t *testing.T) {
	e := called("operations/message", `{"type":"message"}`, 200)
	e.Findings = []traffic.Finding{{Code: "body.required", Requirement: "ELMA365-IN-003"}}
	r := counted(contract(t, "elma365"), e)
	want := map[string]string{"ELMA365-IN-002": "true false", "ELMA365-IN-003": "true true", "ELMA365-IN-004": "false false", "ELMA365-MSG-004": "false false"}
	for _, q := range r.Requirements.Items {
		if expected := want[q.ID]; expected != "" && fmt.Sprint(q.Touched, q.Broken) != expected {
			t.Errorf("%s: %t %t, want %s", q.ID, q.Touched, q.Broken, expected)
		}
		delete(want, q.ID)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

// TestJSONFitsItsSchema judges our own output.
func TestJSONFitsItsSchema(t *testing.T) {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(coverage.Schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("coverage.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("coverage.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range specs.IDs() {
		var out bytes.Buffer
		if err := counted(contract(t, id), called("operations/message", `{"type":"message"}`, 418)).WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// TestPageIsOneFile: nothing to fetch, nothing to run, and what a body said is escaped.
func TestPageIsOneFile(t *testing.T) {
	var out bytes.Buffer
	if err := counted(contract(t, "elma365"), called("events/connect", `{"type":"connect"}`, 200)).WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, wrong := range []string{"<script", "src=", "@import", "http://", "https://"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the page has %q", wrong)
		}
	}
	for _, wanted := range []string{"events/connect", "<meter", "Not touched ("} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the page lacks %q", wanted)
		}
	}
}

func ExampleCoverage() {
	c, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	v := coverage.New(c)
	v.Add(&traffic.Exchange{Operation: "events/markAsRead", Response: &traffic.Response{Status: 200}})
	r := v.Report("")
	fmt.Println(r.Events.Touched, "of", r.Events.Of, "answers to events")
	fmt.Println(r.Untouched[0])
	// Output:
	// 1 of 24 answers to events
	// operations/message answered 200
}
