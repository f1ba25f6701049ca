package specs

import (
	"fmt"
	"io/fs"
)

// Requirement is one sentence of the documentation that binds someone.
type Requirement struct {
	ID       string `yaml:"id" json:"id"`
	Binds    string `yaml:"binds" json:"binds"` // "partner" or "vendor"
	Level    string `yaml:"level" json:"level"` // "MUST", "SHOULD" or "MAY"
	Text     string `yaml:"text" json:"text"`
	Quote    string `yaml:"quote" json:"quote,omitempty"`
	Source   string `yaml:"source" json:"source"`
	Evidence Class  `yaml:"evidence" json:"evidence"`
	Excluded string `yaml:"excluded" json:"excluded,omitempty"` // why no check can decide it
}

func loadRequirements(folder fs.FS, at place, sources map[string]Source) ([]Requirement, error) {
	var list []Requirement
	at = at.file("requirements.yaml")
	if err := readYAML(folder, at, &list); err != nil {
		return nil, err
	}
	seen := map[string]int{}
	for i, r := range list {
		if first, twice := seen[r.ID]; twice {
			return nil, at.line(lineOfItem(folder, at, i)).errorf("requirement %s stands already in line %d; give the new one a number of its own",
				r.ID, lineOfItem(folder, at, first))
		}
		seen[r.ID] = i
		if err := r.check(sources); err != nil {
			return nil, at.line(lineOfItem(folder, at, i)).errorf("requirement %s: %v", r.ID, err)
		}
	}
	return list, nil
}

func (r Requirement) check(sources map[string]Source) error {
	switch {
	case r.ID == "" || r.Text == "":
		return fmt.Errorf("`id` and `text` must be filled in")
	case !oneOf(r.Binds, "partner", "vendor"):
		return fmt.Errorf("`binds` is %q; write partner or vendor", r.Binds)
	case !oneOf(r.Level, "MUST", "SHOULD", "MAY"):
		return fmt.Errorf("`level` is %q; write MUST, SHOULD or MAY", r.Level)
	}
	return Evidence{Class: r.Evidence, Source: r.Source, Quote: r.Quote}.check(sources)
}

func (e Evidence) check(sources map[string]Source) error {
	if !oneOf(e.Class, Documented, Observed, Assumed) {
		return fmt.Errorf("evidence is %q; write documented, observed or assumed", e.Class)
	}
	if e.Source == "" {
		return nil
	}
	if key, _ := cutSection(e.Source); sources[key] == (Source{}) {
		return fmt.Errorf("source %q is not listed under x-parley.sources of openapi.yaml", key)
	}
	return nil
}
