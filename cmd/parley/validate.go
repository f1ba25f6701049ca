package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

func validateCommand() *cobra.Command {
	var flags validateFlags
	cmd := &cobra.Command{
		Use: "validate VENDOR[/PAYLOAD] FILE|-...", Short: "Judge captured traffic and JSON bodies against a contract",
		Long: `Validate judges what was written down: files, pipes with a name, or standard input
as "-"; an interrupt ends a pipe as its writer would. What a file holds is
recognised by its content: a HAR archive (browsers, mitmproxy, Insomnia and k6 write
them), NDJSON of exchanges as Parley writes it, either of them compressed by gzip,
or one JSON body.

Of a capture, calls to a path of the contract are judged as operations, below any
prefix and on any host, or below --base; calls of a --webhook as events. All else
is skipped and counted by host. With --base every call below it is judged, so give
the API's own base where the host serves pages too. An entry that is broken or cut
off is reported with its position, and the rest is judged. NDJSON through a pipe
is judged line by line as it comes. What was found is grouped by the
requirement that it breaks, with counts and the first example.

With --secret the signature of each event is verified, over the bytes that the
capture has and at the time of the exchange. Where these may be other bytes than
were signed, as in an archive that has texts alone, it is a note that the signature
could not be verified. Without --secret no signature is judged.

Of a body, name the payload after the vendor, as in elma365/events/message; then
files are taken for bodies whatever they hold. Without a payload, Parley guesses it
from the content and says what it guessed. What is wrong comes with line and
column, with what was expected, and with a hint where the cause is likely. A text
that is no JSON for a known reason (quotes or spaces copied from a web page, a
comma too many) is judged as if it were corrected.

Exit codes: 0 nothing as bad as --fail-on was found, 1 something was, 2 wrong
usage or a file that cannot be read, 3 incomplete: nothing of this contract was in
it, or not all of it could be read.`,
		Example: `  parley validate elma365 body.json
  parley validate elma365/events/message body.json other.json --format json
  parley validate elma365 capture.har --webhook http://localhost:3000/webhook
  parley validate elma365 traffic.ndjson --signature github --secret @secret.txt
  tail -f traffic.ndjson | parley validate elma365 -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.codes {
				return paged(cmd, writeCodes)
			}
			return flags.run(cmd.Context(), args, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	flags.format.register(f, summary.Formats(), "")
	failOnFlag(f, &flags.failOn, "error", "severity", "error", "warn", "info")
	flags.scopeFlags.register(f)
	flags.signing.register(f)
	ignoreHeadersFlag(f, &flags.ignored)
	quietFlag(f, &flags.quiet, "; and no progress")
	f.BoolVar(&flags.codes, "codes", false, "print what can be found, by code, and exit")
	flags.contracts.register(cmd)
	return cmd
}

type validateFlags struct {
	contracts contractFlags
	scopeFlags
	signing signingFlags
	format  formatFlag
	ignored []string
	failOn  string
	quiet   bool
	codes   bool
}

func (f *validateFlags) run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) < 2 {
		return usage("name a contract and a file: parley validate elma365 capture.har, or - for standard input")
	}
	files := args[1:]
	if i := slices.Index(files, "-"); i >= 0 && slices.Contains(files[i+1:], "-") {
		return usage("standard input can be read once only; write - once")
	}
	if err := f.format.vet(); err != nil {
		return err
	}
	failOn, err := summary.ParseSeverity(f.failOn)
	if err != nil {
		return usage("--fail-on: %w", err)
	}
	id, payload := cutVendor(args[0])
	c, err := f.contracts.one(id)
	if err != nil {
		return err
	}
	v, err := f.validation(c, payload, failOn)
	if err != nil {
		return err
	}
	c = v.judge.Contract()
	if f.format.chosen == "text" && !f.quiet {
		v.lines = newConsole(stdout, validator.Redactor(c))
		v.lines.redact.Know(v.secrets...)
	}
	if !f.quiet {
		v.progress = newProgress(stderr)
	}
	for _, file := range files {
		if err := v.file(ctx, file, stdin); err != nil {
			return err
		}
	}
	report := v.found.Report()
	if err := v.verifiedNothing(report, stderr); err != nil {
		return err
	}
	return writeReport(stdout, f.format.chosen, c, report, v.captures > 0)
}

// validation judges by a contract what the flags choose; payload may be "".
func (f *validateFlags) validation(c *specs.Contract, payload string, failOn traffic.Severity) (*validation, error) {
	v := &validation{}
	var err error
	if v.judge, v.secrets, err = f.signing.judge(c); err != nil {
		return nil, err
	}
	if v.judge, err = v.judge.IgnoringHeaders(f.ignored...); err != nil {
		return nil, usage("--ignore-headers: %w", err)
	}
	c, v.sequence = v.judge.Contract(), v.judge.Sequence()
	v.found = summary.New(c, summary.Options{FailOn: failOn, Version: versionText(), Secrets: v.secrets})
	if v.payload, err = payloadNamed(c, payload); err != nil {
		return nil, err
	}
	if o := c.Operation(payload); o != nil {
		v.judge = v.judge.Sent(o.RequestWay())
	}
	v.scope, err = f.scope(v.judge)
	return v, err
}

// payloadNamed accepts the name of a payload, and that of an operation or event
// for its body; "" stays "", to be guessed.
func payloadNamed(c *specs.Contract, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, ok := c.Payloads[name]; ok {
		return name, nil
	}
	if o := c.Operation(name); o != nil && o.Payload != "" {
		return o.Payload, nil
	}
	return "", usage("contract %s has no payload %q; it has %s%s", c.ID, name, strings.Join(c.PayloadNames(), ", "), near.Aside(name, c.PayloadNames()))
}

func validateBody(judge *validator.Validator, payload, file string, body []byte) summary.Body {
	d := readAs(judge.Contract(), payload, body)
	result := summary.Body{File: file, Payload: payload, Guessed: payload == ""}
	if result.Guessed {
		if fitting := judge.Guess(d); len(fitting) > 0 {
			result.Payload, result.Also = fitting[0], fitting[1:]
		}
	}
	if result.Payload == "" {
		result.Findings = unguessed(judge, d)
	} else {
		result.Findings = judge.Payload(result.Payload, d)
	}
	result.Valid = !slices.ContainsFunc(result.Findings, func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Error) })
	return result
}

// readAs reads a body as those of its payload are, where all of these are forms, or
// all are texts; else as JSON.
func readAs(c *specs.Contract, payload string, body []byte) *validator.Document {
	kinds := c.MediaTypes(payload)
	alike := func(kind string) bool { return specs.MediaOf(kind) == specs.MediaOf(kinds[0]) }
	if payload == "" || len(kinds) == 0 || slices.ContainsFunc(kinds, func(kind string) bool { return !alike(kind) }) {
		return validator.Decode(body)
	}
	return validator.DecodeBody(http.Header{"Content-Type": kinds[:1]}, kinds, body)
}

// unguessed says why nothing could be guessed: the text itself is wrong, or the
// contract knows nothing in it.
func unguessed(judge *validator.Validator, d *validator.Document) []traffic.Finding {
	if !d.Valid {
		return d.Findings
	}
	c := judge.Contract()
	return append(slices.Clone(d.Findings), traffic.Finding{
		Code: "payload.unknown", Severity: traffic.Error,
		Expected: "an object with keys that a payload of the contract has", Actual: "none of them",
		Hint: fmt.Sprintf("name the payload, for example %s/%s; `parley specs show %s` lists them", c.Called(), c.PayloadNames()[0], c.OnLine()),
	})
}
