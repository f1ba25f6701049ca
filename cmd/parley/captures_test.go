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
)

// A source that fails after its first exchange was not read whole, whoever reads it:
// what came is judged and counted, and the outcome is incomplete.
func TestSourcesThatFailInTheMiddle(t *testing.T) {
	dir := captures(t)
	lines, err := os.ReadFile(filepath.Join(dir, "stream.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(lines, []byte("\n"))
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write(append(first, '\n'))
	w.Flush()
	source := filepath.Join(dir, "failing.ndjson.gz")
	if err := os.WriteFile(source, zipped.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, counted := range map[string]string{
		"validate elma365 " + source:        "1 of 2 exchanges judged",
		"coverage elma365 --from " + source: "elma365: 1 exchange touched",
		"drift elma365 --from " + source:    "1 exchange",
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), strings.Fields(line), nil, &out, &errs)
		told := out.String() + errs.String()
		if code != exitIncomplete || !strings.Contains(told, source+": line 2: unexpected EOF") || !strings.Contains(told, counted) {
			t.Errorf("%s: exit %d\n%s", line, code, told)
		}
	}
}

// What is no capture at all is a wrong name, whoever reads it.
func TestSourcesThatAreNoCapture(t *testing.T) {
	t.Chdir(captures(t))
	for _, command := range []string{"coverage", "drift"} {
		var errs bytes.Buffer
		code := run(t.Context(), []string{command, "elma365", "--from", "body.json"}, nil, io.Discard, &errs)
		if code != exitUsage || !strings.Contains(errs.String(), "body.json: this is neither HAR") {
			t.Errorf("%s: exit %d\n%s", command, code, &errs)
		}
	}
}

// An interrupted file was not counted whole, and says so.
func TestCountingIsInterrupted(t *testing.T) {
	t.Chdir(captures(t))
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, command := range []string{"coverage", "drift"} {
		var out, errs bytes.Buffer
		code := run(ctx, []string{command, "elma365", "--from", "good.har"}, nil, &out, &errs)
		if code != exitIncomplete || !strings.Contains(errs.String(), "good.har entry 1 (line 2, byte 103): interrupted here") {
			t.Errorf("%s: exit %d\n%s%s", command, code, &out, &errs)
		}
	}
}

// An interrupt ends a stream, and what came of it is counted.
func TestCountingFollowsAStream(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(captures(t), "stream.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(lines, []byte("\n"))
	stdin, send := io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		send.Write(append(first, '\n'))
		send.Write([]byte("\n")) // returns once the line before is read
		interrupt()
	}()
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"coverage", "elma365", "--from", "-"}, stdin, &out, &errs); code != exitOK || !strings.Contains(out.String(), "elma365: 1 exchange touched") {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
}

// A token that cannot be read is told with the flag that names it.
func TestTokenFilesThatAreNotThere(t *testing.T) {
	for line, flag := range map[string]string{
		"drift elma365 --from http://127.0.0.1:1 --control-token @nowhere":                     "--control-token: ",
		"serve elma365 --addr 127.0.0.1:0 --control-token @nowhere":                            "--control-token: ",
		"conform elma365 --target http://127.0.0.1:1/ --list=false --token @nowhere -- nobody": "--token: ",
	} {
		var errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(line), nil, io.Discard, &errs); code != exitUsage || !strings.Contains(errs.String(), flag) {
			t.Errorf("%s: exit %d\n%s", line, code, &errs)
		}
	}
}
