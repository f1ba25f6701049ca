package scenario_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/conformance/scenario"
	"github.com/parleykit/parley/specs/specstest"
)

// wrong are files that cannot be read, with what the error must say. Those that
// only Go code can tell apart are marked.
var wrong = []struct {
	name, text, want string
	schemaTakes      bool // JSON Schema alone cannot see it
}{
	{"empty", "", "s.yaml: the file is empty", false},
	{"not YAML", "scenario: [", "s.yaml: line 1", false},
	{"two documents", "scenario: x\n---\nsteps: []", "s.yaml:2: a second YAML document begins here", true},
	{"not a mapping", "- a", "s.yaml:1:1: a scenario is a list of key: value", false},
	{"no title", "vendor: elma365", "s.yaml:1:1: `scenario` is missing", false},
	{"no vendor", "scenario: x", "`vendor` is missing; one of ", false},
	{"unknown key", "scenario: x\nvendor: elma365\nstep: []", `s.yaml:3:1: "step" is not known; a scenario has about, clock, faults`, false},
	{"key twice", "scenario: x\nvendor: elma365\nvendor: y", "s.yaml", true},
	{"steps no list", "scenario: x\nvendor: elma365\nsteps: {a: b}", "s.yaml:3:8: steps is a list", false},
	{"unknown key of a step", "scenario: x\nvendor: elma365\nsteps:\n  - sent: message", `s.yaml:4:5: "sent" is not known; a step has advance, answer, ask`, false},
	{"no deed", "scenario: x\nvendor: elma365\nsteps:\n  - name: y", "s.yaml:4:5: a step does exactly one of ask, send", false},
	{"two deeds", "scenario: x\nvendor: elma365\nsteps:\n  - {ask: a, send: message}", "this one has ask and send", false},
	{"what does not belong", "scenario: x\nvendor: elma365\nsteps:\n  - {ask: a, within: 2s}", "within does not belong to ask", true},
	{"no duration", "scenario: x\nvendor: elma365\nsteps:\n  - {expect: operations/message, within: soon}", `s.yaml:4:42: "soon" is no duration; write 500ms`, false},
	{"no operation", "scenario: x\nvendor: elma365\nsteps:\n  - expect: message", `"message" is what the partner calls; write operations/`, false},
	{"status as text", "scenario: x\nvendor: elma365\nsteps:\n  - {expect: operations/message, status: ok}", "s.yaml:4:42: this is not a status", false},
	{"bad fault", "scenario: x\nvendor: elma365\nfaults:\n  - {operations: message}", `s.yaml:4:5: fault: unknown field "operations"`, true},
	{"fault no mapping", "scenario: x\nvendor: elma365\nfaults: [1]", "s.yaml:3:10: a fault is a list", false},
	{"clock", "scenario: x\nvendor: elma365\nclock: noon", "s.yaml:3:8: this is not a time", true},
	{"call without path", "scenario: x\nvendor: elma365\nsteps:\n  - call: {method: GET}", "a call has a path that begins with /", false},
	{"pointer", "scenario: x\nvendor: elma365\nsteps:\n  - state: tickets", "is a JSON pointer; write it like /tickets", false},
	{"saved name", "scenario: x\nvendor: elma365\nsteps:\n  - {send: message, save: {a-b: c}}", `"a-b" is no name`, true},
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.ReadFile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("scenario.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	ready, err := compiler.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

// TestErrorsSayWhere: each names file, line and column, and what to write; and the
// published schema refuses what it can see.
func TestErrorsSayWhere(t *testing.T) {
	schema := compiled(t)
	for _, test := range wrong {
		_, err := scenario.Read("s.yaml", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		var value any
		if yaml.Unmarshal([]byte(test.text), &value) == nil && !test.schemaTakes && schema.Validate(plain(value)) == nil {
			t.Errorf("%s: the schema takes it", test.name)
		}
	}
}

// plain has the times of YAML as texts, as JSON has them.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, one := range value {
			value[name] = plain(one)
		}
	case []any:
		for i, one := range value {
			value[i] = plain(one)
		}
	case time.Time:
		return value.Format(time.RFC3339)
	}
	return value
}

// TestShippedStoriesFollowTheSchema: editors that know the schema do not complain.
func TestShippedStoriesFollowTheSchema(t *testing.T) {
	schema := compiled(t)
	files, err := filepath.Glob("../../scenarios/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d stories: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := yaml.Unmarshal(data, &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(plain(value)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestStoriesThatDoNotFit name what the contract does not have, by line.
func TestStoriesThatDoNotFit(t *testing.T) {
	c := specstest.Contract(t, "elma365")
	for text, want := range map[string]string{
		"- send: greeting":                                "line 4: contract elma365 has no event greeting; `parley specs show elma365`",
		"- expect: operations/greet":                      "has no operations/greet",
		"- never: operations/greet":                       "has no operations/greet",
		"- {send: message, requirements: [ELMA365-X-1]}":  "has no requirement ELMA365-X-1",
		"- {send: message}\n  - {send: nothing, name: x}": "line 5",
	} {
		s, err := scenario.Read("s.yaml", []byte("scenario: x\nvendor: elma365\nsteps:\n  "+text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, err := s.Suite(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestSteps plays steps that the shipped stories have not.
func TestSteps(t *testing.T) {
	for _, test := range []struct{ name, story, want string }{
		{"a state that nobody has", "- {state: /nowhere, within: 10ms}", "could_not_run 01-state: the vendor's state has no /nowhere"},
		{"a state without the element", "- {state: /operators, body: {login: nobody}, within: 10ms}", `fail 01-state: an element of /operators with login = "nobody"`},
		{"time goes by", "- {advance: 1h}\n  - {send: markAsRead}", ""},
		{"a call that fails", "- call: {path: /nothing}", "could_not_run 01-call: GET /nothing was answered 404, not 200"},
		{"a call as expected", "- call: {path: /nothing}\n    status: 404\n  - {send: markAsRead}", ""},
		{"what comes less often", "- {ask: 'one (message)'}\n  - {expect: operations/message, times: 9, within: 300ms}", "fail 02-expect: operations/message, 9 times"},
		{"what should not come", "- {ask: 'one (message)'}\n  - {never: operations/message, for: 2s}", "fail 02-never: no call operations/message"},
		{"another answer", "- {send: markAsRead, answer: 404}", "fail 01-send: status 404"},
		{"contents", "- {ask: 'one (message)'}\n  - {expect: operations/message, contains: {data.text: nobody says this}, within: 500ms}",
			`fail 02-expect: operations/message with data.text containing "nobody says this"`},
		{"a fault that cannot be", "- fault: {operation: greet}", "could_not_run 01-fault: fault"},
		{"nothing happens", "- {advance: 1ms}", "could_not_run valid: nothing was sent in this story"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := scenario.Read("s.yaml", []byte("scenario: x\nvendor: elma365\nclock: 2026-01-05T09:00:00Z\nsteps:\n  "+test.story))
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			for _, r := range played(t, s).Results {
				if r.Verdict != "pass" && first == "" {
					first = fmt.Sprintf("%s %s: %s%s", r.Verdict, strings.TrimPrefix(r.ID, "elma365/s/"), r.Expected, r.Actual)
				}
			}
			if test.want == "" && first != "" || !strings.HasPrefix(first, test.want) {
				t.Errorf("got %q, want %q", first, test.want)
			}
		})
	}
}

// FuzzRead reads files that hold anything: an error that names the file, or a
// story, never a panic.
func FuzzRead(f *testing.F) {
	for _, test := range wrong {
		f.Add([]byte(test.text))
	}
	f.Add([]byte("scenario: x\nvendor: elma365\nsteps:\n  - &a {send: message, set: {data.text: Hi}, save: {x: data.text}}\n  - *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := scenario.Read("s.yaml", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "s.yaml") {
				t.Errorf("the error does not say where: %v", err)
			}
			return
		}
		if s.Title == "" || s.Vendor == "" {
			t.Errorf("taken: %+v", s)
		}
	})
}

func ExampleRead() {
	story, err := scenario.Read("late.yaml", []byte(`
scenario: The answer is late
vendor: elma365
faults:
  - {operation: message, delay: 2s, times: 1}
steps:
  - ask: Write a message (message).
  - expect: operations/message
    within: 5s
`))
	if err != nil {
		panic(err)
	}
	fmt.Println(story.Name, len(story.Faults), len(story.Steps), story.Steps[1].Within)
	// Output:
	// late 1 2 5s
}
