package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/shell"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

func conformCommand() *cobra.Command {
	var f conformFlags
	cmd := &cobra.Command{
		Use: "conform VENDOR[/SUITE] [flags] [-- PROGRAM ...]", Short: "Judge a partner: play the vendor against its webhook, and judge its own calls",
		Long: `Conform plays a vendor against your integration and tells which sentences of the
vendor's documentation it breaks. VENDOR runs all suites over one state,
VENDOR/SUITE one of them; --list shows the checks.

With a PROGRAM behind -- Parley starts your integration itself, waits until
--target answers, and stops it at the end; it ends with Parley also when that is
killed, but on Windows. It gets in its environment:
  PARLEY_MOCK_URL     where Parley plays the vendor
  PARLEY_WEBHOOK_URL  where it takes calls for the channel
  PARLEY_CHANNEL      the channel's ID
  PARLEY_TOKEN        the token that both sides know
  PARLEY_SECRET       the secret that events are signed with, where they are
  PARLEY_TARGET       where Parley will call, as given with --target

Some checks need your integration to call the vendor. --stimulus runs a command
(sh -c, in the same environment; PARLEY_ASK says in a sentence what to do, and
names the operation), --stimulus-url sends a POST without body there, which says
the same in the header Parley-Ask; without either, Parley asks you to do it. --asks
lists these sentences. A stimulus that fails although the call came is none the
worse for it.

A check that names something of your world (a chat, a message, a user) takes what
your integration itself has named, or what you give with --chat and its like; with
neither it makes one up, and what your integration says to that is undetermined.

A verdict is never graver than what it rests on: a sentence of the vendor's or what
a sample shows may fail your integration, what Parley assumes only warns. A reading
that you choose with --reading counts as agreed, and may fail.

--ui shows the run on a page while it runs: every check as it is judged, and what
crosses the wire. At a terminal the page stays until Ctrl-C; elsewhere, and where $CI is
set, it ends with the run, so that no pipeline waits for it. The exit code is the same
with it and without.
"parley report DIR" opens what --report has written.
` + exitHelp,
		Example: `  parley conform elma365/webhook --target http://127.0.0.1:3000/webhook --token confirm
  parley conform elma365 --target http://127.0.0.1:3000/webhook --token @token.txt \
    --stimulus 'curl -sS -X POST http://127.0.0.1:3000/say' --report parley-report
  parley conform elma365 --target http://127.0.0.1:3000/webhook -- node partner.js
  parley conform elma365 --target http://127.0.0.1:3000/webhook --ui --open -- node partner.js
  parley conform elma365 --list`,
		Args: func(cmd *cobra.Command, args []string) error {
			return oneAndProgram(cmd, args, "VENDOR or VENDOR/SUITE", specs.IDs()[0])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, name := f.conforming(cmd, args)
			return c.run(cmd.Context(), name)
		},
	}
	f.register(cmd)
	return cmd
}

// conforming is one run of the command.
type conforming struct {
	conformFlags
	out, err io.Writer // out is where a person reads on
	document io.Writer // where --format is written
	set      func(flag string) bool
	color    string // of --color
	style    conformance.Style

	story    string // the file that is played; "" when suites are judged
	contract *specs.Contract
	secrets  map[string][]string // that events are signed with
	shown    sync.Once
	redact   *redaction.Redactor // see redactor
	suites   []conformance.Suite
	filter   func(conformance.Planned) bool // of --label-filter; nil: none
	known    []conformance.KnownFailure
	started  *program // what stands behind --, once it runs
	page     *runPage // of --ui, once it is there
}

// redactor is what all that the run shows goes through, once the contract and the
// token are known.
func (c *conforming) redactor() *redaction.Redactor {
	c.shown.Do(func() {
		c.redact = c.unreadable.redactor(c.contract)
		c.redact.Know(c.token)
		know(c.redact, c.secrets)
	})
	return c.redact
}

func (c *conforming) run(ctx context.Context, name string) error {
	if err := c.prepare(name); err != nil {
		return err
	}
	return c.judge(ctx)
}

// judge runs what was prepared.
func (c *conforming) judge(ctx context.Context) error {
	c.document = c.out
	if c.format.chosen != "text" {
		c.out = c.err
	}
	if c.style = styleOf(c.out, c.color); c.style.Color {
		c.out = visible.Unguarded(c.out) // conformance paints, and makes visible itself
	}
	switch {
	case c.list:
		return c.printList()
	case c.asks:
		return conformance.WriteAsks(c.out, c.style, c.suites)
	}
	err := c.judgeByMock(ctx)
	c.page.leave(ctx, c)
	return err
}

// judgeByMock runs it with a mock of the vendor's, and the program behind --.
func (c *conforming) judgeByMock(ctx context.Context) error {
	mock, err := c.startMock()
	if err != nil {
		return err
	}
	defer mock.stop()
	o := c.options(mock)
	if err := o.Validate(); err != nil {
		return exitOf(err)
	}
	if o, err = c.show(mock, o); err != nil {
		return err
	}
	if len(c.program) > 0 {
		program, err := c.startProgram(ctx, mock)
		if err != nil {
			return err
		}
		defer program.stop(c.err)
		c.started = program
	}
	report, err := conformance.Judge(ctx, o)
	if err != nil {
		return exitOf(err)
	}
	c.page.done(report, c)
	return c.finish(report)
}

func (c *conforming) options(m *conformMock) conformance.Options {
	plan, _ := c.plan() // Validate tells what is wrong with it
	byHand := c.stimulus == "" && c.stimulusURL == ""
	if byHand && c.timing.Stimulus == 0 {
		c.timing.Stimulus = byHandDeadline
	}
	return conformance.Options{
		Suites: c.suites, Only: c.only, Filter: c.filter, Contract: c.contract, Sandbox: m.sandbox,
		Target: c.target, Token: c.token, Channel: m.channel.ID, Address: m.mock.BaseURL(),
		Stimulus: c.stimulate(m), ByHand: byHand, World: c.world.given(), Timing: c.timing, Known: c.known, Seed: c.seed, Ledger: c.report != "",
		FailOn: conformance.Verdict(c.failOn), Deadline: c.deadline, Progress: c.err,
		Version: versionText(), Reproduce: c.reproduce,
		OnOpen: func(r *conformance.Report) { _ = r.WriteHead(c.out, c.style, len(plan)) },
		OnResult: func(r conformance.Result) {
			_ = r.WriteLine(c.out, c.style)
			c.started.quote(c.out, r)
		},
	}
}

// finish prints the summary, writes the report and returns the outcome as an exit.
func (c *conforming) finish(report *conformance.Report) error {
	report.Folder = c.report
	if err := report.WriteSummary(c.out, c.style); err != nil {
		return environment("the summary cannot be printed: %w", err)
	}
	if write := reportFormats[c.format.chosen]; write != nil {
		if err := write(report, c.document); err != nil {
			return environment("the report cannot be printed: %w", err)
		}
	}
	if c.report != "" {
		paths, err := report.WriteFiles(c.report)
		if err != nil {
			return environment("--report: %w", err)
		}
		if len(c.program) > 0 {
			paths = append(paths, filepath.Join(c.report, programLog))
		}
		visible.Fprintf(c.out, "report: %s\n", strings.Join(paths, ", "))
		if report.Outcome == conformance.OutcomeFailed {
			visible.Fprintf(c.out, "walk through a failed check: parley fork %s --check ID\n", shell.Word(c.report))
		}
	}
	switch report.Outcome {
	case conformance.OutcomePassed:
		return nil
	case conformance.OutcomeFailed:
		return exitError{code: exitFailed}
	}
	return exitError{code: exitIncomplete}
}

// reportFormats are those of --format that are written once a run has ended.
var reportFormats = map[string]func(*conformance.Report, io.Writer) error{
	"markdown": (*conformance.Report).WriteMarkdown, "github": (*conformance.Report).WriteGitHub, "sarif": (*conformance.Report).WriteSARIF,
}

// exitOf gives an error of the engine its exit code.
func exitOf(err error) error {
	var unreachable *conformance.Unreachable
	switch {
	case errors.As(err, &unreachable):
		return environment("%w", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return exitError{exitIncomplete, errors.New("interrupted before the first check, so nothing is known about the partner")}
	}
	return usage("%w", err)
}

// styleOf is how a report looks, by what --color chooses.
func styleOf(out io.Writer, color string) conformance.Style {
	return conformance.Style{Color: terminal.Colors(out, color), Width: terminal.Width(out, reportWidth)}
}

// reportWidth is how wide a report is printed where the terminal has room.
const reportWidth = 80

func (c *conforming) printList() error {
	plan, err := c.plan()
	if err != nil {
		return exitOf(err)
	}
	return conformance.WriteList(c.out, c.style, c.suites, plan)
}
