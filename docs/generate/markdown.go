// Package generate writes the pages of docs/reference from what the program itself
// holds: contracts, checks, codes, faults and the control API. Nothing of these pages
// is typed twice; a test compares them with what is written.
package generate

import (
	"fmt"
	"regexp"
	"strings"
)

// Page is a Markdown document in the making. Its zero value is empty.
type Page struct {
	text strings.Builder
}

// Text is the document, which ends with one line break.
func (p *Page) Text() string { return strings.TrimRight(p.text.String(), "\n") + "\n" }

// Heading begins a section; level 1 is the page's title.
func (p *Page) Heading(level int, text string) {
	p.block(strings.Repeat("#", level) + " " + text)
}

// Paragraph is Markdown on one line; an empty one is left out.
func (p *Page) Paragraph(format string, args ...any) {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	if text != "" {
		p.block(text)
	}
}

// Quote shows sentences of somebody else; an empty one is left out.
func (p *Page) Quote(sentences ...string) {
	var lines []string
	for _, text := range sentences {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			lines = append(lines, "> "+escape(text))
		}
	}
	if len(lines) > 0 {
		p.block(strings.Join(lines, "\n>\n"))
	}
}

// List has an entry per item, each Markdown on one line.
func (p *Page) List(items ...string) {
	if len(items) > 0 {
		p.block("- " + strings.Join(items, "\n- "))
	}
}

// Fence shows text as it is. A language of "sh" would be run by a test.
func (p *Page) Fence(language, text string) {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	p.block(marks + language + "\n" + strings.Trim(text, "\n") + "\n" + marks)
}

// Table has a head and rows of as many cells, each Markdown on one line. It is left out
// where there are no rows.
func (p *Page) Table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	line := func(cells []string) string {
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(strings.Join(strings.Fields(cell), " "), "|", `\|`)
		}
		return strings.ReplaceAll("| "+strings.Join(cells, " | ")+" |", "|  |", "| |")
	}
	lines := []string{line(head), strings.Repeat("| --- ", len(head)) + "|"}
	for _, row := range rows {
		lines = append(lines, line(row))
	}
	p.block(strings.Join(lines, "\n"))
}

func (p *Page) block(text string) {
	if p.text.Len() > 0 {
		p.text.WriteString("\n")
	}
	p.text.WriteString(text + "\n")
}

// Code is a text in the type of code, whatever stands in it.
func Code(text string) string {
	if text == "" {
		return ""
	}
	marks := "`"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	if len(marks) > 1 {
		return marks + " " + text + " " + marks
	}
	return marks + text + marks
}

// Link is a link to a page or an anchor.
func Link(text, target string) string { return "[" + text + "](" + target + ")" }

// codeLike are words of plain text that mean something to a program.
var codeLike = regexp.MustCompile(`--[a-z][a-z-]*[a-z]|\$?\b[A-Z]+_[A-Z_]+\b|"parley [^"]*"|(?:/~[a-z-]+)?/_parley/(?:[^\s,;:)"]*[^\s,;:)".])?|\b[a-z]+\.(?:json|html|xml|ndjson|log|yaml)\b`)

// Prose is plain text as Markdown: what a program reads is in the type of code, and
// nothing else in it is markup.
func Prose(text string) string {
	var out strings.Builder
	for text != "" {
		at := codeLike.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		out.WriteString(escape(text[:at[0]]))
		out.WriteString(Code(strings.Trim(text[at[0]:at[1]], `"`)))
		text = text[at[1]:]
	}
	return out.String()
}

var markup = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "]", `\]`)

// escape makes a text of somebody else plain; an address in it is in the type of code, so
// that it is no link.
func escape(text string) string {
	var out strings.Builder
	for text != "" {
		at := address.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		out.WriteString(markup.Replace(text[:at[0]]) + Code(text[at[0]:at[1]]))
		text = text[at[1]:]
	}
	return out.String()
}

var address = regexp.MustCompile(`(?:\bhttps?://|\bwww\.|[\w.+-]+@)[^\s,;)"]*[^\s,;)".]`)
