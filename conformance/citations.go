package conformance

import (
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

// cite returns a requirement as reports show it, and as it binds.
func cite(c *specs.Contract, id string) Requirement {
	found, _ := c.Binding(id)
	return Requirement{ID: id, Level: found.Level, Text: oneLine(found.Text), Quote: oneLine(found.Quote),
		Source: found.Source, Link: c.Link(found.Source), Evidence: found.Evidence}
}

// cites returns what a check decides as reports show it.
func cites(c *specs.Contract, check Check) []Requirement {
	list := []Requirement{}
	for _, id := range check.Requirements {
		list = append(list, cite(c, id))
	}
	for _, fact := range check.Facts {
		fact.Text, fact.Quote, fact.Link = oneLine(fact.Text), oneLine(fact.Quote), c.Link(fact.Source)
		list = append(list, fact)
	}
	return list
}

// inForce returns a reading with the option in force.
func inForce(c *specs.Contract, id string) Reading {
	i := slices.IndexFunc(c.Readings, func(r specs.Reading) bool { return r.ID == id })
	if i < 0 {
		return Reading{ID: id}
	}
	found, chosen := c.Readings[i], c.Chosen(id)
	setting, _ := c.Setting(id)
	return Reading{ID: id, Question: oneLine(found.Question), Chosen: chosen, Meaning: oneLine(found.Options[chosen].Text),
		Default: found.Default, Evidence: setting.Class()}
}

// checkCitations makes sure that the contract has what the checks cite.
func checkCitations(c *specs.Contract, plan []Planned) error {
	for _, check := range plan {
		for _, id := range check.Requirements {
			if _, ok := c.Requirement(id); !ok {
				return usage("check %s decides requirement %s, which contract %s does not have", check.ID, id, c.ID)
			}
		}
	}
	return nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
