package summary

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// maxListed is how many hosts, broken entries, and kinds of one group the text
// lists.
const maxListed = 20

// writeText writes the report for a person: each requirement with the mistakes
// that break it, what was skipped and could not be read, and the outcome last.
func (r *Report) writeText(w io.Writer) error {
	var text strings.Builder
	for _, g := range r.Groups {
		text.WriteString(groupText(g))
	}
	if r.LeftOut > 0 {
		visible.Fprintf(&text, "%s more, of kinds beyond the first %d, only counted\n", plural.Of(r.LeftOut, "finding"), maxKinds)
	}
	text.WriteString(r.restText())
	text.WriteString(r.lastLine())
	_, err := io.WriteString(w, visible.Text(text.String()))
	return err
}

func groupText(g Group) string {
	var text strings.Builder
	switch q := g.Requirement; {
	case q == nil:
		text.WriteString("No single requirement is known for these.\n")
	case q.Text == "":
		visible.Fprintf(&text, "%s\n", q.ID)
	default:
		visible.Fprintf(&text, "%s %s (%s): %s\n", q.ID, q.Level, q.Evidence, q.Text)
		if q.Link != "" {
			visible.Fprintf(&text, "  %s\n", q.Link)
		}
	}
	for _, k := range g.Kinds[:min(len(g.Kinds), maxListed)] {
		text.WriteString(kindText(k))
	}
	if n := len(g.Kinds) - maxListed; n > 0 {
		visible.Fprintf(&text, "  and %s more; --format json lists them\n", plural.Of(n, "kind"))
	}
	return text.String() + "\n"
}

func kindText(k Kind) string {
	words := []string{"  " + string(k.Severity), k.Code}
	for _, word := range []string{k.Pointer, k.Operation, string(k.Part)} {
		if word != "" {
			words = append(words, word)
		}
	}
	var text strings.Builder
	visible.Fprintf(&text, "%s: %s\n", strings.Join(words, " "), plural.Of(k.Count, "time"))
	if place := k.First.place(); place != "" {
		visible.Fprintf(&text, "      first: %s\n", place)
	}
	f := k.First.Finding
	if f.Expected != "" || f.Actual != "" {
		visible.Fprintf(&text, "      expected %s, got %s\n", f.Expected, cmp.Or(f.Actual, "nothing"))
	}
	if f.Hint != "" {
		visible.Fprintf(&text, "      hint: %s\n", f.Hint)
	}
	return text.String()
}

// place names the exchange of an example, with where it stands.
func (e Example) place() string {
	var words []string
	if at := e.Position.String(); at != "" {
		words = append(words, at)
	}
	if e.Method != "" {
		words = append(words, e.Method, visible.Shorten(e.URL, maxURL), "→", statusText(e.Status))
	}
	if e.Exchange != "" && e.Exchange != fmt.Sprintf("entry-%d", e.Entry) {
		words = append(words, e.Exchange)
	}
	return strings.Join(words, " ")
}

func statusText(status int) string {
	if status == 0 {
		return "no response"
	}
	return fmt.Sprint(status)
}

// maxURL is how many characters of a URL are shown.
const maxURL = 160

func (r *Report) restText() string {
	var text strings.Builder
	if r.Counts.Skipped > 0 {
		var hosts []string
		for _, s := range r.Skipped[:min(len(r.Skipped), maxListed)] {
			hosts = append(hosts, fmt.Sprintf("%s %d", s.Host, s.Count))
		}
		if n := len(r.Skipped) - maxListed; n > 0 {
			hosts = append(hosts, "and "+plural.Of(n, "host")+" more")
		}
		visible.Fprintf(&text, "Skipped, because the contract does not know them: %s\n", strings.Join(hosts, ", "))
	}
	for _, b := range r.Broken[:min(len(r.Broken), maxListed)] {
		visible.Fprintf(&text, "Not read: %s: %s\n", b.Position, b.Text)
	}
	if n := r.Counts.Broken - maxListed; n > 0 {
		visible.Fprintf(&text, "Not read: %s more\n", plural.Of(n, "entry", "entries"))
	}
	return text.String()
}

func (r *Report) lastLine() string {
	c := r.Counts
	line := fmt.Sprintf("%s: %s: %d of %s judged (%s, %s)", r.Contract, r.Outcome, c.Judged, plural.Of(c.Read, "exchange"),
		plural.Of(c.Operations, "operation"), plural.Of(c.Events, "event"))
	if n := len(r.Results); n > 0 {
		line += ", " + plural.Of(n, "body", "bodies")
	}
	if n := c.Upgraded; n > 0 {
		line += ", " + plural.Of(n, "WebSocket") + " not judged"
	}
	if found := r.severityCounts(); found != "" {
		line += ", " + found
	}
	if len(r.Reasons) > 0 {
		line += ": " + strings.Join(r.Reasons, "; ")
	}
	return visible.Line(line) + "\n"
}

// severityCounts says "2 errors, 1 note", the worst first, or "".
func (r *Report) severityCounts() string {
	nouns := map[traffic.Severity]string{traffic.HarnessError: "harness error", traffic.Error: "error", traffic.Warn: "warning", traffic.Info: "note"}
	var parts []string
	for _, severity := range severities() {
		if n := r.Findings[severity]; n > 0 {
			parts = append(parts, plural.Of(n, nouns[severity]))
		}
	}
	return strings.Join(parts, ", ")
}
