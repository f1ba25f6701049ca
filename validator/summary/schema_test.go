package summary_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xeipuuv/gojsonschema"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

// full is a report with something of everything.
func full(t testing.TB) *summary.Report {
	t.Helper()
	v := elma(t)
	s := summary.New(v.Contract(), summary.Options{Version: "v1.2.3"})
	s.Add(call(v, "entry-1", good, 200), traffic.Position{Source: "a.har", Entry: 1, Line: 1})
	s.Add(call(v, "entry-2", files, 418), traffic.Position{Source: "a.har", Entry: 2, Line: 3, Offset: 400})
	lost := call(v, "entry-3", good, 200)
	lost.Response, lost.Findings = nil, nil
	v.Exchange(lost)
	s.Add(lost, traffic.Position{Source: "-", Entry: 3, Line: 60, Offset: 800})
	event := &traffic.Exchange{ID: "ex-4", Caller: traffic.Vendor, Findings: []traffic.Finding{
		{Code: "x", Severity: traffic.HarnessError, Part: traffic.InResponse, Pointer: "header:A", Requirement: "ELMA365-IN-010"},
		{Code: "y", Severity: traffic.Warn, Hint: "100% :,\r\n\x1b"},
	}}
	s.Add(event, traffic.Position{})
	s.Add(&traffic.Exchange{Caller: traffic.Partner, Findings: []traffic.Finding{{Code: validator.CodeUpgraded, Severity: traffic.Info, Part: traffic.InResponse}}}, traffic.Position{})
	s.Skip("cdn.example")
	s.AddBroken(traffic.Position{Source: "a b.har", Entry: 5, Line: 9, Offset: 900}, "cut off")
	s.AddBody(summary.Body{File: "b.json", Payload: "events/message", Guessed: true, Also: []string{"x"}, Valid: true,
		Findings: []traffic.Finding{{Code: "z", Severity: traffic.Info, Line: 2, Column: 7, Pointer: "/a/0"}}})
	s.AddEmpty("c.har")
	return s.Report()
}

func compile(t testing.TB, schema []byte) *gojsonschema.Schema {
	t.Helper()
	compiled, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(schema))
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// problems are what a schema says of a text.
func problems(t testing.TB, schema *gojsonschema.Schema, text []byte) string {
	t.Helper()
	result, err := schema.Validate(gojsonschema.NewBytesLoader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var all []string
	for _, e := range result.Errors() {
		all = append(all, e.String())
	}
	return strings.Join(all, "\n")
}

func TestJSONFitsItsSchema(t *testing.T) {
	schema := compile(t, summary.Schema)
	for name, r := range map[string]*summary.Report{"full": full(t), "empty": summary.New(elma(t).Contract(), summary.Options{}).Report()} {
		var out bytes.Buffer
		if err := r.Write(&out, "json"); err != nil {
			t.Fatal(err)
		}
		if wrong := problems(t, schema, out.Bytes()); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
		for _, change := range [][2]string{{`"contract"`, `"kontract"`}, {`"broken"`, `"broke"`}, {`"outcome": "`, `"outcome": "x`}, {`"read": `, `"read": -`}} {
			if text := bytes.Replace(out.Bytes(), []byte(change[0]), []byte(change[1]), 1); !bytes.Contains(text, []byte("-0")) && problems(t, schema, text) == "" {
				t.Errorf("%s: the schema takes %s", name, change[1])
			}
		}
		var again summary.Report
		if err := json.Unmarshal(out.Bytes(), &again); err != nil || !reflect.DeepEqual(&again, r) {
			t.Errorf("%s: read again it is\n%+v\nnot\n%+v (%v)", name, &again, r, err)
		}
	}
}

// The schema of a line stands in traffic, which has the standard library only.
func TestNDJSONFitsItsSchema(t *testing.T) {
	schema := compile(t, traffic.LineSchema)
	whole := &traffic.Exchange{
		ID: "ex-1", Time: time.Date(2026, 11, 20, 12, 3, 41, 5000, time.UTC), Sandbox: "s", Vendor: "elma365", Caller: traffic.Vendor,
		Operation: "events/message", Channel: "c", Delivery: "d", Attempt: 2,
		Request:  traffic.Request{Method: "POST", URL: "http://h/", Header: http.Header{"A": {"1"}}, Body: traffic.NewBody([]byte("abcdef"), 3)},
		Response: &traffic.Response{Status: 200, Header: http.Header{"A": {"1"}}, Body: traffic.NewBody([]byte{0xff}, 0)},
		Duration: time.Second, Faults: []string{"f"}, Check: "c",
		Findings: []traffic.Finding{{Code: "x", Severity: traffic.Warn, Part: traffic.InRequest, Pointer: "/a", Expected: "a", Actual: "b", Requirement: "R", Hint: "h", Line: 1, Column: 2}},
	}
	lost := &traffic.Exchange{Request: traffic.Request{Method: "GET"}, Error: "refused"}
	for _, e := range []*traffic.Exchange{whole, lost, call(elma(t), "ex-2", noID, 418), redaction.New(redaction.Options{}).Exchange(whole)} {
		var line bytes.Buffer
		if err := traffic.Write(&line, e); err != nil {
			t.Fatal(err)
		}
		if wrong := problems(t, schema, line.Bytes()); wrong != "" {
			t.Errorf("%s\n%s", wrong, &line)
		}
		for _, key := range []string{`"id"`, `"request"`, `"method"`, `"size"`} {
			if problems(t, schema, bytes.Replace(line.Bytes(), []byte(key), []byte(`"other"`), 1)) == "" {
				t.Errorf("the schema takes a line without %s", key)
			}
		}
	}
	// A field that is added to Exchange must be described.
	var described struct{ Properties map[string]any }
	if err := json.Unmarshal(traffic.LineSchema, &described); err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[traffic.Exchange]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[traffic.Exchange]().Field(i).Tag.Get("json"), ",")
		if described.Properties[name] == nil {
			t.Errorf("the schema does not describe %s", name)
		}
	}
}
