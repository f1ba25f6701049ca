package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/docs/generate"
	"github.com/parleykit/parley/internal/plainjson"
)

// TestReferenceOfSettings: the page and the schema of parley.yaml say what the commands
// take today.
func TestReferenceOfSettings(t *testing.T) {
	t.Parallel()
	whole := sectionsOf(rootCommand())
	var schema strings.Builder
	if err := plainjson.Write(&schema, projectSchema(whole)); err != nil {
		t.Fatal(err)
	}
	compareReference(t, filepath.Join("..", "..", "docs", "reference", "config"), map[string]string{
		"index.md": settingsPage(whole), "parley.schema.json": schema.String(),
	})
}

func settingsPage(whole *section) string {
	var p generate.Page
	p.Heading(1, "Settings in parley.yaml")
	p.Paragraph("%s is its JSON Schema; %s prints it. %s shows a project that has one.",
		generate.Link(generate.Code("parley.schema.json"), "parley.schema.json"), generate.Link(generate.Code("parley config schema"), "../commands/config-schema.md"), generate.Link("How-to", "../../how-to/project.md"))
	p.Heading(2, "At the top")
	p.Paragraph("These mean the same in every command that has them, and may stand at the top for all of these, or below one.")
	homes := map[string][]string{}
	whole.each(func(path string, s *section) {
		for name, flag := range s.settings {
			if common := whole.settings[name]; common != nil && sameFlag(common, flag) {
				homes[name] = append(homes[name], generate.Code(path))
			}
		}
	})
	var rows [][]string
	for _, name := range sortedKeys(whole.settings) {
		row := flagRow(whole.settings[name])
		rows = append(rows, []string{generate.Code(name), row[1], row[2], strings.Join(homes[name], ", ")})
	}
	p.Table([]string{"setting", "what it says", "default", "of"}, rows)
	p.Heading(2, "Below a command")
	p.Paragraph("Every flag of a command is a setting of its section, under its name without the dashes. A flag that is repeatable is a list.")
	rows = nil
	whole.each(func(path string, s *section) {
		var besides []string
		for _, name := range []string{vendorSetting, programSetting} {
			if flag := s.settings[name]; flag != nil && (isVendor(flag) || name == programSetting) {
				besides = append(besides, generate.Code(name))
			}
		}
		rows = append(rows, []string{generate.Code(strings.ReplaceAll(path, " ", ": ") + ":"), generate.Link("flags", "../commands/"+commandFile(s.command)), strings.Join(besides, ", ")})
	})
	p.Table([]string{"section", "settings", "and"}, rows)
	return p.Text()
}

// TestSharedSettingsAreThose: a flag that begins to say something else in one command would
// go from the top of everybody's files. Whoever means that changes this list.
func TestSharedSettingsAreThose(t *testing.T) {
	t.Parallel()
	whole := sectionsOf(rootCommand())
	for _, name := range []string{"base", "base-url", "contract", "ignore-headers", "keep-unreadable", "mock", "path", "reading", "sandbox", "secret", "signature", "target", "vendor"} {
		if whole.settings[name] == nil {
			t.Errorf("%s cannot stand at the top of parley.yaml any more", name)
		}
	}
	for _, name := range []string{"addr", "token", "format", "fail-on", "report", "state"} { // one value for all makes no sense, or it is the name of a command
		if whole.settings[name] != nil {
			t.Errorf("%s can stand at the top of parley.yaml", name)
		}
	}
}
