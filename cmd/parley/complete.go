package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/signature"
)

// valuesOf is the annotation of a flag that has its values, where these are a closed set.
const valuesOf = "parley_values"

// oneOf lets a shell complete a flag's values.
func oneOf(flags *pflag.FlagSet, name string, all []string) {
	_ = flags.SetAnnotation(name, valuesOf, all) // the flag is there
}

// candidates are what may stand in a place of a command line, whose arguments and flags so
// far were read; after a tab is what a shell may show beside one.
type candidates func(cmd *cobra.Command, args []string, begun string) []string

// only completes what candidates are and no files; a space follows unless more belongs to it.
func only(all candidates, more cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		return beginning(all(cmd, args, begun), begun), cobra.ShellCompDirectiveNoFileComp | more
	}
}

// these are candidates that are always the same.
func these(all []string) candidates {
	return func(*cobra.Command, []string, string) []string { return all }
}

// complete tells a shell what may stand in each command: of contracts what they have, of a
// running mock what is there, and of flags their values. What nothing is known of stays to
// the shell, which knows files.
func complete(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		cmd.ValidArgsFunction = argumentsOf(cmd)
	}
	completeFlags(cmd, cmd.PersistentFlags())
	completeFlags(cmd, cmd.LocalNonPersistentFlags())
	for _, below := range cmd.Commands() {
		complete(below)
	}
}

// unquoteUsages takes the marks of help out of what a shell shows beside a flag as it is.
func unquoteUsages(cmd *cobra.Command) {
	unquote := func(flag *pflag.Flag) { _, flag.Usage = pflag.UnquoteUsage(flag) }
	cmd.PersistentFlags().VisitAll(unquote)
	cmd.LocalNonPersistentFlags().VisitAll(unquote)
	for _, below := range cmd.Commands() {
		unquoteUsages(below)
	}
}

// argumentsOf completes the arguments that a command's Use names; nil: the shell does.
func argumentsOf(cmd *cobra.Command) cobra.CompletionFunc {
	words := strings.Fields(cmd.Use)
	if len(words) == 1 {
		return cobra.NoFileCompletions
	}
	switch word := strings.Trim(words[1], "[]"); {
	case cmd.Name() == "init":
		return cobra.NoFileCompletions
	case strings.HasPrefix(word, "VENDOR"):
		return completeArgs
	case word == "DELIVERY":
		return only(first(deliveryIDs), 0)
	case word == "ID":
		return only(first(faultIDs), 0)
	case word == "COMMAND...":
		return only(commandNames, 0)
	case strings.HasSuffix(word, "DIR"):
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	case strings.HasSuffix(word, ".yaml"):
		return cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	}
	return nil
}

// first completes the first argument alone.
func first(all candidates) candidates {
	return func(cmd *cobra.Command, args []string, begun string) []string {
		if len(args) > 0 {
			return nil
		}
		return all(cmd, args, begun)
	}
}

// commandNames are the commands below those that are named already.
func commandNames(cmd *cobra.Command, args []string, _ string) []string {
	above, _, err := cmd.Root().Find(args)
	if err != nil {
		return nil
	}
	var all []string
	for _, one := range above.Commands() {
		if one.IsAvailableCommand() {
			all = append(all, one.Name()+"\t"+one.Short)
		}
	}
	return all
}

// completeFlags knows the values of flags, by their names: a name means one thing.
func completeFlags(cmd *cobra.Command, flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		values := valuesFor(flag)
		switch {
		case flag.Annotations[valuesOf] != nil:
			values = only(these(flag.Annotations[valuesOf]), 0)
		case values == nil && (isPath(flag) || mayBeFile(flag) || isWhatRuns(flag) || strings.Contains(flag.Usage, "FILE")):
			return
		case values == nil:
			values = cobra.NoFileCompletions
		}
		_ = cmd.RegisterFlagCompletionFunc(flag.Name, values) // each is registered once
	})
}

// valuesFor completes a flag whose values a contract or a running mock has; nil: none has.
func valuesFor(flag *pflag.Flag) cobra.CompletionFunc {
	if all, ok := flagValues[flag.Name]; ok {
		return only(all, 0)
	}
	if all, ok := flagBeginnings[flag.Name]; ok {
		return only(all, cobra.ShellCompDirectiveNoSpace)
	}
	return nil
}

// flagValues are whole values, by the names of flags; of flagBeginnings a shell goes on.
var (
	flagValues = map[string]candidates{
		"reading": readingOptions, "run": checkNames, "check": reportedChecks, "vendor": vendorIDs, "operation": operationIDs, "event": eventIDs,
		"signature": these(signature.Names()), "sample": sampleNames, "defect": defectNames,
		"sandbox": sandboxNames, "channel": channelIDs, "at": exchangeIDs, "diff": exchangeIDs,
	}
	flagBeginnings = map[string]candidates{"path": operationPaths, "partner": vendorPairs, "fault": faultPairs}
)

// beginning keeps what begins as somebody has, in order.
func beginning(all []string, begun string) []string {
	kept := slices.DeleteFunc(slices.Clone(all), func(text string) bool { return !strings.HasPrefix(text, begun) })
	slices.Sort(kept)
	return slices.Compact(kept)
}
