package markdown_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/markdown"
	"github.com/parleykit/parley/internal/visible/visibletest"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"plain, with 100 % and /a/b-c.d":  "plain, with 100 % and /a/b-c.d",
		"a|b":                             `a\|b`,
		"`code` *bold* _it_ ~no~":         "\\`code\\` \\*bold\\* \\_it\\_ \\~no\\~",
		"<img src=x> &lt;":                `\<img src=x\> \&lt;`,
		"[a](http://evil.example)":        `\[a\](http\://evil.example)`,
		"www.evil.example WWW.x":          `www\.evil.example WWW\.x`,
		"@octocat fixes #12":              `\@&#8203;octocat fixes \#&#8203;12`,
		"one\ntwo\r\n| --- |":             `one\\ntwo\\r\\n\| --- \|`,
		"a back\\slash":                   `a back\\slash`,
		strings.Repeat("a", 399) + "||||": strings.Repeat("a", 399) + `\|…`,
	} {
		if got := markdown.Text(text); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
	}
}

func document(t *testing.T, d *markdown.Document) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDocument(t *testing.T) {
	var d markdown.Document
	d.Heading(2, "acme: failed")
	d.Paragraph("Reason:", "2 * 3")
	d.Table([]string{"a", "b"}, [][]string{{"1", "|"}, {"", "2"}})
	d.Table([]string{"nothing"}, nil)
	want := "## acme: failed\n\n**Reason:** 2 \\* 3\n\n| a | b |\n| --- | --- |\n| 1 | \\| |\n|  | 2 |\n"
	if got := document(t, &d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestALongDocumentSaysWhatItLeftOut, and stays shorter than what GitHub shows.
func TestALongDocumentSaysWhatItLeftOut(t *testing.T) {
	var d markdown.Document
	rows := make([][]string, 5000)
	for i := range rows {
		rows[i] = []string{strings.Repeat("|", 400)}
	}
	d.Table([]string{"a"}, rows)
	d.Table([]string{"b"}, rows)
	text := document(t, &d)
	kept := strings.Count(text, "\n| \\|")
	if len(text) > 1<<19+1<<10 || kept < 500 || !strings.Contains(text, "rows, since") {
		t.Errorf("it has %d bytes and %d rows, and ends with %s", len(text), kept, text[len(text)-200:])
	}
}

func TestHostileTextIsVisible(t *testing.T) {
	var d markdown.Document
	d.Heading(1, visibletest.Hostile)
	d.Paragraph("Outcome:", visibletest.Hostile)
	d.Table([]string{"a"}, [][]string{{visibletest.Hostile}})
	visibletest.Judge(t, "markdown", document(t, &d))
}
