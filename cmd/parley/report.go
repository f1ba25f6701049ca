package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

func reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use: "report DIR", Short: "Open a written report of conform or play as a page, with its exchanges",
		Long: `Report reads the folder that "parley conform --report" or "parley play --report" has
written, report.json and exchanges.ndjson in it, and shows it until Ctrl-C on the page
that "parley serve" has: the checks to act on first, who says so, and every exchange
in full. It judges nothing anew. report.html in the same folder is one file that needs
no server.

A report of a contract of your own needs --contract, to show what its requirements and
readings say in full.

Exit codes: 0 ended, 2 wrong usage (also a folder that holds no report), 4 environment
(the address is taken).`,
		Example: `  parley report parley-report --open
  parley report parley-report --addr 127.0.0.1:7360`,
		Args: exactly("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.register(cmd)
	flags := cmd.Flags()
	addrFlag(flags, &f.viewer.addr, usualViewer)
	controlTokenFlag(flags, &f.viewer.controlToken, "; made up when the address is not loopback")
	openFlag(flags, &f.viewer.open)
	return cmd
}

type reportFlags struct {
	contractFlags
	viewer viewerFlags
}

func (f reportFlags) run(ctx context.Context, dir string, stdout, stderr io.Writer) error {
	report, err := conformance.ReadFiles(dir)
	if err != nil {
		return usage("%w", err)
	}
	o := control.ViewerOptions{Kind: "report", Run: conformance.Finished(report), Target: report.Address}
	o.Journal = traffic.NewJournal(traffic.Limits{Exchanges: len(report.Exchanges), Bytes: 1 << 40}) // all that were read
	for _, e := range report.Exchanges {
		o.Journal.Append(e)
	}
	contract, err := f.contractOf(report)
	if err != nil {
		return err
	}
	out := newConsole(stdout, redaction.New(redaction.Options{}))
	if contract != nil {
		judge, err := validator.New(contract)
		if err != nil {
			return usage("%w", err)
		}
		o.Judges = append(o.Judges, judge)
	} else {
		newConsole(stderr, out.redact).printf("parley: the contract %s is not here, so the page shows only what the report quotes of it; give it with --contract\n", report.Contract.ID)
	}
	page, err := f.viewer.show("--addr", o)
	if err != nil {
		return err
	}
	defer page.close()
	out.printf("Report of %s: %s, %s\n", report.Contract.Title, report.Outcome, plural.Of(len(report.Results), "check"))
	f.viewer.say(out, page)
	out.printf("  Ctrl-C ends\n")
	<-ctx.Done()
	return nil
}

// contractOf is what was judged by, with the readings that the user chose then; nil where
// it is neither shipped nor given.
func (f reportFlags) contractOf(r *conformance.Report) (*specs.Contract, error) {
	own, err := f.own()
	if err != nil {
		return nil, err
	}
	if _, err := find(r.Contract.ID, own); err != nil {
		return nil, nil
	}
	f.agree(r)
	return f.one(r.Contract.ID)
}

// agree puts the readings in force that the user chose for a report.
func (f *contractFlags) agree(r *conformance.Report) {
	for _, reading := range r.Readings {
		if reading.Evidence == specs.Agreed {
			f.readings = append([]string{reading.ID + "=" + reading.Chosen}, f.readings...) // the flags come later
		}
	}
}
