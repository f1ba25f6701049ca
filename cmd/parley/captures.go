package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// scopeFlags say which exchanges of a capture are of the contract.
type scopeFlags struct {
	base     string
	webhooks []string
}

func (f *scopeFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.base, "base", "", "`URL` at which the vendor's API begins; without it any host counts on which a path of the contract is called")
	flags.StringArrayVar(&f.webhooks, "webhook", nil, "`URL` of your webhook; calls to it are the vendor's events (repeatable)")
}

func (f *scopeFlags) scope(judge *validator.Validator) (*validator.Scope, error) {
	scope, err := judge.Scope(f.base, f.webhooks...)
	if err != nil {
		return nil, usage("--base or --webhook: %w", err)
	}
	return scope, nil
}

// fromFlags say where recorded traffic comes from.
type fromFlags struct {
	scopeFlags
	controlFlags
	from []string
}

func (f *fromFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.from, "from", nil, "a capture: a HAR or NDJSON `FILE`, - for standard input, or the URL of a running mock (repeatable)")
	f.scopeFlags.register(cmd.Flags())
	f.controlFlags.register(cmd.Flags())
}

// each judges every exchange of the contract's in the sources and hands it on.
// What cannot be read is told to complain, and the rest is read.
func (f *fromFlags) each(ctx context.Context, c *specs.Contract, stdin io.Reader, complain io.Writer, next func(*traffic.Exchange, traffic.Position)) (taken, error) {
	var counts taken
	if len(f.from) == 0 {
		return counts, usage("say with --from where the traffic is: a HAR or NDJSON file, - for standard input, or http://%s for a running mock", defaultAddr)
	}
	judge, err := validator.New(c)
	if err != nil {
		return counts, usage("%w", err)
	}
	scope, err := f.scope(judge)
	if err != nil {
		return counts, err
	}
	take := func(entry traffic.Entry) {
		if !entry.Judged {
			counts.skipped++
			return
		}
		counts.judged++
		next(entry.Exchange, entry.At)
	}
	unread := func(broken *traffic.EntryError) {
		counts.broken++
		visible.Fprintf(complain, "parley: %s\n", redaction.New(redaction.Options{}).Text(broken.Error()))
	}
	for _, source := range f.from {
		if err := f.read(ctx, source, stdin, judging(source, judge, scope), take, unread); err != nil {
			return counts, err
		}
	}
	return counts, nil
}

// judging judges those exchanges of a source that are in scope.
func judging(source string, judge *validator.Validator, scope *validator.Scope) traffic.CaptureOptions {
	return traffic.CaptureOptions{Source: source, Take: scope.Take, Judge: judge.Exchange}
}

// read reads one source, which must be a capture.
func (f *fromFlags) read(ctx context.Context, source string, stdin io.Reader, options traffic.CaptureOptions, take func(traffic.Entry), unread func(*traffic.EntryError)) error {
	in, err := f.open(ctx, source, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	format, text, err := traffic.Recognise(in, options)
	if err == nil && format == "" {
		err = traffic.ErrNoCapture
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return interruptedEarly(source)
	case err != nil:
		return usage("%s: %w", source, err)
	}
	readEntries(ctx, text, options, in.stream && format == traffic.NDJSON, take, unread)
	return nil
}

// interrupted is what is wrong with a capture that was not read to its end.
const interrupted = "interrupted here; what comes after was not read"

// readEntries hands on every exchange of a capture, and everything in it that cannot
// be read: an entry, or all that comes after the place where the source fails. An
// interrupt is the usual end of a stream, but cuts any other capture off.
func readEntries(ctx context.Context, text io.Reader, options traffic.CaptureOptions, stream bool, take func(traffic.Entry), unread func(*traffic.EntryError)) {
	for entry, err := range traffic.ReadCapture(text, options) {
		var broken *traffic.EntryError
		switch {
		case ctx.Err() != nil && !stream:
			entry.At.Source = options.Source
			unread(&traffic.EntryError{At: entry.At, Text: interrupted})
			return
		case errors.As(err, &broken):
			unread(broken)
		case err != nil:
			unread(&traffic.EntryError{At: traffic.Position{Source: options.Source}, Text: err.Error()})
		default:
			take(entry)
		}
	}
}

// taken is what came out of the sources.
type taken struct {
	judged, skipped, broken int
}

// open opens a file, standard input, or the journal of a running mock.
func (f *fromFlags) open(ctx context.Context, source string, stdin io.Reader) (*input, error) {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		in, err := f.journal(ctx, source)
		return &input{ReadCloser: in}, err
	}
	return open(ctx, source, stdin)
}

// direct asks the address that was given and no other: a redirect is an answer.
var direct = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (f *fromFlags) journal(ctx context.Context, mock string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(mock, "/")+"/_parley/journal.ndjson", nil)
	if err != nil {
		return nil, usage("--from %s: %w", mock, err)
	}
	if err := f.address(request); err != nil {
		return nil, err
	}
	response, err := direct.Do(request)
	if err != nil {
		return nil, environment("no mock answers at %s: %w", mock, err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		answer, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
		return nil, refused(response.StatusCode, answer)
	}
	return response.Body, nil
}

// notNothing keeps a run that decided nothing from being green.
func (t taken) notNothing(c *specs.Contract) error {
	if t.judged > 0 {
		return nil
	}
	return exitError{exitIncomplete, fmt.Errorf("none of %d exchanges is one of %s; --base says where its API begins, --webhook where its events go", t.skipped+t.broken, c.ID)}
}

// unread says that what was counted is not all.
func (t taken) unread() error {
	return errors.New(plural.Of(t.broken, "exchange") + " could not be read, so not all is counted")
}
