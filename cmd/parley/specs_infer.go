package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/shell"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator/infer"
)

// captured is recorded traffic, of which the format is known.
type captured struct {
	*input
	text   io.Reader
	stream bool
}

// captured opens --from; nil where that is no recorded traffic.
func (f *initFlags) captured(ctx context.Context, stdin io.Reader) (*captured, error) {
	in, err := open(ctx, f.from, stdin)
	if err != nil {
		return nil, named("--from", err)
	}
	format, text, err := traffic.Recognise(in, traffic.CaptureOptions{Source: f.from})
	switch {
	case err != nil && ctx.Err() != nil:
		err = interruptedEarly(f.from)
	case err != nil:
		err = usage("--from %s: %w", f.from, err)
	case format == "" && f.from == "-":
		err = usage("--from -: %w; an OpenAPI document is read from a file, beside which others may stand", traffic.ErrNoCapture)
	case format != "":
		return &captured{input: in, text: text, stream: in.stream && format == traffic.NDJSON}, nil
	}
	in.Close()
	return nil, err
}

// infer writes the contract of recorded traffic, and says what is in it.
func (f *initFlags) infer(ctx context.Context, id string, from *captured, stdout, stderr io.Writer) error {
	inferred, err := infer.New(infer.Options{ID: id, Capture: filepath.Base(inputName(f.from)), Base: f.base, Webhooks: f.webhooks, NoSamples: f.noSamples})
	if err != nil {
		return usage("--base or --webhook: %w", err)
	}
	counts, named := taken{}, false
	take := func(entry traffic.Entry) {
		counts.judged++
		named = named || entry.Exchange.Vendor == id
		inferred.Add(entry.Exchange)
	}
	unread := func(broken *traffic.EntryError) {
		counts.broken++
		visible.Fprintf(stderr, "parley: %s\n", redaction.New(redaction.Options{}).Text(broken.Error()))
	}
	readEntries(ctx, from.text, traffic.CaptureOptions{Source: f.from}, from.stream, take, unread)
	if !named { // what Parley recorded of a shipped contract's vendor may have its name
		if err := vetShipped(id); err != nil {
			return err
		}
	}
	made, err := inferred.Contract()
	if err != nil {
		return usage("--from %s: %w", f.from, err)
	}
	if err := writeFiles(f.out, made.Files, ownerly); err != nil {
		return environment("init: %w", err)
	}
	if err := f.tell(stdout, id, made); err != nil {
		return err
	}
	if counts.broken > 0 {
		return exitError{exitIncomplete, counts.unread()}
	}
	return nil
}

// tell prints what was made and what was not, and what to do next.
func (f *initFlags) tell(stdout io.Writer, id string, made *infer.Contract) error {
	var text strings.Builder
	visible.Fprintf(&text, "wrote %s to %s, all of it observed:\n", plural.Of(len(made.Files), "file"), f.out)
	wide := 0
	for _, m := range made.Operations {
		wide = max(wide, len(m.Name))
	}
	for _, m := range made.Operations {
		visible.Fprintf(&text, "  %-*s  %s: %s\n", wide, m.Name, strings.TrimSpace(m.Method+" "+m.Path), statuses(m))
	}
	for _, list := range []struct {
		title string
		lines []string
	}{{"left out:", made.LeftOut}, {"not described:", made.Notes}} {
		if len(list.lines) > 0 {
			visible.Fprintf(&text, "%s\n", list.title)
			for _, line := range list.lines {
				visible.Fprintf(&text, "  %s\n", line)
			}
		}
	}
	if made.Samples > 0 {
		visible.Fprintf(&text, "%s what was recorded, without secrets: names and addresses of people may be in them\n", plural.Of(made.Samples, "sample holds", "samples hold"))
	}
	again := fmt.Sprintf("parley drift %s --contract %s --from %s", id, shell.Word(f.out), shell.Word(f.from))
	if made.Base != "" {
		again += " --base " + shell.Word(made.Base)
	}
	for _, webhook := range f.webhooks {
		again += " --webhook " + shell.Word(webhook)
	}
	visible.Fprintf(&text, "look, and compare what comes later:\n  parley specs show %s --contract %s\n  %s\n", id, shell.Word(f.out), again)
	_, err := io.WriteString(stdout, text.String())
	return err
}

// statuses counts the answers: "12 calls, 200 (11), 404 (1)".
func statuses(m infer.Made) string {
	list := []string{plural.Of(m.Seen, "time")}
	for _, status := range slices.SortedFunc(maps.Keys(m.Statuses), cmp.Compare) {
		list = append(list, fmt.Sprintf("%d (%d)", status, m.Statuses[status]))
	}
	return strings.Join(list, ", ")
}
