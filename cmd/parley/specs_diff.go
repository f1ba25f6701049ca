package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/compare"
	"github.com/parleykit/parley/specs/openapi"
)

func specsDiffCommand() *cobra.Command {
	var format formatFlag
	var failOn string
	cmd := &cobra.Command{
		Use: "diff OLD NEW", Short: "Compare two versions of a contract: what breaks those who followed the old one",
		Long: `Diff compares two versions of a contract, each a folder, an OpenAPI document or the
name of a shipped one. It tells what is breaking, risky or compatible for an integration that
followed the old version: operations and bodies (through oasdiff; an event is what
you receive, so a member that it loses breaks you), requirements and readings.

Exit codes: 0 nothing as grave as --fail-on, 1 something is, 2 wrong usage.`,
		Example: `  parley specs diff elma365 ./my-elma365
  parley specs diff shop-v1.yaml shop-v2.yaml
  parley specs diff old/ new/ --format json --fail-on risky`,
		Args: exactly("OLD", "NEW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := format.vet(); err != nil {
				return err
			}
			limit := compare.Level(failOn)
			switch limit {
			case compare.Breaking, compare.Risky, compare.Compatible:
			default:
				return usage("--fail-on %q is not known; write breaking, risky or compatible", failOn)
			}
			return diffContracts(cmd.OutOrStdout(), args[0], args[1], format.chosen, limit)
		},
	}
	format.register(cmd.Flags(), []string{"text", "json"}, "")
	failOnFlag(cmd.Flags(), &failOn, string(compare.Breaking), "level", "breaking", "risky", "compatible")
	return cmd
}

func diffContracts(out io.Writer, old, new, format string, limit compare.Level) error {
	before, err := contractAt(old)
	if err != nil {
		return err
	}
	after, err := contractAt(new)
	if err != nil {
		return err
	}
	if isDocument(old) || isDocument(new) { // which is called as its file is
		after.ID = before.ID
	}
	changes, err := compare.Contracts(before, after)
	if err != nil {
		return usage("%w", err)
	}
	if format == "json" {
		err = writeChangesJSON(out, before.ID, changes)
	} else {
		err = writeChanges(out, before, changes)
	}
	if err != nil {
		return environment("%w", err)
	}
	for _, c := range changes {
		if c.Level.AtLeast(limit) {
			return exitError{code: exitFailed}
		}
	}
	return nil
}

// contractAt is the contract in a folder or an OpenAPI document, or the shipped one of that
// name.
func contractAt(name string) (*specs.Contract, error) {
	if slices.Contains(specs.IDs(), name) {
		return specs.Embedded(name)
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil, usage("%s is neither a folder or document nor a shipped contract; those are %s", name, strings.Join(specs.IDs(), ", "))
	}
	load := specs.LoadFolder
	if isDocument(name) {
		load = openapi.Load
	}
	c, err := load(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	return c, nil
}

func writeChangesJSON(out io.Writer, id string, changes []compare.Change) error {
	if changes == nil {
		changes = []compare.Change{} // an empty list, not null
	}
	return plainjson.Write(out, struct {
		Contract string           `json:"contract"`
		Changes  []compare.Change `json:"changes"`
	}{id, changes})
}

// writeChanges prints one paragraph for each place.
func writeChanges(out io.Writer, c *specs.Contract, changes []compare.Change) error {
	counts := map[compare.Level]int{}
	place := ""
	for _, change := range changes {
		counts[change.Level]++
		if here := string(change.Level) + " " + change.Where; here != place {
			place = here
			if _, err := visible.Fprintf(out, "%s\n", here); err != nil {
				return err
			}
		}
		if _, err := visible.Fprintf(out, "    %s\n        %s\n", change.Text, change.Kind); err != nil {
			return err
		}
	}
	if len(changes) == 0 {
		_, err := visible.Fprintf(out, "%s: no difference\n", c.ID)
		return err
	}
	_, err := visible.Fprintf(out, "%s: %d breaking, %d risky, %d compatible\n", c.ID, counts[compare.Breaking], counts[compare.Risky], counts[compare.Compatible])
	return err
}
