package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What may stand in parley.yaml is what the commands take: every flag under its name, and
// beside them the vendor and the program, which stand on a command line without one.

const (
	// withoutProject is the annotation of a command that parley.yaml says nothing to.
	withoutProject = "parley_without_project"

	vendorSetting  = "vendor"
	programSetting = "program"
)

// section is a part of parley.yaml: a command, or a word that others stand behind.
type section struct {
	command  *cobra.Command // nil: others stand below it
	settings map[string]*pflag.Flag
	below    map[string]*section
}

// sectionsOf are the parts of parley.yaml. The settings of the whole are those that mean
// the same in every command that has them, of which there are several, and are not called
// as a section is.
func sectionsOf(root *cobra.Command) *section {
	whole := sectionBelow(root)
	given := map[string][]*pflag.Flag{}
	whole.each(func(_ string, s *section) {
		for name, flag := range s.settings {
			if name != vendorSetting || isVendor(flag) { // a flag of fault add is called so, too
				given[name] = append(given[name], flag)
			}
		}
	})
	whole.settings = map[string]*pflag.Flag{}
	for name, flags := range given {
		if len(flags) > 1 && whole.below[name] == nil && !slices.ContainsFunc(flags, func(f *pflag.Flag) bool { return !sameFlag(f, flags[0]) }) {
			whole.settings[name] = flags[0]
		}
	}
	return whole
}

func sectionBelow(cmd *cobra.Command) *section {
	s := &section{below: map[string]*section{}}
	for _, one := range cmd.Commands() {
		switch {
		case one.Hidden || one.Annotations[withoutProject] != "" || one.Name() == "help" || one.Name() == "completion":
		case one.HasSubCommands():
			s.below[one.Name()] = sectionBelow(one)
		default:
			s.below[one.Name()] = &section{command: one, settings: settingsOf(one)}
		}
	}
	return s
}

// settingsOf are the flags of a command, and what it takes without one.
func settingsOf(cmd *cobra.Command) map[string]*pflag.Flag {
	all := map[string]*pflag.Flag{}
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden && flag.Name != "help" && cmd.Root().PersistentFlags().Lookup(flag.Name) == nil {
			all[flag.Name] = flag
		}
	})
	if _, takes := vendorPlace(cmd); takes {
		all[vendorSetting] = &pflag.Flag{Name: vendorSetting, Usage: "the VENDOR where the command line names none; a list for serve", Value: &vendorValue{}}
	}
	if strings.Contains(cmd.Use, "PROGRAM") {
		words := pflag.NewFlagSet("", pflag.ContinueOnError)
		words.StringArray(programSetting, nil, "the PROGRAM and its arguments, where nothing stands behind --")
		all[programSetting] = words.Lookup(programSetting)
	}
	return all
}

// vendorPlace tells whether a command takes a VENDOR, as its Use says, and with how many
// arguments less than which it lacks it.
func vendorPlace(cmd *cobra.Command) (needed int, takes bool) {
	words := strings.Fields(cmd.Use)[1:]
	if len(words) == 0 || !strings.Contains(words[0], "VENDOR") || cmd.Name() == "init" {
		return 0, false
	}
	for _, word := range words {
		if strings.HasPrefix(word, "[") && needed > 0 || strings.HasPrefix(word, "-") {
			break
		}
		needed++
	}
	return needed, true
}

// vendorValue is the type of the vendor's setting.
type vendorValue struct{}

func (*vendorValue) String() string   { return "" }
func (*vendorValue) Set(string) error { return nil }
func (*vendorValue) Type() string     { return "vendor" }

func isVendor(flag *pflag.Flag) bool { return flag.Value.Type() == "vendor" }

func sameFlag(a, b *pflag.Flag) bool {
	return a.Value.Type() == b.Value.Type() && a.Usage == b.Usage && a.DefValue == b.DefValue
}

// each visits the commands in order, by what stands before their arguments: "fault add".
func (s *section) each(visit func(path string, s *section)) { s.eachBelow("", visit) }

func (s *section) eachBelow(path string, visit func(string, *section)) {
	if s.command != nil {
		visit(path, s)
	}
	for _, name := range sortedKeys(s.below) {
		s.below[name].eachBelow(strings.TrimPrefix(path+" "+name, " "), visit)
	}
}

// names are all that may stand in a section.
func (s *section) names() []string { return append(sortedKeys(s.settings), sortedKeys(s.below)...) }

// isList reports whether a flag takes several values.
func isList(flag *pflag.Flag) bool {
	return flag.Value.Type() == "stringArray" || flag.Value.Type() == "stringSlice"
}

// isSecret reports whether a flag's value is for nobody's eyes.
func isSecret(flag *pflag.Flag) bool {
	name, _ := pflag.UnquoteUsage(flag)
	return name == "token" || name == "secret"
}

// isPath reports whether a flag names a file or a folder.
func isPath(flag *pflag.Flag) bool {
	name, _ := pflag.UnquoteUsage(flag)
	return name == "FILE" || name == "DIR"
}

// mayBeFile reports whether @ before a flag's value makes it the name of a file.
func mayBeFile(flag *pflag.Flag) bool { return strings.Contains(flag.Usage, "@FILE") }

// isWhatRuns reports whether a value is for another program, which knows the environment
// by itself.
func isWhatRuns(flag *pflag.Flag) bool {
	name, _ := pflag.UnquoteUsage(flag)
	return name == "command" || flag.Name == programSetting
}
