package conformance

import (
	"regexp"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/specs"
)

// Planned is a check together with the suite that it belongs to, and with the
// gravest that it can say by the contract and the readings in force.
type Planned struct {
	Check
	Suite    Suite
	Level    Level
	Evidence specs.Class // of the strongest requirement that it decides
}

// Labels are what a filter chooses by: the check's ID, its suite, the direction of the
// traffic that it is about (events or operations), the level, the evidence, and what
// it decides.
func (c Planned) Labels() []string {
	direction := "operations"
	if c.Suite.Needs.Target {
		direction = "events"
	}
	labels := []string{c.ID, c.Suite.ID, direction, string(c.Level), string(c.Evidence)}
	for _, fact := range c.Facts {
		labels = append(labels, fact.ID)
	}
	return append(labels, c.Requirements...)
}

// Plan lists the checks of the suites, in order, that at least one of the
// patterns names, without patterns all, and that the filter lets through, where
// there is one. A pattern is a check's ID, or what stands
// in it behind a slash, in which * stands for any text and ? for one character. It is a
// *UsageError when a pattern names nothing or nothing is left, and when two
// checks share an ID or one decides what the contract does not have.
func Plan(contract *specs.Contract, suites []Suite, patterns []string, filter func(Planned) bool) ([]Planned, error) {
	var all []Planned
	seen := map[string]bool{}
	for _, s := range suites {
		for _, c := range s.Checks {
			if seen[c.ID] {
				return nil, usage("two checks have the ID %s", c.ID)
			}
			seen[c.ID] = true
			level, evidence := gravest(contract, c)
			all = append(all, Planned{Check: c, Suite: s, Level: level, Evidence: evidence})
		}
	}
	if len(all) == 0 {
		return nil, usage("there is no check to run")
	}
	if err := checkCitations(contract, all); err != nil {
		return nil, err
	}
	picked, err := pick(all, patterns)
	if err != nil || filter == nil {
		return picked, err
	}
	picked = slices.DeleteFunc(picked, func(c Planned) bool { return !filter(c) })
	if len(picked) == 0 {
		return nil, usage("the filter lets no check through; --list shows what each is labelled with")
	}
	return picked, nil
}

// namesOf are the IDs of checks, and what these end in: a pattern may be either.
func namesOf(all []Planned) []string {
	var names []string
	for _, c := range all {
		names = append(names, c.ID, c.ID[strings.LastIndexByte(c.ID, '/')+1:])
	}
	return names
}

func pick(all []Planned, patterns []string) ([]Planned, error) {
	if len(patterns) == 0 {
		return all, nil
	}
	chosen := make([]bool, len(all))
	for _, pattern := range patterns {
		names := glob(pattern)
		found := false
		for i, c := range all {
			if names(c.ID) {
				chosen[i], found = true, true
			}
		}
		if !found {
			return nil, usage("no check is named %q; --list shows them all%s", pattern, near.Aside(pattern, namesOf(all)))
		}
	}
	var picked []Planned
	for i, c := range all {
		if chosen[i] {
			picked = append(picked, c)
		}
	}
	return picked, nil
}

// glob returns what tells whether a pattern names an ID.
func glob(pattern string) func(id string) bool {
	text := regexp.QuoteMeta(pattern)
	text = strings.ReplaceAll(text, `\*`, ".*")
	text = strings.ReplaceAll(text, `\?`, ".")
	whole := regexp.MustCompile("^(.*/)?" + text + "$")
	return whole.MatchString
}
