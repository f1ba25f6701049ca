package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/docs/generate"
	"github.com/parleykit/parley/internal/plural"
)

// formatUses says what each format is for.
var formatUses = map[string]string{
	"text":     "A person reads it, on a terminal.",
	"json":     "A program reads it; " + generate.Link("its schema", "../schemas.md") + " says what it finds there.",
	"junit":    "A pipeline shows it as a test report.",
	"sarif":    "SARIF 2.1.0: GitHub's code scanning, and editors, show it. Of `validate` a finding is at its place in the capture; of `conform` at its exchange in the report folder, or else at the contract's document, and a known failure is suppressed with its reason.",
	"github":   "Commands of GitHub Actions, which become annotations of a run.",
	"markdown": "The summary of a job, or a comment on a change.",
	"html":     "One page without anything else, for a browser.",
	"yaml":     "A contract as an OpenAPI document, as people write them.",
}

// sampled is judged for the samples: the attachment has url where the page has URL.
const sampled = `{"type": "message", "token": "confirm", "data": {"externalMessageId": "m1", "externalChatId": "c1", "externalUserId": "u1", "files": [{"name": "a.png", "url": "https://example.com/a.png"}]}}`

// formatsPage is about --format: which command has which, and what they look like.
func formatsPage(t *testing.T) string {
	t.Helper()
	var p generate.Page
	p.Heading(1, "Output formats")
	p.Paragraph("`--format` chooses what a command writes to its standard output; lines per exchange, and what went wrong, go to the standard error then.")
	var rows [][]string
	var all []string
	for _, cmd := range commandsBelow(rootCommand()) {
		flag := cmd.Flags().Lookup("format")
		if flag == nil {
			continue
		}
		formats := flag.Annotations[valuesOf]
		var shown []string
		for _, format := range formats {
			shown = append(shown, generate.Code(format))
			if !slices.Contains(all, format) {
				all = append(all, format)
			}
		}
		rows = append(rows, []string{generate.Link(generate.Code(cmd.CommandPath()), commandFile(cmd)), strings.Join(shown, ", ")})
	}
	p.Table([]string{"command", "formats, the usual one first"}, rows)
	p.Paragraph("Besides, `--report FOLDER` of %s writes %s at once, and `--record FILE` of %s appends exchanges as NDJSON, one a line, or as an HTTP Archive where the name ends in `.har`; %s describes a line.",
		plural.List(withFlag("report"), "and"), plural.List(codes(conformance.ReportFiles()), "and"), plural.List(withFlag("record"), "and"), generate.Link("a schema", "../schemas.md"))
	p.Paragraph("Each sample is what `parley validate elma365/operations/message body.json --format …` writes about a message whose attachment has `url` where the page has `URL`.")
	for _, format := range all {
		p.Heading(2, format)
		p.Paragraph("%s", formatUses[format])
		if slices.Contains(validateFormats(t), format) {
			p.Fence(fenceOf(format), sampleOf(t, format))
		}
	}
	return p.Text()
}

func codes(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = generate.Code(name)
	}
	return list
}

// withFlag are the commands that have a flag.
func withFlag(name string) []string {
	var list []string
	for _, cmd := range commandsBelow(rootCommand()) {
		if cmd.Flags().Lookup(name) != nil {
			list = append(list, generate.Link(generate.Code(cmd.CommandPath()), commandFile(cmd)))
		}
	}
	return list
}

// validateFormats are those of parley validate.
func validateFormats(t *testing.T) []string {
	t.Helper()
	cmd, _, err := rootCommand().Find([]string{"validate"})
	if err != nil {
		t.Fatal(err)
	}
	return cmd.Flags().Lookup("format").Annotations[valuesOf]
}

func sampleOf(t *testing.T, format string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"validate", "elma365/operations/message", "-", "--format", format}, strings.NewReader(sampled), &stdout, &stderr); code != 1 {
		t.Errorf("parley validate --format %s ends with %d: %s", format, code, stderr.String())
	}
	return stdout.String()
}

// fenceOf is the language of a format.
func fenceOf(format string) string {
	switch format {
	case "json", "sarif":
		return "json"
	case "junit":
		return "xml"
	case "markdown":
		return "markdown"
	}
	return "text"
}
