package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/yamlnode"
)

const (
	projectName = "parley.yaml"
	projectEnv  = "PARLEY_CONFIG"
)

func configFlag(flags *pflag.FlagSet) {
	flags.String("config", "", "settings from this `FILE` instead of the nearest "+projectName+"; '' for none")
}

// chosenConfig is what --config was given; nil: nothing.
func chosenConfig(cmd *cobra.Command) *string {
	flag := cmd.Flags().Lookup("config")
	if !flag.Changed {
		return nil
	}
	name := flag.Value.String()
	return &name
}

// project is a parley.yaml that was read.
type project struct {
	file string // as it is shown
	root *yaml.Node
	all  *section
}

// findProject is the file that is in force: the one that was chosen with --config, that of
// PARLEY_CONFIG, or parley.yaml in this folder or the nearest above it, up to the root of
// the repository. Outside of a repository others may write above us, so that only this
// folder counts. "" is none.
func findProject(chosen *string) (string, error) {
	if chosen != nil {
		return *chosen, nil
	}
	if named := os.Getenv(projectEnv); named != "" {
		return named, nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", usage("%s: %w", projectName, err)
	}
	name := projectName
	for inside := inRepository(folder); ; folder, name = filepath.Dir(folder), filepath.Join("..", name) {
		if _, err := os.Lstat(name); err == nil {
			return name, nil
		}
		if !inside || isRepository(folder) {
			return "", nil
		}
	}
}

// isRepository asks for the file that stays as it is when somebody commits: what tests have
// asked of the folder above it Go would take for changed. In a work tree .git is a file.
func isRepository(folder string) bool {
	for _, name := range []string{filepath.Join(".git", "HEAD"), ".git"} {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			return true
		}
	}
	return false
}

func inRepository(folder string) bool {
	for !isRepository(folder) {
		above := filepath.Dir(folder)
		if above == folder {
			return false
		}
		folder = above
	}
	return true
}

// readProject reads a file and refuses what no command knows.
func readProject(file string, root *cobra.Command) (*project, error) {
	data, err := files.Read(file, files.Text)
	if err != nil {
		return nil, usage("%w; --config and %s name a file of settings", err, projectEnv)
	}
	p := &project{file: file, all: sectionsOf(root)}
	if p.root, err = yamlnode.ParseYAML(data); err != nil {
		var second *yamlnode.SecondError
		if errors.As(err, &second) {
			return nil, usage("%s:%d: %s", file, second.Line, second.Text())
		}
		return nil, usage("%s: %s", file, yamlText(err))
	}
	if err := p.vet(p.root, p.all, ""); err != nil {
		return nil, usage("%w", err)
	}
	return p, nil
}

// place is where something stands.
func (p *project) place(at *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", p.file, at.Line, at.Column)
}

func (p *project) wrong(at *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %w", p.place(at), fmt.Errorf(format, args...))
}

// vet refuses what is none of a section's, twice there, or of another kind.
func (p *project) vet(node *yaml.Node, s *section, path string) error {
	if yamlnode.Resolved(node).Kind != yaml.MappingNode {
		return p.wrong(node, "write settings here, as NAME: VALUE; %s", p.offers(s))
	}
	if err := p.vetKeys(node); err != nil {
		return err
	}
	var errs []error
	for _, pair := range yamlnode.Pairs(node) {
		name := pair.Key.Value
		switch flag, below := s.settings[name], s.below[name]; {
		case flag != nil:
			errs = append(errs, p.vetValue(pair.Value, flag))
		case below != nil:
			errs = append(errs, p.vet(pair.Value, below, strings.TrimPrefix(path+" "+name, " ")))
		default:
			errs = append(errs, p.unknown(pair.Key, s, path))
		}
	}
	return errors.Join(errs...)
}

func (p *project) offers(s *section) string {
	return "there are " + strings.Join(s.names(), ", ")
}

// vetKeys refuses a name that stands twice, of which YAML's reader keeps one.
func (p *project) vetKeys(node *yaml.Node) error {
	seen := map[string]bool{}
	node = yamlnode.Resolved(node)
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if seen[key.Value] {
			return p.wrong(key, "%s stands here twice; one of them would not count", key.Value)
		}
		seen[key.Value] = true
	}
	return nil
}

// unknown says what was meant, or where it belongs.
func (p *project) unknown(key *yaml.Node, s *section, path string) error {
	name := key.Value
	var homes []string
	p.all.each(func(other string, one *section) {
		if one.settings[name] != nil {
			homes = append(homes, other)
		}
	})
	switch {
	case s == p.all && len(homes) > 0:
		return p.wrong(key, "%s belongs to a command: write it below %s", name, strings.Join(homes, " or "))
	case path != "" && p.all.settings[name] != nil:
		return p.wrong(key, "parley %s has no --%s", path, name)
	}
	if near := near.DidYouMean(name, s.names()); near != "" {
		return p.wrong(key, "there is no setting %s here; %s", name, near)
	}
	return p.wrong(key, "there is no setting %s here; %s", name, p.offers(s))
}

// kinds are what a value is called, by the type of a flag.
var kinds = map[string]struct{ tag, text string }{
	"bool": {"!!bool", "true or false"}, "int": {"!!int", "a whole number"}, "int64": {"!!int", "a whole number"},
	"uint64": {"!!int", "a whole number"}, "float64": {"!!float", "a number"},
}

func (p *project) vetValue(node *yaml.Node, flag *pflag.Flag) error {
	node = yamlnode.Resolved(node)
	switch kind := flag.Value.Type(); {
	case isList(flag) || isVendor(flag) && node.Kind == yaml.SequenceNode:
		if node.Kind != yaml.SequenceNode {
			return p.wrong(node, "%s takes a list: write [%s]", flag.Name, cmp.Or(node.Value, "…"))
		}
		var errs []error
		for _, one := range node.Content {
			errs = append(errs, p.vetText(yamlnode.Resolved(one), flag))
		}
		return errors.Join(errs...)
	case kinds[kind].tag != "":
		tag := node.ShortTag()
		if node.Kind != yaml.ScalarNode || tag != kinds[kind].tag && (kind != "float64" || tag != "!!int") {
			return p.wrong(node, "%s takes %s", flag.Name, kinds[kind].text)
		}
		return p.settable(node, flag, node.Value)
	}
	return p.vetText(node, flag)
}

// vetText vets what a text says, as far as that is known without the environment.
func (p *project) vetText(node *yaml.Node, flag *pflag.Flag) error {
	if node.Kind != yaml.ScalarNode || node.ShortTag() == "!!null" {
		return p.wrong(node, "%s takes a text", flag.Name)
	}
	if tag := node.ShortTag(); tag == "!!bool" || tag == "!!int" || tag == "!!float" {
		return p.wrong(node, "%s takes a text: write %q", flag.Name, node.Value)
	}
	values := flag.Annotations[valuesOf]
	switch {
	case isSecret(flag) && !isReference(node.Value, mayNameVendor(flag)):
		return p.wrong(node, "%s is a secret, and a file that others read has none: write ${NAME} for a variable of the environment, or @FILE", flag.Name)
	case hasPassword(node.Value):
		return p.wrong(node, "the URL has a password, and a file that others read has none: write ${NAME} for a variable of the environment")
	case values != nil && !slices.Contains(values, node.Value):
		return p.wrong(node, "%s is %s%s", flag.Name, strings.Join(values, " or "), near.Aside(node.Value, values))
	case isWhatRuns(flag):
		return nil
	}
	names, err := referencesIn(node.Value)
	switch {
	case err != nil:
		return p.wrong(node, "%s: %w", flag.Name, err)
	case len(names) > 0 || values != nil || isList(flag):
		return nil
	}
	return p.settable(node, flag, node.Value)
}

// settable asks the flag itself.
func (p *project) settable(node *yaml.Node, flag *pflag.Flag, text string) error {
	if err := flag.Value.Set(text); err != nil {
		return p.wrong(node, "%s: %w", flag.Name, err)
	}
	return nil
}
