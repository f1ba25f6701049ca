package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/coverage"
)

var update = flag.Bool("update", false, "write the golden files")

// fabricated is a report with one result of every kind.
func fabricated() *conformance.Report {
	start := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	requirement := conformance.Requirement{ID: "TINY-2", Level: "MUST", Evidence: specs.Documented,
		Text: "A ping with another token is answered with 401.", Quote: "Answer 401 to another token.",
		Source: "page#token", Link: "https://tiny.example/page"}
	reading := conformance.Reading{ID: "TINY-R-1", Question: "Is a ping without ID a ping?", Chosen: "nobody-knows",
		Meaning: "The page does not say.", Default: "nobody-knows", Evidence: specs.Assumed}
	result := func(name, title string, v conformance.Verdict) conformance.Result {
		return conformance.Result{ID: "tiny/hook/" + name, Suite: "tiny/hook", Title: title, Level: conformance.Must, Verdict: v, Evidence: specs.Documented,
			Requirements: []conformance.Requirement{requirement}, Duration: 12 * time.Millisecond,
			Reproduce: "parley conform tiny/hook --target http://127.0.0.1:3000/hook --run " + name}
	}
	failed := result("foreign-token", "refuses a ping with a foreign token, whatever else that ping may hold, with 401", conformance.VerdictFail)
	failed.Expected, failed.Actual, failed.Hint = "status 401", "status 200", "The token may not be compared at all."
	failed.Exchanges = []string{"ex-000002", "ex-000003", "ex-000004", "ex-000005"}
	warned := result("text", "gives a note a text", conformance.VerdictWarn)
	warned.Expected, warned.Actual, warned.Level, warned.Evidence, warned.Exchanges = "a text", "none <&>", conformance.Should, specs.Assumed, []string{"ex-000003"}
	undecided := result("no-id", "answers a ping without ID", conformance.VerdictUndetermined)
	undecided.Actual, undecided.Readings, undecided.Evidence = "the page does not say what a ping without ID is", []conformance.Reading{reading}, specs.Assumed
	inapplicable := result("retry", "sends a note again", conformance.VerdictNotApplicable)
	inapplicable.Actual = "the partner sends no notes"
	notRun := result("slow", "answers in time", conformance.VerdictCouldNotRun)
	notRun.Actual, notRun.Duration = "waited 10s for the call of the partner, and it made none at all", 10*time.Second
	harness := result("own", "is judged rightly", conformance.VerdictHarnessError)
	harness.Actual = "the mock's part of ex-000003: status.undocumented, got 418"
	known := result("queue", "keeps the order", conformance.VerdictFail)
	known.Expected, known.Actual, known.Known, known.KnownReason, known.KnownExpires = "1, 2, 3", "3, 1, 2", conformance.KnownFailing, "the queue is being rebuilt", "2026-12-31"
	stale := result("emoji", "takes emoji", conformance.VerdictPass)
	stale.Known, stale.KnownReason = conformance.KnownStale, "the database was not UTF-8"
	passed := result("ping", "answers a ping with 200", conformance.VerdictPass)
	passed.Notes = []string{"answered in 3 ms (median), 9 ms (99 of 100)"}
	return assemble(start, reading, passed, failed, warned, undecided, inapplicable, notRun, harness, known, stale)
}

func assemble(start time.Time, reading conformance.Reading, results ...conformance.Result) *conformance.Report {
	report := &conformance.Report{Tool: "parley", Version: "v1.2.3", Seed: 7, Started: start, Ended: start.Add(73 * time.Second),
		Contract: conformance.ReportContract{ID: "tiny", Name: "Tiny", Title: "Tiny notes", Document: "specs/tiny/openapi.yaml"}, Suites: []string{"tiny/hook"},
		Target: "http://127.0.0.1:3000/hook", Channel: "c1", Address: "http://127.0.0.1:7357/notes/c1",
		Timing: map[string]string{"answer": "10s", "retry": "30s", "quiet": "2s", "stimulus": "10s", "check": "3m8s"},
		Coverage: conformance.Coverage{
			Total: coverage.Tally{Touched: 5, Of: 9, Percent: 55.5},
			Parts: []coverage.Part{
				{Name: "operations", Tally: coverage.Tally{Of: 2}}, {Name: "events", Tally: coverage.Tally{Touched: 5, Of: 7, Percent: 71.4}}, {Name: "requirements"},
			},
			Untouched: []string{"events/ping answered 500", "operations/note answered 200"},
		},
		Readings: []conformance.Reading{reading}, FailOn: conformance.VerdictFail, Counts: map[conformance.Verdict]int{}, Results: results,
		Opening: []conformance.Opening{{Event: "hello", State: "failed", Status: 401, Error: "the partner answered 401", Exchange: "ex-000001"}},
	}
	for _, v := range []conformance.Verdict{
		conformance.VerdictPass, conformance.VerdictFail, conformance.VerdictWarn, conformance.VerdictUndetermined,
		conformance.VerdictNotApplicable, conformance.VerdictCouldNotRun, conformance.VerdictHarnessError,
	} {
		report.Counts[v] = 0 // as those that did not occur
	}
	for _, r := range results {
		report.Counts[r.Verdict]++
	}
	report.Outcome, report.Reasons = conformance.OutcomeOf(results, "")
	report.Remarks = []string{"4 events acknowledged in 3ms (median), 3ms (longest, ex-000005)"}
	for _, id := range []string{"ex-000002", "ex-000003", "ex-000004", "ex-000005"} {
		report.Exchanges = append(report.Exchanges, exchange(id, start))
	}
	report.Exchanges[1].Response, report.Exchanges[1].Error = nil, "connection reset"
	report.Exchanges[1].Findings = []traffic.Finding{{Code: "body.required", Severity: traffic.Error, Part: traffic.InRequest, Pointer: "/text", Expected: "a text", Actual: "nothing"}}
	return report
}

func exchange(id string, at time.Time) *traffic.Exchange {
	return &traffic.Exchange{ID: id, Time: at, Vendor: "tiny", Caller: traffic.Vendor, Operation: "events/ping", Duration: 3 * time.Millisecond,
		Request:  traffic.Request{Method: "POST", URL: "http://127.0.0.1:3000/hook", Body: traffic.NewBody([]byte(`{"type":"ping","token":"[redacted]","id":"`+strings.Repeat("0123456789", 40)+`"}`), 0)},
		Response: &traffic.Response{Status: 200, Body: traffic.NewBody([]byte("OK\x1b[31m"), 0)}}
}

func TestGoldenReports(t *testing.T) {
	report := fabricated()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"console.txt": func(b *bytes.Buffer) error { return writeConsole(b, report, conformance.Style{}) },
		"colour.txt": func(b *bytes.Buffer) error {
			return writeConsole(b, report, conformance.Style{Color: true, Width: 120})
		},
		"report.json": func(b *bytes.Buffer) error { return report.WriteJSON(b) },
		"report.html": func(b *bytes.Buffer) error { return report.WriteHTML(b) },
		"junit.xml":   func(b *bytes.Buffer) error { return report.WriteJUnit(b) },
		"github.txt":  func(b *bytes.Buffer) error { return report.WriteGitHub(b) },
		"summary.md":  func(b *bytes.Buffer) error { return report.WriteMarkdown(b) },
		"report.sarif": func(b *bytes.Buffer) error {
			report.Folder = "parley report"
			return report.WriteSARIF(b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs; if that is meant, run go test ./conformance -update\n%s", golden, got.String())
			}
		})
	}
}

func writeConsole(b *bytes.Buffer, report *conformance.Report, s conformance.Style) error {
	if err := report.WriteHead(b, s, len(report.Results)); err != nil {
		return err
	}
	for _, r := range report.Results {
		if err := r.WriteLine(b, s); err != nil {
			return err
		}
	}
	return report.WriteSummary(b, s)
}

func TestConsoleFitsItsWidth(t *testing.T) {
	var text bytes.Buffer
	if err := writeConsole(&text, fabricated(), conformance.Style{}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		words := strings.Fields(line)
		if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 80 && len(words) > 2 && !strings.Contains(line, "parley conform") {
			t.Errorf("wider than 80: %s", line)
		}
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("a partner paints on the console: %q", line)
		}
	}
}

// schemas judges a document by one of the schemas of this folder: "report" or "run".
func schemas(t *testing.T) (findings func(name string, data []byte) []traffic.Finding) {
	t.Helper()
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: Reports, version: '1'}\nx-parley: {id: reports}\npaths: {}\n")}}
	for _, name := range []string{"report.schema.json", "run.schema.json"} {
		schema, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folder["schemas/"+name] = &fstest.MapFile{Data: schema}
	}
	contract, err := specs.Load(folder, "reports")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		t.Fatal(err)
	}
	return func(name string, data []byte) []traffic.Finding { return judge.Payload(name, validator.Decode(data)) }
}

func TestReportsFollowTheirSchema(t *testing.T) {
	by := schemas(t)
	findings := func(data []byte) []traffic.Finding { return by("report", data) }
	real := judgeTiny(t)
	for name, report := range map[string]*conformance.Report{"fabricated": fabricated(), "of a run": real} {
		var out bytes.Buffer
		if err := report.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		for _, f := range findings(out.Bytes()) {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if len(findings([]byte(`{"tool": "parley", "outcome": "green"}`))) == 0 {
		t.Error("the schema refuses nothing")
	}
}

func judgeTiny(t *testing.T) *conformance.Report {
	t.Helper()
	o := scene(t, &testvendor.Partner{Careless: true}, check("ping", ping), check("foreign-token", foreignToken))
	o.Suites[0].Checks[0].Run = func(ctx context.Context, p *conformance.Partner) error {
		p.Reading("TINY-R-1")
		return ping(ctx, p)
	}
	o.Reproduce = func(_, id string) string { return "again " + id }
	return judge(t.Context(), t, o)
}

type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Class   string    `xml:"classname,attr"`
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func TestJUnitCountsAgree(t *testing.T) {
	undecided := fabricated()
	undecided.Results = undecided.Results[3:5]
	undecided.Outcome, undecided.Reasons = conformance.OutcomeOf(undecided.Results, "")
	passed := fabricated()
	passed.Results = passed.Results[:1]
	passed.Outcome, passed.Reasons = conformance.OutcomeOf(passed.Results, "")
	for name, c := range map[string]struct {
		report *conformance.Report
		want   [4]int // tests, failures, errors, skipped
	}{
		"every kind":      {fabricated(), [4]int{9, 2, 2, 3}},
		"passed":          {passed, [4]int{1, 0, 0, 0}},
		"nothing decided": {undecided, [4]int{3, 0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := c.report.WriteJUnit(&out); err != nil {
				t.Fatal(err)
			}
			var read junit
			if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
				t.Fatal(err)
			}
			var heads, elements [4]int
			for _, s := range read.Suites {
				for i, n := range []int{s.Tests, s.Failures, s.Errors, s.Skipped} {
					heads[i] += n
				}
				for _, c := range s.Cases {
					for i, is := range []bool{true, c.Failure != nil, c.Error != nil, c.Skipped != nil} {
						if is {
							elements[i]++
						}
					}
				}
			}
			all := [4]int{read.Tests, read.Failures, read.Errors, read.Skipped}
			if all != c.want || heads != c.want || elements != c.want {
				t.Errorf("testsuites %v, testsuite %v, elements %v, want %v", all, heads, elements, c.want)
			}
		})
	}
}

func TestExchangesCanBeReadAgain(t *testing.T) {
	var out bytes.Buffer
	report := judgeTiny(t)
	if err := report.WriteExchanges(&out); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(out.String()) {
		var e traffic.Exchange
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.ID == "" {
			t.Errorf("%v: %s", err, line)
		}
		lines++
	}
	if lines != len(report.Exchanges) || lines == 0 {
		t.Errorf("%d lines for %d exchanges", lines, len(report.Exchanges))
	}
}

// TestHTMLIsOneFile makes sure that report.html runs and fetches nothing, and
// that what a partner sent cannot become markup.
func TestHTMLIsOneFile(t *testing.T) {
	report := fabricated()
	report.Results[0].Actual = `<script>alert("partner")</script>`
	var out bytes.Buffer
	if err := report.WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "<link", "<img", "src=", "@import", "url("} {
		if strings.Contains(out.String(), never) {
			t.Errorf("report.html contains %s", never)
		}
	}
	for _, result := range report.Results {
		if !strings.Contains(out.String(), result.ID) {
			t.Errorf("report.html does not show %s", result.ID)
		}
	}
}
