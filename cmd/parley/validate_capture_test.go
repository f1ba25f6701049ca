package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// captures returns the files of the story, in a folder of their own.
func captures(t *testing.T) string {
	t.Helper()
	story, err := txtar.ParseFile("testdata/script/validate_capture.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range story.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestValidateExitCodes(t *testing.T) {
	t.Chdir(captures(t))
	for line, want := range map[string]int{
		"elma365 good.har":                             exitOK,
		"elma365 traffic.ndjson":                       exitFailed,
		"elma365 bad.har":                              exitFailed,
		"elma365 good.har bad.har":                     exitFailed,
		"elma365 body.json other.har":                  exitIncomplete,
		"elma365 cut.har":                              exitIncomplete,
		"elma365 quote.har":                            exitIncomplete,
		"elma365 other.har":                            exitIncomplete,
		"elma365 empty.har":                            exitIncomplete,
		"elma365 nobodies.har":                         exitIncomplete,
		"expertflow good.har":                          exitIncomplete,
		"elma365 other.har --format json":              exitIncomplete,
		"elma365 cut.har bad.har":                      exitFailed,
		"elma365 good.har --format yaml":               exitUsage,
		"elma365 nowhere.har":                          exitUsage,
		"elma365 good.har --webhook here":              exitUsage,
		"elma365 good.har --fail-on worse":             exitUsage,
		"elma365 good.har --base https://h.example":    exitIncomplete,
		"elma365 good.har --base https://cdn.example":  exitFailed,
		"elma365/events/markAsRead read.json":          exitOK,
		"elma365/events/markAsRead read.json good.har": exitFailed,
	} {
		code, stdout, stderr := validate(t, "", strings.Fields(line)...)
		if code != want || code == exitUsage && (stdout != "" || stderr == "") {
			t.Errorf("validate %s: exit %d, want %d\n%s%s", line, code, want, stdout, stderr)
		}
	}
}

// What is large, compressed or nonsense is refused or reported, within bounds.
func TestValidateBadInput(t *testing.T) {
	t.Parallel()
	zipped := func(text io.Reader) string {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
		if _, err := io.Copy(w, text); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	har, err := os.ReadFile(filepath.Join(captures(t), "good.har"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text, said string
		want       int
	}{
		"68 MB of garbage":    {strings.Repeat("\x00\xffgarbage{\"\n", 5_700_000), "larger than 64 MiB and neither HAR nor NDJSON", exitUsage},
		"garbage in a HAR":    {`{"log": {"entries": [` + strings.Repeat("\x00\xff{garbage\"", 1_000_000), "no entry was found after it", exitIncomplete},
		"100,000 levels":      {strings.Repeat("[", 100_000), "json.depth", exitFailed},
		"levels in a HAR":     {`{"log": {"entries": [` + strings.Repeat("[", 100_000), "nested deeper than 500 levels", exitIncomplete},
		"compressed":          {zipped(bytes.NewReader(har)), "passed: 1 of 3 exchanges judged", exitOK},
		"compressed zeros":    {zipped(io.LimitReader(zeros{}, 65<<20)), "larger than 64 MiB", exitUsage},
		"compressed in a HAR": {zipped(io.MultiReader(strings.NewReader(`{"log": {"entries": [{"request": "`), io.LimitReader(zeros{}, 2<<20))), "the byte 0x00, a control character", exitIncomplete},
		"broken gzip":         {zipped(bytes.NewReader(har))[:200], "unexpected EOF", exitUsage},
		"NUL":                 {"\x00", "json.syntax", exitFailed},
		"no UTF-8":            {"{\"type\":\"disconnect\",\"token\":\"\xff\"}", "json.utf8", exitFailed},
		"a key twice":         {`{"type":"disconnect","token":"","token":""}`, "json.duplicate-key", exitFailed},
		"out of range":        {`{"type":"disconnect","token":1e99999}`, "body.type", exitFailed},
		"nothing":             {"", "nothing of contract elma365 was in", exitIncomplete},
	} {
		code, stdout, stderr := validate(t, c.text, "elma365", "-")
		if code != c.want || !strings.Contains(stdout+stderr, c.said) {
			t.Errorf("%s: exit %d, want %d and %q\n%.2000s%.2000s", name, code, c.want, c.said, stdout, stderr)
		}
	}
}

type zeros struct{}

func (zeros) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}

// A line is printed before the next one is there, and an interrupt ends the
// stream with a report.
func TestValidateFollowsAStream(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(captures(t), "stream.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(lines, []byte("\n"))
	stdin, send := io.Pipe()
	receive, stdout := io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"validate", "elma365", "-"}, stdin, stdout, io.Discard)
		stdout.Close()
	}()
	printed := make([]byte, 4096)
	for range 3 {
		send.Write(append(first, '\n'))
		if n, err := receive.Read(printed); err != nil || !strings.Contains(string(printed[:n]), "ex-0001") {
			t.Fatalf("printed %q, %v", printed[:n], err)
		}
	}
	interrupt()
	report, err := io.ReadAll(receive)
	if code := <-ended; code != exitOK || err != nil || !strings.Contains(string(report), "passed: 3 of 3 exchanges judged") {
		t.Errorf("exit %d, %v\n%s", code, err, report)
	}
}

// An interrupted file is no file that was judged whole.
func TestValidateIsInterrupted(t *testing.T) {
	t.Chdir(captures(t))
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var out bytes.Buffer
	if code := run(ctx, []string{"validate", "elma365", "good.har"}, nil, &out, io.Discard); code != exitIncomplete || !strings.Contains(out.String(), "good.har entry 1 (line 2, byte 103): interrupted here") {
		t.Errorf("exit %d\n%s", code, &out)
	}
}

func TestProgress(t *testing.T) {
	var none *progress // what a pipe or a test gets
	none.entry()
	none.clear()
	if from := strings.NewReader(""); none.count(from, "a", 1) != from || newProgress(io.Discard) != nil {
		t.Error("progress is shown on what is no terminal")
	}
	p := &progress{name: "a-very-long-name-of-a-capture.har", size: 100 << 20, entries: 1234}
	p.read.Store(25 << 20)
	if got, want := p.line(5e8), "a-very-long-name-of… [######..................]  25% 1234 exchanges, 50 MiB/s"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.size = 0
	if got := p.line(5e8); got != "a-very-long-name-of… 1234 exchanges, 50 MiB/s" {
		t.Errorf("got %s", got)
	}
}

// The capture that the README reads has an exchange in both directions, and one
// of another host.
func TestValidateTheSharedCapture(t *testing.T) {
	code, stdout, stderr := validate(t, "", "elma365", "../../testdata/captures/elma365.har", "--webhook", "http://localhost:3000/webhook")
	if code != exitOK || !strings.Contains(stdout, "2 of 3 exchanges judged (1 operation, 1 event)") || stderr != "" {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}
