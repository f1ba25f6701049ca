package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/coverage"
	"github.com/parleykit/parley/validator/drift"
	"github.com/parleykit/parley/validator/summary"
)

// markup is what a vendor, a partner or a document may write where a report shows it.
var markup = []string{
	"a | b || c \\| d", "`code` and ``more``", "**bold** __bold__ *it* _it_ ~~gone~~", "<img src=x onerror=alert(1)>", "<!-- hidden", "</td></table><h1>forged</h1>",
	"[here](https://evil.example) ![](https://evil.example/x.png)", "https://evil.example www.evil.example <https://evil.example>", "someone@evil.example", "&lt;b&gt; &amp;",
	"one\ntwo\r\n\n# forged", "| --- |", "\\", "\\\\|", "$x$", "- [ ] forged", "1. forged", "> forged", "[x]: https://evil.example",
}

// read is what markdown-it finds in a document.
type read struct {
	Tables   [][][]string
	Headings []string
	Odd      []string
}

// TestMarkdownShowsWhatJSONHas: a parser of another hand finds in the tables of each
// report, cell by cell, what the JSON of the same report has, and nothing but text.
func TestMarkdownShowsWhatJSONHas(t *testing.T) {
	nodetest.Installed(t, "..", "markdown-it")
	var documents []string
	var wants [][][]string // the tables' rows without heads, one below the other
	for _, text := range markup {
		for _, report := range reportsOf(text) {
			documents = append(documents, written(t, report.markdown))
			var model map[string]any
			if err := json.Unmarshal([]byte(written(t, report.json)), &model); err != nil {
				t.Fatal(err)
			}
			wants = append(wants, report.rows(model))
		}
	}
	for i, got := range nodetest.Through[read](t, documents, "markdown.mjs") {
		if len(got.Odd) > 0 {
			t.Errorf("%s\nis more than text: %q", documents[i], got.Odd)
		}
		var rows [][]string
		for _, table := range got.Tables {
			rows = append(rows, table[1:]...)
		}
		for _, want := range wants[i] {
			if !slices.ContainsFunc(rows, func(row []string) bool { return isBegun(row, want) }) {
				t.Errorf("%s\nhas no row %q; it has %q", documents[i], want, rows)
			}
		}
	}
}

// isBegun reports a row that begins with these texts. What a reader does not see, the
// spaces without width and those at the ends, is left out of it.
func isBegun(row, want []string) bool {
	if len(row) < len(want) {
		return false
	}
	for i, text := range want {
		if seen(row[i]) != seen(visible.Line(text)) {
			return false
		}
	}
	return true
}

var spaces = regexp.MustCompile(` +`)

func seen(text string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(strings.ReplaceAll(text, "\u200b", ""), " "))
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// twice is one report in two formats, and which rows the JSON says there are.
type twice struct {
	markdown, json func(io.Writer) error
	rows           func(model map[string]any) [][]string
}

// reportsOf are a report of each kind with a text at its places.
func reportsOf(text string) []twice {
	judged := &summary.Report{Contract: text, Outcome: summary.Failed, Reasons: []string{text}, Groups: []summary.Group{{Kinds: []summary.Kind{{
		Code: "body.enum", Severity: traffic.Error, Operation: text, Count: 2,
		First: summary.Example{Finding: traffic.Finding{Expected: text, Actual: text, Hint: text}},
	}}}}, Skipped: []summary.Skipped{{Host: text, Count: 3}}, Broken: []summary.Broken{{Text: text}}}
	format := func(name string) func(io.Writer) error {
		return func(w io.Writer) error { return judged.Write(w, name) }
	}
	touched := &coverage.Report{Contract: text, Operations: coverage.Group[coverage.Call]{Items: []coverage.Call{{Name: text, Count: 4}}}, Untouched: []string{text}}
	drifted := &drift.Report{Contract: text, Items: []*drift.Item{{Operation: text, Pointer: text, Code: text, Count: 1, Of: 2, Change: text}}}
	conformed := &conformance.Report{Outcome: conformance.OutcomeFailed, Contract: conformance.ReportContract{Name: text}, Results: []conformance.Result{{
		ID: "a/b/c", Title: text, Verdict: conformance.VerdictFail, Expected: text, Actual: text, Hint: text,
	}}}
	return []twice{
		{format("markdown"), format("json"), func(m map[string]any) [][]string {
			kind := at(m, "groups", 0, "kinds", 0)
			finding := at(kind, "first", "finding")
			return [][]string{
				membersOf(kind, "severity", "code", "operation", "count", at(finding, "expected"), at(finding, "actual"), at(finding, "hint")),
				membersOf(at(m, "skipped", 0), "host", "count"),
			}
		}},
		{touched.WriteMarkdown, touched.WriteJSON, func(m map[string]any) [][]string {
			return [][]string{membersOf(at(m, "operations", "items", 0), "name", "count"), {fmt.Sprint(at(m, "untouched", 0))}}
		}},
		{drifted.WriteMarkdown, drifted.WriteJSON, func(m map[string]any) [][]string {
			return [][]string{membersOf(at(m, "items", 0), "operation", "pointer", "code", "count", "of")}
		}},
		{conformed.WriteMarkdown, conformed.WriteJSON, func(m map[string]any) [][]string {
			return [][]string{membersOf(at(m, "results", 0), "id", "title", "expected", "actual", "hint")}
		}},
	}
}

// at is what JSON has at the end of a way of names and indices.
func at(value any, way ...any) any {
	for _, step := range way {
		switch step := step.(type) {
		case string:
			value = value.(map[string]any)[step]
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

// membersOf are the named members; a value that is no name of one stands for itself.
func membersOf(value any, names ...any) []string {
	var list []string
	for _, name := range names {
		if text, ok := name.(string); ok {
			if member, there := value.(map[string]any)[text]; there {
				name = member
			}
		}
		list = append(list, fmt.Sprint(name))
	}
	return list
}
