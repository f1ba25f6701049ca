package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/yamlnode"
)

// chosen is a setting that is in force for a command.
type chosen struct {
	flag   *pflag.Flag
	values []string   // as they are written
	at     *yaml.Node // nil: on the command line, or nowhere
}

// lineWithProject is a command line with what parley.yaml says in places that it leaves
// open, and those settings. What is wrong with the line itself is left to who runs it.
func lineWithProject(args []string) ([]string, []chosen, *project, error) {
	file, err := findProject(configOf(args))
	if err != nil || file == "" {
		return args, nil, nil, err
	}
	completes := len(args) > 1 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
	line := args
	if completes { // what is completed is not whole
		line = args[1 : len(args)-1]
	}
	root := rootCommand()
	cmd, rest, err := root.Find(line)
	if err != nil || !takesProject(cmd) || cmd.ParseFlags(rest) != nil && !completes {
		return args, nil, nil, nil
	}
	if help := cmd.Flags().Lookup("help"); help != nil && help.Changed {
		return args, nil, nil, nil
	}
	p, err := readProject(file, root)
	if completes && err != nil {
		return args, nil, nil, nil // who types is not disturbed
	}
	if err != nil {
		return nil, nil, nil, err
	}
	settings := p.leftOpen(cmd)
	before, behind, err := p.words(cmd, settings, completes)
	if err != nil {
		return nil, nil, nil, err
	}
	path := strings.Fields(cmd.CommandPath())[1:]
	if completes {
		return slices.Concat(args[:1], path, before, rest, args[len(args)-1:]), nil, p, nil
	}
	return slices.Concat(path, before, rest, behind), settings, p, nil
}

// takesProject reports whether parley.yaml has something to say to a command.
func takesProject(cmd *cobra.Command) bool {
	found := false
	sectionsOf(cmd.Root()).each(func(_ string, s *section) { found = found || s.command == cmd })
	return found
}

// configOf is the value of --config, or nil; what stands behind -- is another's.
func configOf(args []string) *string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "--config" && i+1 < len(args) {
			return &args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			return &value
		}
	}
	return nil
}

// leftOpen are the settings for a command whose flags were read, but for those that its
// line gives: its own ones, and those of the whole that it has.
func (p *project) leftOpen(cmd *cobra.Command) []chosen {
	own := p.root
	for _, word := range strings.Fields(cmd.CommandPath())[1:] {
		own = yamlnode.Member(own, word)
	}
	all := settingsOf(cmd)
	var list []chosen
	for _, name := range sortedKeys(all) {
		at := yamlnode.Member(own, name)
		if common := p.all.settings[name]; at == nil && common != nil && sameFlag(common, all[name]) {
			at = yamlnode.Member(p.root, name)
		}
		if at == nil || all[name].Changed || given(cmd, all[name]) {
			continue
		}
		list = append(list, chosen{flag: all[name], values: textsOf(at), at: at})
	}
	return list
}

// argumentsFor are the words of a command line for what has no flag.
func argumentsFor(cmd *cobra.Command, name string) []string {
	args, dash := cmd.Flags().Args(), cmd.ArgsLenAtDash()
	switch {
	case name == programSetting:
		return args[dash:]
	case dash >= 0:
		args = args[:dash]
	}
	if cmd.Name() == "serve" {
		return args
	}
	return args[:min(1, len(args))]
}

// valuesIn are those that a flag was given.
func valuesIn(flag *pflag.Flag) []string {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{flag.Value.String()}
}

// given tells of what has no flag whether it stands on the command line.
func given(cmd *cobra.Command, flag *pflag.Flag) bool {
	dash := cmd.ArgsLenAtDash()
	switch {
	case flag.Name == programSetting:
		return dash >= 0
	case isVendor(flag):
		args := cmd.Flags().Args()
		if dash >= 0 {
			args = args[:dash]
		}
		needed, _ := vendorPlace(cmd)
		return len(args) >= needed
	}
	return false
}

func textsOf(at *yaml.Node) []string {
	at = yamlnode.Resolved(at)
	if at.Kind != yaml.SequenceNode {
		return []string{at.Value}
	}
	list := []string{}
	for _, one := range at.Content {
		list = append(list, yamlnode.Resolved(one).Value)
	}
	return list
}

// words are the settings as words of a command line, before its own and behind them.
func (p *project) words(cmd *cobra.Command, settings []chosen, completes bool) (before, behind []string, err error) {
	var vendors []string
	runs := false
	for _, s := range settings {
		if completes && slices.ContainsFunc(s.values, isURLWithVariable) {
			continue // a shell asks the mock of this file, unasked by who types: nothing of the environment goes there
		}
		values, err := p.values(s, completes)
		if err != nil {
			return nil, nil, err
		}
		runs = runs || isWhatRuns(s.flag)
		switch {
		case s.flag.Name == programSetting:
			behind = append([]string{"--"}, values...)
		case isVendor(s.flag):
			if len(values) != 1 && cmd.Name() != "serve" {
				return nil, nil, usage("%w", p.wrong(s.at, "parley %s is about one vendor; name one of %s on its command line, or in a section of its own", cmd.Name(), strings.Join(values, ", ")))
			}
			vendors = values
		default:
			for _, value := range values {
				before = append(before, "--"+s.flag.Name+"="+value)
			}
		}
	}
	if dir := cmd.Flags().Lookup("program-dir"); dir != nil && !dir.Changed && runs && filepath.Dir(p.file) != "." && !slices.ContainsFunc(settings, func(s chosen) bool { return s.flag.Name == dir.Name }) {
		before = append(before, "--program-dir="+filepath.Dir(p.file))
	}
	if completes {
		return before, nil, nil
	}
	return append(before, vendors...), behind, nil
}

var flagInText = lazy.Regexp(`--([a-z][a-z-]*)`)

// explained adds to an error where the flags that it names were set.
func (p *project) explained(err error, settings []chosen) error {
	var exit exitError
	if p == nil || !errors.As(err, &exit) || exit.code != exitUsage || exit.err == nil {
		return err
	}
	var places []string
	for _, found := range flagInText().FindAllStringSubmatch(exit.err.Error(), -1) {
		i := slices.IndexFunc(settings, func(s chosen) bool { return s.flag.Name == found[1] })
		if i < 0 {
			continue
		}
		if text := fmt.Sprintf("--%s is from %s", found[1], p.place(settings[i].at)); !slices.Contains(places, text) {
			places = append(places, text)
		}
	}
	if len(places) == 0 {
		return err
	}
	return exitError{exit.code, fmt.Errorf("%w (%s)", exit.err, strings.Join(places, ", "))}
}
