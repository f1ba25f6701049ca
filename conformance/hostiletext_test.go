package conformance_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/visible/visibletest"
)

var painted = regexp.MustCompile("\x1b\\[[0-9;]+m([^\x1b]*)\x1b\\[0m")

// TestEveryReportIsVisible also with what a report does not have yet.
func TestEveryReportIsVisible(t *testing.T) {
	r := fabricated()
	visibletest.Fill(r, "Verdict", "Known", "Outcome", "Severity", "Caller", "Time", "Level")
	texts := map[string]string{}
	for name, style := range map[string]conformance.Style{"console": {}, "a narrow console": {Width: 20}, "a coloured console": {Color: true}} {
		var out bytes.Buffer
		if err := writeConsole(&out, r, style); err != nil {
			t.Fatal(err)
		}
		texts[name] = painted.ReplaceAllString(out.String(), "$1")
	}
	paths, err := r.WriteFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(data)
	}
	var annotations bytes.Buffer
	if err := r.WriteGitHub(&annotations); err != nil {
		t.Fatal(err)
	}
	texts["annotations"] = annotations.String()
	for name, text := range texts {
		visibletest.Judge(t, name, text)
	}
}
