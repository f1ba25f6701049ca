package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPipesAreInterrupted: a capture that comes through a pipe with a name ends with
// an interrupt, whether it has come yet, in the middle of it, or nobody ever writes.
func TestPipesAreInterrupted(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(captures(t), "stream.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(lines, []byte("\n"))
	for _, c := range []struct {
		name, command, written string
		code                   int
		want                   string
	}{
		{"nothing came", "validate elma365 PIPE", "", exitIncomplete, "interrupted before it was read"},
		{"half a body", "validate elma365/operations/message PIPE", `{"type":`, exitIncomplete, "interrupted before it was read"},
		{"a line", "validate elma365 PIPE", string(first) + "\n\n", exitOK, "1 of 1 exchange judged"},
		{"a line", "coverage elma365 --from PIPE", string(first) + "\n\n", exitOK, "1 exchange touched"},
		{"nothing came", "drift elma365 --from PIPE", "", exitIncomplete, "interrupted before it was read"},
	} {
		t.Run(c.command+": "+c.name, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, interrupt := context.WithCancel(t.Context())
			go func() {
				if c.written != "" {
					writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns once it is read
					if err != nil {
						t.Error(err)
					}
					defer writer.Close()
					writer.WriteString(c.written)
					if !comesTrue(func() bool { return empty(writer) }) {
						t.Error("nobody reads")
					}
				}
				interrupt()
				<-t.Context().Done() // the pipe stays open
			}()
			var out, errs bytes.Buffer
			code := run(ctx, strings.Fields(strings.ReplaceAll(c.command, "PIPE", pipe)), nil, &out, &errs)
			if code != c.code || !strings.Contains(out.String()+errs.String(), c.want) {
				t.Errorf("exit %d\n%s%s", code, &out, &errs)
			}
		})
	}
}
