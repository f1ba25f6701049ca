package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/coverage"
)

func coverageCommand() *cobra.Command {
	var f coverageFlags
	cmd := &cobra.Command{
		Use: "coverage VENDOR --from CAPTURE", Short: "Count what recorded traffic touched of a contract, and list what it did not",
		Long: `Coverage counts, in both directions, what traffic touched of a contract: each call
with each documented status, the fields of bodies (present, absent, empty, which
of the known values), and the requirements that traffic can show. What was not
touched is listed by name.

The traffic comes from a HAR, from NDJSON as mock and proxy write it, or from the
journal of a running mock.

Exit codes: 0 counted, 1 less than --fail-under, 2 wrong usage or a source that
cannot be read or is no capture, 3 nothing of this contract in it, or not all
could be read, 4 a mock cannot be reached or --out not be written.`,
		Example: `  parley coverage elma365 --from traffic.ndjson
  parley coverage elma365 --from http://127.0.0.1:7357 --fail-under 90
  parley coverage elma365 --from shop.har --webhook https://partner.example/hook --format html --out coverage.html`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.contracts.register(cmd)
	f.fromFlags.register(cmd)
	f.format.register(cmd.Flags(), []string{"text", "json", "html", "markdown"}, "")
	cmd.Flags().StringVar(&f.out, "out", "", "write to this `FILE`, for you alone to read, instead of standard output")
	cmd.Flags().Float64Var(&f.failUnder, "fail-under", 0, "exit with 1 when less than `PERCENT` of the contract was touched")
	return cmd
}

type coverageFlags struct {
	contracts contractFlags
	fromFlags
	format    formatFlag
	out       string
	failUnder float64
}

func (f *coverageFlags) run(ctx context.Context, id string, stdin io.Reader, stdout, stderr io.Writer) error {
	write := map[string]func(*coverage.Report, io.Writer) error{
		"text": writeCoverage, "json": (*coverage.Report).WriteJSON, "html": (*coverage.Report).WriteHTML, "markdown": (*coverage.Report).WriteMarkdown,
	}[f.format.chosen]
	if err := f.format.vet(); err != nil {
		return err
	}
	if !(f.failUnder >= 0 && f.failUnder <= 100) { // NaN is none, too
		return usage("--fail-under %v is no percentage", f.failUnder)
	}
	var read []use
	for _, source := range f.from {
		read = append(read, use{"--from", source})
	}
	if err := apart([]use{{"--out", f.out}}, read); err != nil {
		return err
	}
	if f.out != "" {
		if err := files.Writable(f.out); err != nil { // before much is read
			return environment("--out: %w; without it the report goes to standard output", err)
		}
	}
	c, err := f.contracts.one(id)
	if err != nil {
		return err
	}
	counted := coverage.New(c)
	counts, err := f.each(ctx, c, stdin, stderr, func(e *traffic.Exchange, _ traffic.Position) { counted.Add(e) })
	if err != nil {
		return err
	}
	if err := counts.notNothing(c); err != nil {
		return err
	}
	report := counted.Report(versionText())
	if err := writeTo(f.out, stdout, func(w io.Writer) error { return write(report, w) }); err != nil {
		return err
	}
	switch {
	case counts.broken > 0:
		return exitError{exitIncomplete, counts.unread()}
	case report.Total.Touched == 0 && counts.judged > 0:
		return exitError{exitIncomplete, fmt.Errorf("no path of contract %s was in %s, so nothing was counted; does --base say where its API begins?", c.ID, plural.Of(counts.judged, "exchange"))}
	case report.Total.Percent < f.failUnder:
		return exitError{exitFailed, fmt.Errorf("%.1f %% of the contract was touched, less than %v %%", report.Total.Percent, f.failUnder)}
	}
	return nil
}

// writeCoverage says the figure again below the long list of what was not touched.
func writeCoverage(r *coverage.Report, w io.Writer) error {
	if err := r.WriteText(w); err != nil {
		return err
	}
	_, err := visible.Fprintf(w, "\n%s: %.1f %% of the contract was touched, %d of %d\n", r.Contract, r.Total.Percent, r.Total.Touched, r.Total.Of)
	return err
}
