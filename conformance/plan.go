package conformance

import (
	"regexp"
	"strings"
)

// Planned is a check together with the suite that it belongs to.
type Planned struct {
	Check
	Suite string // ID
}

// Plan lists the checks of the suites, in order, that at least one of the
// patterns names; without patterns all. A pattern is a check's ID, or what stands
// in it behind a slash, in which * stands for any text and ? for one character. It is a
// *UsageError when a pattern names nothing, when there is no check at all, and
// when two checks share an ID.
func Plan(suites []Suite, patterns []string) ([]Planned, error) {
	var all []Planned
	seen := map[string]bool{}
	for _, s := range suites {
		for _, c := range s.Checks {
			if seen[c.ID] {
				return nil, usage("two checks have the ID %s", c.ID)
			}
			seen[c.ID] = true
			all = append(all, Planned{Check: c, Suite: s.ID})
		}
	}
	if len(all) == 0 {
		return nil, usage("there is no check to run")
	}
	return pick(all, patterns)
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
			return nil, usage("no check is named %q; --list shows them all", pattern)
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
