package main

import (
	"io"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
)

func specsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "specs", Short: "Read the vendors' contracts: what they demand, where it stands, and what is assumed",
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(specsListCommand(), specsShowCommand(), specsExportCommand(), specsDiffCommand(), specsInitCommand())
	return cmd
}

func specsListCommand() *cobra.Command {
	var contracts contractFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List the contracts",
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := contracts.load()
			if err != nil {
				return err
			}
			return listContracts(cmd.OutOrStdout(), list)
		},
	}
	contracts.register(cmd)
	return cmd
}

func listContracts(out io.Writer, list []*specs.Contract) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	visible.Fprintf(table, "ID\tCONTRACT\tOPERATIONS\tEVENTS\tREQUIREMENTS\tREADINGS\n")
	for _, c := range list {
		visible.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\n", c.ID, c.Title, len(c.Operations), len(c.Events), len(c.Requirements), len(c.Readings))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := visible.Fprintf(out, "\nOne contract in full: parley specs show %s\n", list[0].OnLine())
	return err
}

func specsExportCommand() *cobra.Command {
	var contracts contractFlags
	var format formatFlag
	var out string
	cmd := &cobra.Command{
		Use: "export VENDOR", Short: "Write a contract as plain OpenAPI and JSON Schema for other tools",
		Long: `Export writes a contract for tools that know nothing of Parley.

Without --out it prints one OpenAPI 3.1 document with its schemas inside.
With --out it makes a folder: that document, the schemas (JSON Schema draft-07, or
2020-12 where they are of that draft), the samples, the requirements and the
readings. Readings chosen with --reading are applied to the schemas.

The schemas compile in ajv's strict mode, with ajv-formats. They know each other by
their place: add each under its name, as schemas/events/connect.schema.json. What
Parley notes of a field (x-evidence, x-secret and others) stands there as JSON in
$comment; --contract DIR reads it from there.`,
		Example: `  parley specs export elma365 > elma365.yaml
  parley specs export elma365 --out contract`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := contracts.one(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				data, err := c.Bundle(format.chosen)
				if err != nil {
					return usage("--format: %w", err)
				}
				_, err = cmd.OutOrStdout().Write(data)
				return err
			}
			if err := vetFolder("--out", out); err != nil {
				return err
			}
			files, err := c.Export(format.chosen)
			if err != nil {
				return usage("--format: %w", err)
			}
			if err := writeFiles(out, files, everyone); err != nil {
				return environment("export: %w", err)
			}
			visible.Fprintf(cmd.OutOrStdout(), "wrote %d files to %s, the document is %s\n", len(files), out, filepath.Join(out, files[0].Name))
			return nil
		},
	}
	contracts.register(cmd)
	format.register(cmd.Flags(), []string{"yaml", "json"}, "")
	cmd.Flags().StringVar(&out, "out", "", "write a new folder `DIR` instead of printing one document")
	return cmd
}
