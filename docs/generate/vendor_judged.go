package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/specs"
)

var requirementHead = []string{"requirement", "what it says", "binds", "checks"}

func (v *vendor) requirementRow(r specs.Requirement) []string {
	return []string{v.link(r.ID, r.ID), v.prose(r.Text), r.Level + ", " + r.Binds + ", " + string(r.Evidence), strings.Join(v.checksOf(r.ID), ", ")}
}

func (v *vendor) requirements() string {
	var p Page
	v.title(&p, "requirements")
	p.Paragraph("Each is a sentence of the pages that binds someone. A *MUST* that is documented or observed can fail a partner; all else warns.")
	var names []string
	for _, r := range v.c.Requirements {
		names = append(names, r.ID)
	}
	contents(&p, names, area)
	for _, r := range v.c.Requirements {
		p.Heading(2, r.ID)
		p.Paragraph("%s", v.prose(r.Text))
		p.Paragraph("%s, binds the %s.", r.Level, r.Binds)
		v.evidence(&p, specs.Evidence{Class: r.Evidence, Source: r.Source, Quote: r.Quote})
		var facts []string
		if where := v.where[r.ID]; len(where) > 0 {
			facts = append(facts, "Belongs to "+v.links(where...))
		}
		if checks := v.checksOf(r.ID); len(checks) > 0 {
			facts = append(facts, "Judged by "+strings.Join(checks, ", "))
		}
		if codes := v.named[r.ID]; len(codes) > 0 {
			var named []string
			for _, code := range codes {
				named = append(named, Link(code, "../../findings.md#"+links.Anchor(code)))
			}
			facts = append(facts, "Named by findings of "+strings.Join(named, ", "))
		}
		if r.Excluded != "" {
			facts = append(facts, "No check: "+v.prose(r.Excluded))
		}
		p.List(facts...)
		v.affecting(&p, r.ID)
	}
	return p.Text()
}

func (v *vendor) readings() string {
	var p Page
	v.title(&p, "readings")
	p.Paragraph("Where the pages are silent or contradict each other, one option of a reading is in force. `--reading ID=option` chooses another, which then counts as agreed.")
	var questions []string
	for _, r := range v.c.Readings {
		questions = append(questions, Link(r.ID, "#"+links.Anchor(r.ID))+": "+Prose(strings.ReplaceAll(r.Question, "`", `"`)))
	}
	p.List(questions...)
	for _, r := range v.c.Readings {
		p.Heading(2, r.ID)
		p.Paragraph("%s", v.prose(r.Question))
		p.Quote(r.Quotes...)
		if r.Harmless != "" {
			p.Paragraph("Nothing depends on it: %s", v.prose(r.Harmless))
			continue
		}
		var rows [][]string
		for _, name := range sorted(r.Options) {
			mark := ""
			if name == v.c.Chosen(r.ID) {
				mark = "in force"
			}
			rows = append(rows, []string{Code(name), mark, v.prose(r.Options[name].Text), v.links(r.Options[name].Binds...)})
		}
		p.Table([]string{"option", "", "what it means", "demands"}, rows)
		p.Paragraph("The default %s is %s.", Code(r.Default), v.class(r.Evidence))
		if len(r.Affects) > 0 {
			p.Paragraph("Affects %s.", v.links(r.Affects...))
		}
		if checks := v.readBy(r); len(checks) > 0 {
			p.Paragraph("Matters to the checks %s.", strings.Join(checks, ", "))
		}
	}
	return p.Text()
}

// area is what the ID of a requirement begins with, and the number that ends it.
func area(id string) (of, number string) {
	at := strings.LastIndexByte(id, '-')
	return id[:at], id[at+1:]
}

// readBy are the checks that decide a requirement which a reading affects.
func (v *vendor) readBy(r specs.Reading) []string {
	var list []string
	for _, one := range v.plan {
		if slices.ContainsFunc(one.Requirements, func(id string) bool { return slices.Contains(r.Affects, id) }) {
			list = append(list, v.checkLink(one.ID))
		}
	}
	return list
}

func (v *vendor) checks() string {
	var p Page
	v.title(&p, "checks")
	p.Paragraph("`parley conform %s` runs them, `--run` picks some. The level is the gravest that each can say with the readings that are in force.", v.c.ID)
	var names []string
	for _, one := range v.plan {
		names = append(names, one.ID)
	}
	contents(&p, names, v.suiteOf)
	for _, s := range v.suites {
		p.Heading(2, "Suite "+s.ID)
		p.Paragraph("%s.", strings.TrimSuffix(v.prose(s.Title), "."))
		p.Paragraph("%s", needs(s.Needs))
		for _, one := range v.plan {
			if one.Suite.ID == s.ID {
				v.check(&p, one)
			}
		}
	}
	return p.Text()
}

// suiteOf is the suite of a check, and its name there.
func (v *vendor) suiteOf(id string) (suite, name string) {
	at := strings.LastIndexByte(id, '/')
	return Code(id[:at]), id[at+1:]
}

func needs(n conformance.Needs) string {
	var list []string
	for _, need := range []struct {
		needed bool
		text   string
	}{{n.Target, "`--target`, your webhook"}, {n.Stimulus, "`--stimulus` or `--stimulus-url`, which makes your integration call"}, {n.Token, "`--token`, which both sides know"}} {
		if need.needed {
			list = append(list, need.text)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "It needs " + strings.Join(list, "; ") + "."
}

func (v *vendor) check(p *Page, one conformance.Planned) {
	p.Heading(3, one.ID)
	p.Paragraph("The partner %s.", strings.TrimSuffix(v.prose(one.Title), "."))
	decides := v.links(one.Requirements...)
	for _, fact := range one.Facts {
		decides = strings.TrimPrefix(decides+", "+Prose(fact.Text), ", ")
	}
	p.Paragraph("%s, %s. %s", one.Level, one.Evidence, fmt.Sprintf("Decides %s.", strings.TrimSuffix(decides, ".")))
}
