package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/shell"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator/drift"
)

func driftCommand() *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use: "drift VENDOR --from CAPTURE", Short: "List what a real vendor does that its contract does not know or forbids",
		Long: `Drift reads traffic with the real vendor and lists what the vendor does otherwise
than its contract says, in its answers and in its events: fields and values that
are not known, answers and events that are not documented, mandatory fields that
are not there, other types. With each comes how often, where first, and what to
change. A call that fits no operation is drift where the vendor answered it with
success; any other is the partner's doing, and is only named.

With --propose the contract is written to a folder with these changes, as evidence
"observed". See what they mean with "parley specs diff VENDOR DIR", and use it with
--contract DIR. What only a person can decide is marked "by hand". The folder has
what was seen in the traffic, so only you may read it.

Exit codes: 0 no drift, 1 some, 2 wrong usage or a source that cannot be read
or is no capture, 3 nothing of this contract in it, or not all could be read, 4 a
mock cannot be reached or the folder of --propose not be written.`,
		Example: `  parley drift elma365 --from production.har --webhook https://partner.example/hook
  parley drift 3dolphins --from traffic.ndjson --propose my-3dolphins`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.contracts.register(cmd)
	f.fromFlags.register(cmd)
	f.format.register(cmd.Flags(), []string{"text", "json", "markdown"}, "")
	cmd.Flags().StringVar(&f.propose, "propose", "", "write the contract with the proposed changes to this new folder `DIR`")
	return cmd
}

type driftFlags struct {
	contracts contractFlags
	fromFlags
	format  formatFlag
	propose string
}

func (f *driftFlags) run(ctx context.Context, id string, stdin io.Reader, stdout, stderr io.Writer) error {
	write := map[string]func(*drift.Report, io.Writer) error{
		"text": (*drift.Report).WriteText, "json": (*drift.Report).WriteJSON, "markdown": (*drift.Report).WriteMarkdown,
	}[f.format.chosen]
	if err := f.format.vet(); err != nil {
		return err
	}
	if f.propose != "" && len(f.contracts.paths) > 0 {
		return usage("--propose changes the contract as it is written; leave --path out")
	}
	if f.propose != "" {
		if err := vetFolder("--propose", f.propose); err != nil {
			return err
		}
	}
	c, err := f.contracts.one(id)
	if err != nil {
		return err
	}
	d := drift.New(c)
	counts, err := f.each(ctx, c, stdin, stderr, d.Add)
	if err != nil {
		return err
	}
	if err := counts.notNothing(c); err != nil {
		return err
	}
	report := d.Report(versionText())
	if err := writeTo("", stdout, func(w io.Writer) error { return write(report, w) }); err != nil {
		return err
	}
	if f.propose != "" {
		if err := f.write(d, report, c, stderr); err != nil {
			return err
		}
	}
	switch {
	case counts.broken > 0:
		return exitError{exitIncomplete, counts.unread()}
	case len(report.Items) > 0:
		return exitError{code: exitFailed}
	case report.Exchanges == 0:
		return exitError{exitIncomplete, fmt.Errorf("no path of contract %s was in %s, so nothing was compared; does --base say where its API begins?", c.ID, plural.Of(counts.judged, "exchange"))}
	}
	return nil
}

// write writes the proposed contract, and says what is different in it.
func (f *driftFlags) write(d *drift.Drift, report *drift.Report, c *specs.Contract, stderr io.Writer) error {
	files, changed, err := d.Propose(report)
	if err != nil {
		return usage("--propose: %w", err)
	}
	if err := writeFiles(f.propose, files, ownerly); err != nil {
		return environment("--propose: %w", err)
	}
	visible.Fprintf(stderr, "wrote the contract to %s; %s in it\n", f.propose, plural.Of(len(changed), "changed file"))
	for _, name := range changed {
		visible.Fprintf(stderr, "  %s\n", filepath.Join(f.propose, filepath.FromSlash(name)))
	}
	visible.Fprintf(stderr, "see what it means: parley specs diff %s %s\n", shell.Word(c.Place()), shell.Word(f.propose))
	return nil
}
