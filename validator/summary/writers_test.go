package summary_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

var update = flag.Bool("update", false, "write the golden files anew")

// writers are all formats of a report.
func writers(r *summary.Report) map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{}
	for _, format := range summary.Formats() {
		all[format] = func(w io.Writer) error { return r.Write(w, format) }
	}
	return all
}

func written(t testing.TB, r *summary.Report, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGoldenFiles(t *testing.T) {
	r := full(t)
	for _, format := range summary.Formats() {
		file, got := filepath.Join("testdata", "full."+format), written(t, r, format)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || got != string(want) {
			t.Errorf("%s (go test -update writes it): %v\n%s", file, err, got)
		}
	}
	if files, err := filepath.Glob("testdata/full.*"); err != nil || len(files) != len(summary.Formats()) {
		t.Errorf("%v, and the formats are %v (%v)", files, summary.Formats(), err)
	}
	if err := r.Write(io.Discard, "yaml"); err == nil || !strings.Contains(err.Error(), "text, json, junit, sarif, github, markdown") {
		t.Errorf("got %v", err)
	}
}

// A format that another program reads is not green where the outcome is not.
func TestJUnitFollowsTheOutcome(t *testing.T) {
	v := elma(t)
	for name, c := range map[string]struct {
		fill             func(*summary.Summary)
		failures, errors int
	}{
		"passed":     {func(s *summary.Summary) { s.Add(call(v, "1", good, 200), traffic.Position{}) }, 0, 0},
		"failed":     {func(s *summary.Summary) { s.Add(call(v, "1", noID, 418), traffic.Position{}) }, 2, 0},
		"incomplete": {func(s *summary.Summary) { s.Skip("h") }, 0, 1},
	} {
		s := summary.New(v.Contract(), summary.Options{})
		c.fill(s)
		var got struct {
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Tests    int `xml:"tests,attr"`
			Cases    []struct {
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
			} `xml:"testsuite>testcase"`
		}
		if err := xml.Unmarshal([]byte(written(t, s.Report(), "junit")), &got); err != nil {
			t.Fatal(err)
		}
		if got.Failures != c.failures || got.Errors != c.errors || got.Tests != len(got.Cases) || got.Tests == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What SARIF 2.1.0 requires (sections 3.13, 3.14, 3.19, 3.20, 3.27): version and
// runs; tool, driver and its name; in each result a message; and that indices,
// levels and regions mean something.
func TestSARIFHasWhatIsRequired(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID    string
						Short struct{ Text string } `json:"shortDescription"`
					}
				}
			}
			Invocations []struct {
				Successful    *bool                                     `json:"executionSuccessful"`
				Notifications []struct{ Message struct{ Text string } } `json:"toolExecutionNotifications"`
			}
			Results []struct {
				RuleID      string
				RuleIndex   int
				Level       string
				Message     struct{ Text string }
				Occurrences int `json:"occurrenceCount"`
				Locations   []struct {
					Physical *struct {
						Artifact struct{ URI string }                  `json:"artifactLocation"`
						Region   *struct{ StartLine, StartColumn int } `json:"region"`
					} `json:"physicalLocation"`
				}
			}
		}
	}
	r := full(t)
	if err := json.Unmarshal([]byte(written(t, r, "sarif")), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || len(log.Runs[0].Invocations) != 1 {
		t.Fatalf("got %+v", log)
	}
	run := log.Runs[0]
	if i := run.Invocations[0]; i.Successful == nil || *i.Successful || len(i.Notifications) != 1 || i.Notifications[0].Message.Text == "" {
		t.Errorf("invocation %+v", i)
	}
	found, files := 0, 0
	for _, result := range run.Results {
		found += result.Occurrences
		if result.Message.Text == "" || result.Occurrences < 1 || !slices.Contains([]string{"error", "warning", "note"}, result.Level) {
			t.Errorf("result %+v", result)
		}
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID || rule.Short.Text == "" {
			t.Errorf("rule %+v of %s", rule, result.RuleID)
		}
		for _, l := range result.Locations {
			if l.Physical == nil {
				continue
			}
			files++
			if l.Physical.Artifact.URI == "" || l.Physical.Region.StartLine < 1 || l.Physical.Region.StartColumn < 1 {
				t.Errorf("location %+v", l.Physical)
			}
		}
	}
	if total := r.Findings[traffic.HarnessError] + r.Findings[traffic.Error] + r.Findings[traffic.Warn] + r.Findings[traffic.Info]; found != total || files == 0 {
		t.Errorf("%d of %d findings, %d with a file", found, total, files)
	}
}

// A command is one line, whatever a finding holds.
func TestWorkflowCommandsAreEscaped(t *testing.T) {
	got := written(t, full(t), "github")
	for _, want := range []string{
		"::error file=a.har,line=3,col=1,title=ELMA365-IN-010 body.required::",
		"::notice file=b.json,line=2,col=7,title=z::info z at /a/0 (line 2, column 7)\n",
		"::warning title=y::warn y; 100%25 :,", // as a message may hold colons and commas
		"::error file=a b.har,line=9,col=1,title=not read::a b.har entry 5 (line 9, byte 900): cut off\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if lines := strings.Count(got, "\n"); lines != strings.Count(got, "::error ")+strings.Count(got, "::warning ")+strings.Count(got, "::notice ")+1 || strings.ContainsAny(got, "\r\x1b") {
		t.Errorf("%d lines:\n%s", lines, got)
	}
}

// What only a proxy finds is explained too.
func TestSARIFExplainsForeignCodes(t *testing.T) {
	s := summary.New(elma(t).Contract(), summary.Options{Codes: []validator.Code{{Code: "exchange.refused", Severity: traffic.Warn, Text: "It was stopped."}}})
	e := &traffic.Exchange{ID: "ex-1"}
	for _, code := range []string{"exchange.refused", "body.cut"} {
		e.Findings = append(e.Findings, traffic.Finding{Code: code, Severity: traffic.Warn})
	}
	s.Add(e, traffic.Position{})
	got := written(t, s.Report(), "sarif")
	for _, want := range []string{`"It was stopped."`, `"Only the beginning of the body was kept, so it was not judged."`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
