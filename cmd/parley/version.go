package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
)

// version is set by the linker for releases: -ldflags "-X main.version=v1.2.3".
var version = ""

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version",
		Args: exactly(),
		Run: func(cmd *cobra.Command, _ []string) {
			visible.Fprintf(cmd.OutOrStdout(), "parley %s %s\n", versionText(), runtime.Version())
		},
	}
}
