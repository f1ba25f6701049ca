package main

import (
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/internal/visible"
)

func versionText() string { return version.Module() }

func versionCommand() *cobra.Command {
	var format formatFlag
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version, and the commit that it was built from",
		Long: `Version prints which Parley this is: its version, the commit that it was built from
with the commit's date, and the version of Go and the system that it was built for.
What the build did not know is left out.`,
		Example: `  parley version
  parley version --format json`,
		Args: exactly(), Annotations: map[string]string{withoutProject: "true"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := format.vet(); err != nil {
				return err
			}
			if err := writeVersion(cmd.OutOrStdout(), format.chosen, version.Of()); err != nil {
				return environment("the version cannot be printed: %w", err)
			}
			return nil
		},
	}
	format.register(cmd.Flags(), []string{"text", "json"}, "")
	return cmd
}

func writeVersion(out io.Writer, format string, b version.Build) error {
	if format == "json" {
		return plainjson.Write(out, struct {
			version.Build
			Go   string `json:"go"`
			OS   string `json:"os"`
			Arch string `json:"arch"`
		}{b, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	text := "parley " + b.Version
	if b.Commit != "" {
		text += ", commit " + b.Commit
	}
	if b.Date != "" {
		text += " of " + b.Date
	}
	if b.Modified {
		text += ", with changes"
	}
	_, err := visible.Fprintf(out, "%s, %s %s/%s\n", text, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
