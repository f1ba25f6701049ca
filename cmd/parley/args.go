package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// exactly demands one argument per name in a command's Use, such as "VENDOR
// EVENT", and says which are missing or too many.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return usage("%s: %s is missing; %s --help shows examples", cmd.UseLine(), names[len(args)], cmd.CommandPath())
		}
		if len(args) > len(names) {
			return usage("%s: %q is one argument too many; %s --help shows examples", cmd.UseLine(), args[len(names)], cmd.CommandPath())
		}
		return nil
	}
}

// knownCommand is for a command that only has others below it: an argument is the
// name of one that does not exist.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters
	meant := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		meant = "did you mean " + strings.Join(near, " or ") + "? "
	}
	return usage("there is no command %q; %s%s --help lists them", args[0], meant, cmd.CommandPath())
}
