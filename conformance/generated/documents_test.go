package generated_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// altered is Acme's folder with texts replaced in its files.
func altered(t *testing.T, replacements ...map[string][2]string) *specs.Contract {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS(folder)
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, replace := range replacements {
		for path, texts := range replace {
			before := string(files[path].Data)
			after := strings.ReplaceAll(before, texts[0], texts[1])
			if after == before {
				t.Fatalf("%s has no %q", path, texts[0])
			}
			files[path].Data = []byte(after)
		}
	}
	c, err := specs.Load(files, "acme")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const answeredSchema, answeredSample = "schemas/events/ticketAnswered.schema.json", "samples/events/ticketAnswered/documented.json"

// TestWhatDocumentsDoNotGive: a check that cannot be run, or is not about the event,
// says by name what the documents lack.
func TestWhatDocumentsDoNotGive(t *testing.T) {
	for name, test := range map[string]struct {
		replace map[string][2]string
		only    string
		verdict conformance.Verdict
		says    string
	}{
		"no sample of an event": {
			map[string][2]string{"openapi.yaml": {"events/ticketClosed.schema", "parts/agent.schema"}},
			"ticketClosed/*", conformance.VerdictCouldNotRun, "no sample to send: put one into acme/samples/parts/agent",
		},
		"a sample that breaks its schema": {
			map[string][2]string{answeredSample: {"1900000000000", `"today"`}},
			"ticketAnswered/sample/documented", conformance.VerdictCouldNotRun, "acme/samples/events/ticketAnswered/documented.json breaks acme/schemas/events/ticketAnswered.schema.json, and so cannot be sent: error body.type at /at",
		},
		"no sample of an answer": {
			map[string][2]string{"openapi.yaml": {"answers/ticket.schema", "parts/agent.schema"}},
			"getTicket/call", conformance.VerdictCouldNotRun, "operations/getTicket is answered 200 with parts/agent, which has no sample: put one into acme/samples/parts/agent",
		},
		"a sample of an answer that breaks its schema": {
			map[string][2]string{"samples/answers/ticket/documented.json": {`"open"`, "1"}},
			"getTicket/call", conformance.VerdictCouldNotRun, "acme/samples/answers/ticket/documented.json breaks",
		},
		"a header that no document knows the value of": {
			map[string][2]string{"openapi.yaml": {"summary: A ticket was closed", "summary: x\n      parameters: [{name: X-Signature, in: header, required: true, schema: {type: string}}]"}},
			"ticketClosed/again", conformance.VerdictCouldNotRun, "demands the header X-Signature",
		},
		"an event that is no JSON": {
			map[string][2]string{"openapi.yaml": {"content: {application/json: {schema: {$ref: ./schemas/events/ticketClosed", "content: {application/xml: {schema: {$ref: ./schemas/events/ticketClosed"}},
			"ticketClosed/again", conformance.VerdictCouldNotRun, "is sent as application/xml",
		},
		"further members are excluded": {
			map[string][2]string{answeredSchema: {`"type": "object",`, `"type": "object", "additionalProperties": false,`}},
			"ticketAnswered/unknown-member", conformance.VerdictNotApplicable, "excludes further members",
		},
		"every member is required": {
			map[string][2]string{"schemas/events/ticketClosed.schema.json": {"\"ticketId\"\n  ]", "\"ticketId\", \"reason\"\n  ]"}},
			"ticketClosed/without-optional", conformance.VerdictNotApplicable, "no member that may be missing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := run(t, altered(t, test.replace), "", "", test.only)
			for _, r := range report.Results {
				if r.Verdict != test.verdict || !strings.Contains(r.Actual, test.says) {
					t.Errorf("%s: %s %s; want %s %s", r.ID, r.Verdict, r.Actual, test.verdict, test.says)
				}
			}
			if report.Outcome != conformance.OutcomeIncomplete {
				t.Errorf("outcome %s of a run that decided nothing", report.Outcome)
			}
		})
	}
}

// TestLevels: what is documented is MUST, what is assumed SHOULD, and what is not
// marked was seen in the document.
func TestLevels(t *testing.T) {
	const again = "acme/webhook/ticketClosed/again"
	for name, test := range map[string]struct {
		old, new string
		level    conformance.Level
		evidence specs.Class
		source   string
	}{
		"documented":         {"", "", conformance.Must, specs.Documented, "webhooks#ticket-closed"},
		"assumed":            {`{class: documented, source: "webhooks#ticket-closed"`, `{class: assumed, source: "webhooks#ticket-closed"`, conformance.Should, specs.Assumed, "webhooks#ticket-closed"},
		"an assumed answer":  {`"200": {description: Taken., x-evidence: documented}`, `"200": {description: Taken., x-evidence: assumed}`, conformance.Should, specs.Documented, "webhooks#ticket-closed"},
		"without a mark":     {`x-evidence: {class: documented, source: "webhooks#ticket-closed", quote: "ticketClosed is sent when a ticket is closed."}`, "description: none", conformance.Must, specs.Observed, "openapi.yaml"},
		"status not decided": {`"200": {description: Taken., x-evidence: documented}`, `default: {description: Any., x-evidence: assumed}`, conformance.Should, specs.Documented, "webhooks#ticket-closed"},
	} {
		t.Run(name, func(t *testing.T) {
			c := acme(t)
			if test.old != "" {
				c = altered(t, map[string][2]string{"openapi.yaml": {test.old, test.new}})
			}
			plan, err := conformance.Plan(c, generated.Suites(c), []string{again}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, check := range plan {
				if f := check.Facts[0]; check.Level != test.level || f.Evidence != test.evidence || f.Source != test.source {
					t.Errorf("%s, fact %+v; want %s by %s of %s", check.Level, f, test.level, test.evidence, test.source)
				}
			}
		})
	}
}

// TestNoDocumentedSuccess: where any answer is documented, refusals decide nothing.
func TestNoDocumentedSuccess(t *testing.T) {
	c := altered(t, map[string][2]string{"openapi.yaml": {`"200": {description: Taken., x-evidence: documented}`, `default: {description: Any., x-evidence: assumed}`}})
	report := run(t, c, "", "", "ticketClosed/*")
	want := whole(checktest.Row{}).Expected()
	for id, verdict := range checktest.Verdicts(report, prefix) {
		if want[id] != verdict {
			t.Errorf("%s: %s", id, verdict)
		}
	}
}

// TestRequirements: each requirement that binds the partner is cited by a check, or
// says why none can decide it; a vendor's is not cited.
func TestRequirements(t *testing.T) {
	c := acme(t)
	cited := map[string]bool{}
	for _, s := range generated.Suites(c) {
		for _, check := range s.Checks {
			for _, id := range check.Requirements {
				cited[id] = true
			}
		}
	}
	for _, r := range c.Requirements {
		if want := r.Binds == "partner" && r.Excluded == ""; cited[r.ID] != want {
			t.Errorf("%s binds the %s: cited %v", r.ID, r.Binds, cited[r.ID])
		}
	}
}

// TestNothingCalled: a partner that is asked in vain leaves every check of its calls
// not applicable, by name, and the run is not passed.
func TestNothingCalled(t *testing.T) {
	c := altered(t, map[string][2]string{"openapi.yaml": {"  /tickets/{ticketId}:", "  /others/{ticketId}:"}})
	report := run(t, c, "calls-nothing", "", "acme/client/openTicket/*", "acme/client/operations")
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictNotApplicable {
			t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
	if report.Outcome != conformance.OutcomeIncomplete || len(report.Results) != 3 {
		t.Errorf("%d results, outcome %s", len(report.Results), report.Outcome)
	}
}

// TestEachCheckAlone: a check that is run by itself decides as in a whole run.
func TestEachCheckAlone(t *testing.T) {
	c := acme(t)
	open := whole(checktest.Row{}).Expected()
	checktest.Each(t, checktest.OnePerCheck(generated.Suites(c), ""), func(t *testing.T, r checktest.Row) {
		if name := strings.TrimPrefix(r.Only, prefix); open[name] != "" {
			r.Undetermined = name
		}
		checktest.Compare(t, run(t, c, "", "", r.Only), prefix, r)
	})
}
