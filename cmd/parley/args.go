package main

import "github.com/spf13/cobra"

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
