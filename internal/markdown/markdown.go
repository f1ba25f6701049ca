// Package markdown writes reports as GitHub and GitLab show them: headings, paragraphs
// and tables. What comes from outside is text there and nothing else: no markup, no
// HTML, no link, and nobody is called by a mention.
package markdown

import (
	"io"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
)

const (
	limit = 512 << 10 // bytes; GitHub shows 1 MiB of what a step wrote, so that two reports fit
	wide  = 400       // characters of one cell
)

// Document is a report that is being written. Its zero value is empty.
type Document struct {
	text    strings.Builder
	leftOut int // rows
}

// Heading begins a part, with a text from outside.
func (d *Document) Heading(level int, text string) {
	d.block(strings.Repeat("#", level) + " " + Text(text))
}

// Paragraph adds a word of ours, in bold, and a text from outside.
func (d *Document) Paragraph(word, text string) {
	d.block("**" + word + "** " + Text(text))
}

// block adds what no report has many of.
func (d *Document) block(text string) {
	if d.text.Len() > 0 {
		d.text.WriteString("\n")
	}
	d.text.WriteString(text + "\n")
}

// Table adds rows of texts from outside below words of ours; without rows it adds
// nothing. Rows for which the document has no room are counted.
func (d *Document) Table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	if d.text.Len() > limit {
		d.leftOut += len(rows)
		return
	}
	d.block("| " + strings.Join(head, " | ") + " |\n|" + strings.Repeat(" --- |", len(head)))
	for i, row := range rows {
		var line strings.Builder
		for _, cell := range row {
			line.WriteString("| " + Text(cell) + " ")
		}
		if d.text.Len()+line.Len() > limit {
			d.leftOut += len(rows) - i
			return
		}
		d.text.WriteString(line.String() + "|\n")
	}
}

// Write writes the document, and says at its end what had no room in it.
func (d *Document) Write(w io.Writer) error {
	if d.leftOut > 0 {
		d.Paragraph("Left out:", plural.Of(d.leftOut, "row")+", since a longer page is not shown; the JSON of this report has all")
	}
	_, err := io.WriteString(w, d.text.String())
	return err
}

// Text is a text from outside that stands for itself, on one line. A longer one than
// a cell should have is cut.
func Text(text string) string {
	text = visible.Shorten(visible.Line(text), wide)
	var out strings.Builder
	for i, r := range text {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>|~&$", r), r == ':' && strings.HasPrefix(text[i:], "://"), r == '.' && afterWWW(text[:i]):
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '@' || r == '#': // GitHub reads these in the text that it shows, not in the Markdown
			out.WriteByte('\\')
			out.WriteRune(r)
			out.WriteString(apart)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// apart is a space without width, so that a name behind it is none that is called.
const apart = "&#8203;"

// afterWWW reports the beginning of what GitHub takes for an address.
func afterWWW(before string) bool {
	return len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "www")
}
