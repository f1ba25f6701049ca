package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/specs"
)

// valuesOf is the annotation of a flag that has its values, where these are a closed set.
const valuesOf = "parley_values"

// oneOf lets a shell complete a flag's values.
func oneOf(flags *pflag.FlagSet, name string, all []string) {
	_ = flags.SetAnnotation(name, valuesOf, all) // the flag is there
}

// complete tells a shell what may stand in each command: of contracts what they have, and
// of flags their values. What nothing is known of stays to the shell, which knows files.
func complete(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 && strings.Contains(cmd.Use, "VENDOR") && cmd.Name() != "init" {
		cmd.ValidArgsFunction = completeArgs
	}
	completeFlags(cmd, cmd.PersistentFlags())
	completeFlags(cmd, cmd.LocalNonPersistentFlags())
	for _, below := range cmd.Commands() {
		complete(below)
	}
}

func completeFlags(cmd *cobra.Command, flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		var values cobra.CompletionFunc
		switch {
		case flag.Annotations[valuesOf] != nil:
			values = func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
				return beginning(flag.Annotations[valuesOf], begun), cobra.ShellCompDirectiveNoFileComp
			}
		case flag.Name == "reading":
			values = completeReadings
		case flag.Name == "run":
			values = completeChecks
		default:
			return
		}
		_ = cmd.RegisterFlagCompletionFunc(flag.Name, values) // each is registered once
	})
}

// contractsFor are the contracts that a command line so far is about: the one that it
// names, or all. An error is no reason to disturb who types.
func contractsFor(cmd *cobra.Command, args []string) []*specs.Contract {
	folders, _ := cmd.Flags().GetStringArray("contract")
	f := contractFlags{folders: folders}
	var ids []string
	if len(args) > 0 {
		vendor, _ := cutVendor(args[0])
		ids = append(ids, vendor)
	}
	contracts, err := f.load(ids...)
	if err != nil {
		return nil
	}
	return contracts
}

// completeArgs completes a vendor, what follows it after a slash, and the name of an event
// or of anything in a contract behind it.
func completeArgs(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	switch {
	case len(args) == 0 && strings.Contains(begun, "/") && !isDocument(begun):
		return beginning(behindVendor(cmd, begun), begun), cobra.ShellCompDirectiveNoFileComp
	case len(args) == 0 || cmd.Name() == "serve":
		directive := cobra.ShellCompDirectiveDefault // the path of a document may stand there, too
		if cmd.Name() == "conform" || cmd.Name() == "validate" {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return beginning(idsOf(contractsFor(cmd, nil)), begun), directive
	}
	var all []string
	for _, c := range contractsFor(cmd, args) {
		switch {
		case cmd.Name() == "send" && len(args) == 1:
			for _, event := range c.Events {
				all = append(all, event.ID)
			}
		case cmd.Name() == "show" && len(args) == 1:
			all = append(all, names(c)...)
		default:
			return nil, cobra.ShellCompDirectiveDefault // a file
		}
	}
	return beginning(all, begun), cobra.ShellCompDirectiveNoFileComp
}

// behindVendor are the suites of a vendor, or its payloads.
func behindVendor(cmd *cobra.Command, begun string) []string {
	var all []string
	for _, c := range contractsFor(cmd, []string{begun}) {
		if cmd.Name() == "validate" {
			for _, name := range c.PayloadNames() {
				all = append(all, c.ID+"/"+name)
			}
			continue
		}
		suites, err := suitesOf(c)
		if err != nil || cmd.Name() != "conform" {
			continue
		}
		for _, s := range suites {
			all = append(all, s.ID)
		}
	}
	return all
}

// completeReadings completes ID=option.
func completeReadings(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	var all []string
	for _, c := range contractsFor(cmd, args) {
		for _, s := range c.Settings() {
			for option := range s.Options {
				all = append(all, s.ID+"="+option)
			}
		}
	}
	return beginning(all, begun), cobra.ShellCompDirectiveNoFileComp
}

// completeChecks completes IDs of checks, behind a comma, too.
func completeChecks(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	before := begun[:strings.LastIndexByte(begun, ',')+1]
	var all []string
	for _, c := range contractsFor(cmd, args) {
		if suites, err := suitesOf(c); err == nil {
			for _, id := range checkIDs(suites) {
				all = append(all, before+id)
			}
		}
	}
	return beginning(all, begun), cobra.ShellCompDirectiveNoFileComp
}

// beginning keeps what begins as somebody has, in order.
func beginning(all []string, begun string) []string {
	kept := slices.DeleteFunc(slices.Clone(all), func(text string) bool { return !strings.HasPrefix(text, begun) })
	slices.Sort(kept)
	return slices.Compact(kept)
}
