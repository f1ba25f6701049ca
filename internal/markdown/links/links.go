// Package links reads of a Markdown document what leads elsewhere and what can be led
// to: its links, and its headings with the anchors that GitHub gives them. Code, in blocks
// and in lines, is no part of either.
package links

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/parleykit/parley/internal/lazy"
)

// Document is what was read. Lines are counted from 1.
type Document struct {
	Headings []Heading
	Links    []Link
}

// Heading begins a section. Anchor is what stands behind the # of a link to it.
type Heading struct {
	Level  int
	Text   string // without marks
	Anchor string
	Line   int
}

// Link leads to a target, as it is written; an image shows it.
type Link struct {
	Target string
	Image  bool
	Line   int
}

var (
	fence     = lazy.Regexp("^ {0,3}(```+|~~~+)")
	heading   = lazy.Regexp(`^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$`)
	codeSpan  = lazy.Regexp("(`+)([^`]|[^`].*?[^`])(`+)")
	link      = lazy.Regexp(`(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+"[^"]*")?\)`)
	reference = lazy.Regexp(`^ {0,3}\[[^\]]+\]:[ \t]+<?([^\s<>]+)>?`)
)

// Read reads a document; a front matter in YAML at its begin is passed over.
func Read(text string) Document {
	var d Document
	taken := map[string]bool{}
	within := "" // the marks of the fence that is open
	for i, line := range strings.Split(withoutFrontMatter(text), "\n") {
		if m := fence().FindStringSubmatch(line); m != nil {
			switch {
			case within == "":
				within = m[1]
			case strings.HasPrefix(m[1], within) && strings.TrimSpace(line) == m[1]:
				within = ""
			}
			continue
		}
		if within != "" {
			continue
		}
		if m := heading().FindStringSubmatch(line); m != nil {
			shown := Plain(m[2])
			anchor := Anchor(shown)
			for n := 1; taken[anchor]; n++ {
				anchor = fmt.Sprint(Anchor(shown), "-", n)
			}
			taken[anchor] = true
			d.Headings = append(d.Headings, Heading{Level: len(m[1]), Text: shown, Anchor: anchor, Line: i + 1})
		}
		d.links(line, i+1)
	}
	return d
}

// links reads those of a line, also of a picture that is a link itself.
func (d *Document) links(line string, number int) {
	line = codeSpan().ReplaceAllString(line, "")
	if m := reference().FindStringSubmatch(line); m != nil {
		d.Links = append(d.Links, Link{Target: m[1], Line: number})
		return
	}
	for _, m := range link().FindAllStringSubmatchIndex(line, -1) {
		if at := m[0]; at > 0 && line[at-1] == '\\' {
			continue
		}
		d.Links = append(d.Links, Link{Target: line[m[6]:m[7]], Image: m[2] < m[3], Line: number})
		if m[2] == m[3] && strings.Contains(line[m[4]:m[5]], "![") {
			d.links(line[m[4]:m[5]], number)
		}
	}
}

func withoutFrontMatter(text string) string {
	rest, begins := strings.CutPrefix(text, "---\n")
	end := strings.Index(rest, "\n---\n")
	if !begins || end < 0 {
		return text
	}
	return strings.Repeat("\n", strings.Count(rest[:end], "\n")+3) + rest[end+len("\n---\n"):]
}

var marks = lazy.Regexp("\\\\([!-/:-@\\[-`{-~])|`+|\\*+")

// Plain is what is read of a text on one line: without the marks of code and emphasis,
// with a link's text in its place.
func Plain(text string) string {
	text = link().ReplaceAllString(text, "$2")
	return strings.TrimSpace(marks().ReplaceAllString(text, "$1"))
}

// Anchor is what GitHub calls a heading in a link: lower case, without punctuation, with
// hyphens for spaces. A second heading of a page with the same one gets -1 behind it.
func Anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
