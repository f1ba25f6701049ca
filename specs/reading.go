package specs

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/near"
)

// Reading is a place where the documents are silent or contradict each other.
// Either it has Options, one of which is in force, or Harmless says why nothing
// depends on it.
type Reading struct {
	ID       string            `yaml:"id" json:"id"`
	Question string            `yaml:"question" json:"question"`
	Quotes   []string          `yaml:"quotes" json:"quotes,omitempty"`
	Options  map[string]Option `yaml:"options" json:"options,omitempty"`
	Default  string            `yaml:"default" json:"default,omitempty"`
	Evidence Class             `yaml:"evidence" json:"evidence,omitempty"` // of the default
	Affects  []string          `yaml:"affects" json:"affects,omitempty"`
	Harmless string            `yaml:"harmless" json:"harmless,omitempty"`
}

// Option is one possible meaning. Its patches change payload schemas when it is
// in force. Binds names the requirements that it demands: they are ours until a user
// chooses the option, and agreed on from then.
type Option struct {
	Text    string   `yaml:"text" json:"text"`
	Patches []Patch  `yaml:"patches" json:"patches,omitempty"`
	Binds   []string `yaml:"binds" json:"binds,omitempty"`
}

// Patch is a JSON merge patch (RFC 7396) on the schema of a payload.
type Patch struct {
	Payload string         `yaml:"payload" json:"payload"`
	Patch   map[string]any `yaml:"patch" json:"patch"`
}

// Setting is a reading together with the option in force, and whether the user
// chose it.
type Setting struct {
	Reading
	Chosen string
	Agreed bool
}

// UnmarshalYAML accepts the short form, a text alone.
func (o *Option) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&o.Text)
	}
	type plain Option
	return strict(node, (*plain)(o))
}

func loadReadings(folder fs.FS, at place) ([]Reading, error) {
	var list []Reading
	at = at.file("readings.yaml")
	if err := readYAML(folder, at, &list); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, r := range list {
		if seen[r.ID] {
			return nil, at.line(lineOfItem(folder, at, i)).errorf("reading %s stands twice", r.ID)
		}
		seen[r.ID] = true
		if err := r.check(); err != nil {
			return nil, at.line(lineOfItem(folder, at, i)).errorf("reading %s: %v", r.ID, err)
		}
	}
	return list, nil
}

func (r Reading) check() error {
	if r.ID == "" || r.Question == "" {
		return fmt.Errorf("`id` and `question` must be filled in")
	}
	if (len(r.Options) == 0) == (r.Harmless == "") {
		return fmt.Errorf("write either `options` with a `default`, or `harmless` with the reason")
	}
	if r.Harmless != "" {
		return nil
	}
	if _, ok := r.Options[r.Default]; !ok {
		return fmt.Errorf("default %q is none of its options (%s)", r.Default, r.optionNames())
	}
	return nil
}

func (r Reading) optionNames() string {
	return strings.Join(slices.Sorted(maps.Keys(r.Options)), ", ")
}

// Chosen returns the option in force for a reading, or "" for a reading that the
// contract does not have.
func (c *Contract) Chosen(id string) string {
	for _, s := range c.settings {
		if s.ID == id {
			return s.Chosen
		}
	}
	return ""
}

// Settings lists every reading that has options with the option in force.
func (c *Contract) Settings() []Setting { return slices.Clone(c.settings) }

// WithReadings returns the contract with other options in force (reading ID →
// option). Readings that are not named keep the contract's default. It fails on
// an unknown reading or option, and names those that exist.
func (c *Contract) WithReadings(choices map[string]string) (*Contract, error) {
	next := *c
	next.settings, next.proven = nil, c.proven && len(choices) == 0
	next.Payloads = maps.Clone(c.Payloads)
	for name, p := range next.Payloads {
		next.Payloads[name] = p.unpatched()
	}
	left := maps.Clone(choices)
	for _, r := range c.Readings {
		if r.Harmless != "" {
			continue
		}
		chosen, agreed := r.Default, false
		if want, ok := left[r.ID]; ok {
			chosen, agreed = want, true
			delete(left, r.ID)
		}
		option, ok := r.Options[chosen]
		if !ok {
			return nil, fmt.Errorf("reading %s has no option %q; its options are %s%s", r.ID, chosen, r.optionNames(), near.Aside(chosen, slices.Sorted(maps.Keys(r.Options))))
		}
		if err := next.apply(r, option); err != nil {
			return nil, err
		}
		next.settings = append(next.settings, Setting{Reading: r, Chosen: chosen, Agreed: agreed})
	}
	for id := range left {
		return nil, fmt.Errorf("contract %s has no switchable reading %s; `parley specs show %s readings` lists them", c.ID, id, c.OnLine())
	}
	return &next, nil
}

func (c *Contract) apply(r Reading, option Option) error {
	for _, patch := range option.Patches {
		p, ok := c.Payloads[patch.Payload]
		if !ok {
			at := place{folder: c.folderName}.file("readings.yaml")
			return at.line(lineOf(c.Folder, at.inside, r.ID)).errorf("reading %s patches payload %q, which has no file %s", r.ID, patch.Payload, schemaFile(patch.Payload))
		}
		c.Payloads[patch.Payload] = p.patched(patch.Patch)
	}
	return nil
}
