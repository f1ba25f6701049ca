package main

import (
	"context"
	"io"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

// maxFile is the largest body that is judged alone, in bytes.
const maxFile = 64 << 20

// validation judges files one after another.
type validation struct {
	judge    *validator.Validator
	sequence *validator.Sequence
	scope    *validator.Scope
	payload  string // "" where files may be captures
	found    *summary.Summary
	lines    *console  // nil: none
	progress *progress // nil: none
	captures int
	secrets  []string // that events are signed with; none: no signature is verified
}

// verifiedNothing refuses secrets for which nothing was there, or says so where a
// capture may rightly have no event.
func (v *validation) verifiedNothing(r *summary.Report, stderr io.Writer) error {
	switch {
	case len(v.secrets) == 0 || r.Counts.Events > 0:
		return nil
	case v.captures == 0:
		return usage("--secret verifies the events of captures; a body alone has no signature")
	}
	_, err := visible.Fprintf(stderr, "parley: --secret verified nothing, because no event was in it; say with --webhook which calls are events\n")
	return err
}

// file judges what a file holds, or standard input.
func (v *validation) file(ctx context.Context, name string, stdin io.Reader) error {
	source, err := open(ctx, name, stdin)
	if err != nil {
		return err
	}
	defer source.Close()
	options := judging(name, v.judge, v.scope)
	var format traffic.Format
	text := v.progress.count(source, name, source.size)
	if v.payload == "" {
		format, text, err = traffic.Recognise(text, options)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return interruptedEarly(name)
	case err != nil:
		return usage("%s: %w", name, err)
	}
	if format == "" {
		return v.body(ctx, name, text, source.stream)
	}
	v.captures++
	v.capture(ctx, text, options, source.stream && format == traffic.NDJSON)
	return nil
}

func (v *validation) body(ctx context.Context, name string, text io.Reader, stream bool) error {
	body, err := io.ReadAll(io.LimitReader(text, maxFile+1))
	if stream && ctx.Err() != nil {
		return interruptedEarly(name)
	}
	if err != nil {
		return usage("%s: %w", name, err)
	}
	if len(body) > maxFile {
		return usage("%s is larger than %d MiB and neither HAR nor NDJSON of exchanges; a body is one JSON value, not a log of them", name, maxFile>>20)
	}
	v.progress.clear()
	v.found.AddBody(validateBody(v.judge, v.payload, name, body))
	return nil
}

// capture judges all entries. Of a stream it prints each exchange as it comes.
func (v *validation) capture(ctx context.Context, text io.Reader, options traffic.CaptureOptions, stream bool) {
	follow := stream && v.lines != nil
	if follow {
		v.progress = nil
	}
	judged := 0
	take := func(entry traffic.Entry) {
		defer v.progress.entry()
		if !entry.Judged {
			v.found.Skip(v.scope.Host(entry.Exchange))
			return
		}
		judged++
		v.sequence.Exchange(entry.Exchange)
		v.found.Add(entry.Exchange, entry.At)
		if follow {
			v.lines.exchange(entry.Exchange)
		}
	}
	unread := func(broken *traffic.EntryError) {
		defer v.progress.entry()
		v.found.AddBroken(broken.At, broken.Text)
		if follow {
			v.lines.printf("%s\n", v.lines.redact.Text("not read: "+broken.Error()))
		}
	}
	readEntries(ctx, text, options, stream, take, unread)
	v.progress.clear()
	if judged == 0 {
		v.found.AddEmpty(inputName(options.Source))
	}
}

// inputName is what a person calls a file.
func inputName(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}
