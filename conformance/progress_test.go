package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/internal/plainjson"
)

// TestARunIsFollowed: what it shows of itself before, while and after it judges, each
// time as its schema describes it.
func TestARunIsFollowed(t *testing.T) {
	findings := schemas(t)
	var progress *conformance.Progress
	view := func(when string) conformance.RunView {
		t.Helper()
		v := progress.View().(conformance.RunView)
		data, err := plainjson.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings("run", data) {
			t.Errorf("%s: %+v", when, f)
		}
		return v
	}
	told := make(chan error, 1)
	var during []conformance.RunView
	o := scene(t, &testvendor.Partner{Careless: true}, check("first", func(ctx context.Context, p *conformance.Partner) error {
		during = append(during, view("during the first"))
		go func() { told <- progress.Wait(t.Context(), 0) }()
		return ping(ctx, p)
	}), check("second", func(ctx context.Context, p *conformance.Partner) error {
		during = append(during, view("during the second"))
		if err := <-told; err != nil {
			t.Error(err)
		}
		return foreignToken(ctx, p)
	}))
	var opened, results int
	o.OnOpen, o.OnResult = func(*conformance.Report) { opened++ }, func(conformance.Result) { results++ }
	progress, o = conformance.Following(o)
	if v := view("before"); v.State != conformance.Running || v.Report != nil || len(v.Running) != 0 || len(v.Planned) != 2 || v.Planned[1].Title != "does second" {
		t.Errorf("before: %+v", v)
	}
	report := judge(t.Context(), t, o)
	if opened != 1 || results != 2 {
		t.Errorf("others were told of %d openings and %d results", opened, results)
	}
	for i, id := range []string{"tiny/hook/first", "tiny/hook/second"} {
		v := during[i]
		if v.State != conformance.Running || !slices.Equal(v.Running, []string{id}) || v.Report == nil || len(v.Report.Results) != i || v.Report.Counts[conformance.VerdictPass] != i {
			t.Errorf("during %s: %+v", id, v)
		}
	}
	v := view("after both")
	if v.State != conformance.Running || len(v.Running) != 0 || v.Report.Outcome != conformance.OutcomeFailed || v.Report.Counts[conformance.VerdictFail] != 1 {
		t.Errorf("after both: %+v", v)
	}
	go func() { told <- progress.Wait(t.Context(), 2) }()
	progress.Finish(report)
	if err := <-told; err != nil {
		t.Errorf("the end does not end a wait: %v", err)
	}
	if v := view("done"); v.State != conformance.Done || v.Report != report {
		t.Errorf("done: %+v", v)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	waiting, _ := conformance.Following(o)
	if waiting.Wait(ended, 0) == nil {
		t.Error("a wait outlives its context")
	}
	if len(findings("run", []byte(`{"state": "over", "planned": [], "running": []}`))) == 0 {
		t.Error("the schema refuses nothing")
	}
}

// TestAWrittenReportIsRead as it was, with its exchanges.
func TestAWrittenReportIsRead(t *testing.T) {
	dir, written := t.TempDir(), fabricated()
	if _, err := written.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	read, err := conformance.ReadFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for what, write := range map[string]func(*conformance.Report, *bytes.Buffer) error{
		"report":    func(r *conformance.Report, b *bytes.Buffer) error { return r.WriteJSON(b) },
		"exchanges": func(r *conformance.Report, b *bytes.Buffer) error { return r.WriteExchanges(b) },
	} {
		var before, after bytes.Buffer
		if err := write(written, &before); err != nil {
			t.Fatal(err)
		}
		if err := write(read, &after); err != nil {
			t.Fatal(err)
		}
		if before.Len() == 0 || before.String() != after.String() {
			t.Errorf("%s: wrote\n%s\nread\n%s", what, &before, &after)
		}
	}
	v := conformance.Finished(read).View().(conformance.RunView)
	if v.State != conformance.Done || len(v.Planned) != len(written.Results) || v.Planned[0].ID != written.Results[0].ID {
		t.Errorf("the run is %+v", v)
	}

	whole, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var newer map[string]any
	if err := json.Unmarshal(whole, &newer); err != nil {
		t.Fatal(err)
	}
	newer["mood"] = "good"
	unknown, _ := json.Marshal(newer)
	for name, c := range map[string]struct{ file, text, want string }{
		"broken":      {"report.json", "{", "report.json: unexpected EOF"},
		"newer":       {"report.json", string(unknown), `unknown field "mood"; a report of another version of Parley`},
		"another's":   {"report.json", `{"tool": "jest"}`, "is no report of parley conform or play"},
		"no exchange": {"exchanges.ndjson", `{"id": 1}`, "exchanges.ndjson: line 1"},
		"none":        {"exchanges.ndjson", "", "exchanges.ndjson"},
	} {
		dir := t.TempDir()
		if _, err := written.WriteFiles(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.file)
		os.Remove(path)
		if c.text != "" {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := conformance.ReadFiles(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := conformance.ReadFiles(t.TempDir()); err == nil || !strings.Contains(err.Error(), "give the folder that --report was given") {
		t.Errorf("an empty folder: %v", err)
	}
}
