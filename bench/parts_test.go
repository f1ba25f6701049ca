package main

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/traffic"
)

func TestPartsByName(t *testing.T) {
	var ran []string
	broken := errors.New("broken")
	parts := []part{
		{"one", "One", func() error { ran = append(ran, "one"); return nil }},
		{"two", "Two, first", func() error { ran = append(ran, "two first"); return nil }},
		{"two", "Two, second", func() error { ran = append(ran, "two second"); return broken }},
	}
	if err := runParts(parts, "two"); !errors.Is(err, broken) || !slices.Equal(ran, []string{"two first", "two second"}) {
		t.Errorf("ran %v: %v", ran, err)
	}
	if err := runParts(parts, "three"); err == nil || !strings.Contains(err.Error(), "one, two") {
		t.Errorf("a name that is none: %v", err)
	}
}

// What the documents tell to measure can be measured.
func TestDocumentedParts(t *testing.T) {
	known := names(partsOf(t.Context(), settings{}))
	found := 0
	for _, page := range []string{"../docs/explanation/cost.md", "../docs/explanation/scale.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, only := range regexp.MustCompile(`-only (\w+)`).FindAllSubmatch(text, -1) {
			found++
			if !slices.Contains(known, string(only[1])) {
				t.Errorf("%s: -only %s is no part; there are %v", page, only[1], known)
			}
		}
	}
	if found == 0 {
		t.Error("no page names a part")
	}
}

// A capture has as many entries as it says: speed is counted by them.
func TestWrittenCapture(t *testing.T) {
	name, entries, size, err := writeCapture(workloads[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(name)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() != size {
		t.Errorf("%d bytes are said, and there is %v: %v", size, info, err)
	}
	read := 0
	for entry, err := range traffic.ReadCapture(file, traffic.CaptureOptions{}) {
		if err != nil || entry.Exchange == nil {
			t.Fatalf("entry %d: %v", read, err)
		}
		read++
	}
	if read != entries {
		t.Errorf("%d entries are said, and %d read", entries, read)
	}
}

func TestChecksIn(t *testing.T) {
	n, took, err := checksIn([]byte("Measured\n\n55 checks in 119ms: 55 pass\nPASSED\n"))
	if n != 55 || took != 119*time.Millisecond || err != nil {
		t.Errorf("%d checks in %s: %v", n, took, err)
	}
	for _, out := range []string{"", "55 checks in 119ms: 54 pass, 1 undetermined\n", "55 checks in 119ms: 54 pass\n"} {
		if n, _, err := checksIn([]byte(out)); err == nil {
			t.Errorf("%q counts as %d", out, n)
		}
	}
}
