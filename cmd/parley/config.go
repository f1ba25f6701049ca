package main

import (
	"cmp"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/internal/yamlnode"
)

func configCommand() *cobra.Command {
	var format formatFlag
	cmd := &cobra.Command{
		Use: "config [COMMAND...]", Short: "Print which settings are in force, and where each comes from",
		Long: `Config prints what parley.yaml says, or with a COMMAND all settings that are in
force for that: from its command line, from parley.yaml with line and column, or the
default. A command line with flags stands behind --. Secrets are shown as what names
them.

In parley.yaml every flag of a command stands under its name below the command's;
what several commands share may stand at the top, for all of them. "vendor" is the
VENDOR of those that are given none, "program" the PROGRAM behind --. A flag on the
command line goes before parley.yaml, and there a command's own section before the top.
Paths are relative to the file. ${NAME} is a variable of the environment; secrets are
given only so, or as @FILE.

The file is that of --config, that of $PARLEY_CONFIG, or parley.yaml in this folder or
the nearest above it, up to the root of the repository. Outside of a repository only
this folder counts. "--config ''" is for none.

"parley config schema" prints the JSON Schema of parley.yaml, for editors.

Exit codes: 0 printed, 2 wrong usage, or a parley.yaml that is wrong or cannot be read.`,
		Example: `  parley config
  parley config serve
  parley config -- conform elma365 --target http://127.0.0.1:3000/webhook`,
		Args: cobra.ArbitraryArgs, Annotations: map[string]string{withoutProject: "true"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := format.vet(); err != nil {
				return err
			}
			shown, err := settingsInForce(cmd, args)
			if err != nil {
				return err
			}
			if format.chosen == "json" {
				err = plainjson.Write(cmd.OutOrStdout(), shown)
			} else {
				err = paged(cmd, shown.write)
			}
			if err != nil {
				return environment("the settings cannot be printed: %w", err)
			}
			return nil
		},
	}
	format.register(cmd.Flags(), []string{"text", "json"}, "")
	cmd.AddCommand(&cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of parley.yaml",
		Long: `Schema prints a JSON Schema of parley.yaml, draft-07. An editor that knows the YAML
language server checks and completes by it where the file begins with
  # yaml-language-server: $schema=parley.schema.json

Exit codes: 0 printed, 2 wrong usage.`,
		Example: `  parley config schema > parley.schema.json`,
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := plainjson.Write(cmd.OutOrStdout(), projectSchema(sectionsOf(rootCommand()))); err != nil {
				return environment("the schema cannot be printed: %w", err)
			}
			return nil
		},
	})
	return cmd
}

// inForce is what parley config prints.
type inForce struct {
	File     string       `json:"file"` // "": there is none
	Settings []shownValue `json:"settings"`
}

type shownValue struct {
	Command string   `json:"command"` // "": of every command that has the setting
	Name    string   `json:"name"`
	Values  []string `json:"values"`
	From    string   `json:"from"`            // file, command line or default
	Place   string   `json:"place,omitempty"` // in the file
	Unset   []string `json:"unset,omitempty"` // variables that the environment lacks
}

// settingsInForce are those of the file, or of the command line that args are.
func settingsInForce(cmd *cobra.Command, args []string) (*inForce, error) {
	file, err := findProject(chosenConfig(cmd))
	if err != nil {
		return nil, err
	}
	root := rootCommand()
	p := &project{all: sectionsOf(root)}
	if file != "" {
		if p, err = readProject(file, root); err != nil {
			return nil, err
		}
	}
	shown := &inForce{File: file, Settings: []shownValue{}}
	if len(args) == 0 {
		p.written(shown)
		return shown, nil
	}
	asked, rest, err := root.Find(args)
	if err == nil {
		err = asked.ParseFlags(rest)
	}
	if err == nil && asked.HasSubCommands() {
		err = knownCommand(asked, asked.Flags().Args())
	}
	switch {
	case err != nil:
		return nil, usage("%w", err)
	case !takesProject(asked):
		return nil, usage("%s has no settings in %s; `parley config --help` says what has", asked.CommandPath(), projectName)
	}
	p.forCommand(asked, shown)
	return shown, nil
}

// written lists what the file has.
func (p *project) written(to *inForce) {
	p.show(to, "", p.root, p.all)
	p.all.each(func(path string, s *section) {
		node := p.root
		for word := range strings.FieldsSeq(path) {
			node = yamlnode.Member(node, word)
		}
		p.show(to, path, node, s)
	})
}

func (p *project) show(to *inForce, path string, node *yaml.Node, s *section) {
	for _, pair := range yamlnode.Pairs(node) {
		if flag := s.settings[pair.Key.Value]; flag != nil {
			to.Settings = append(to.Settings, p.shownFrom(path, chosen{flag: flag, values: textsOf(pair.Value), at: pair.Value}))
		}
	}
}

// shownFrom is a setting of the file. Variables stand in it by their names.
func (p *project) shownFrom(path string, s chosen) shownValue {
	v := shownValue{Command: path, Name: s.flag.Name, Values: []string{}, From: "file", Place: p.place(s.at)}
	for _, text := range s.values {
		if isWhatRuns(s.flag) {
			v.Values = append(v.Values, text)
			continue
		}
		v.Values = append(v.Values, p.fromHere(s.flag, text, text))
		v.Unset = append(v.Unset, unsetIn(text)...)
	}
	return v
}

// forCommand lists all settings of a command whose flags were read.
func (p *project) forCommand(cmd *cobra.Command, to *inForce) {
	path := strings.TrimPrefix(cmd.CommandPath(), "parley ")
	open := map[string]chosen{}
	for _, s := range p.leftOpen(cmd) {
		open[s.flag.Name] = s
	}
	all := settingsOf(cmd)
	for _, name := range sortedKeys(all) {
		if s, ok := open[name]; ok {
			to.Settings = append(to.Settings, p.shownFrom(path, s))
			continue
		}
		v := shownValue{Command: path, Name: name, Values: []string{}, From: "default"}
		switch flag := all[name]; {
		case flag.Changed && isSecret(flag):
			v.From, v.Values = "command line", []string{"(hidden)"}
		case flag.Changed:
			v.From, v.Values = "command line", valuesIn(flag)
		case given(cmd, flag):
			v.From, v.Values = "command line", argumentsFor(cmd, name)
		case flag.DefValue != "" && flag.DefValue != "[]":
			v.Values = []string{flag.DefValue}
		}
		to.Settings = append(to.Settings, v)
	}
}

// write prints a table, a block per command.
func (f *inForce) write(out io.Writer) error {
	w := &printer{out: out}
	if f.File == "" {
		w.printf("there is no %s here; `parley config --help` says where it is looked for\n", projectName)
	} else {
		w.printf("%s\n", f.File)
	}
	width := 0
	for _, v := range f.Settings {
		width = max(width, len(v.Name))
	}
	for i, v := range f.Settings {
		if i == 0 || v.Command != f.Settings[i-1].Command {
			w.printf("\n%s\n", cmp.Or(v.Command, "every command that has it"))
		}
		from := cmp.Or(v.Place, v.From)
		if len(v.Unset) > 0 {
			from += ", but the environment has no " + strings.Join(v.Unset, ", ")
		}
		w.printf("  %s%s  %s  (%s)\n", v.Name, strings.Repeat(" ", width-len(v.Name)), cmp.Or(strings.Join(v.Values, ", "), "-"), from)
	}
	return w.err
}

// printer keeps the first error of its writer.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = visible.Fprintf(p.out, format, args...)
	}
}
