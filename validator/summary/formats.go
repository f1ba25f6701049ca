package summary

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// formats are all that there are.
var formats = []struct {
	name  string
	write func(*Report, io.Writer) error
}{
	{"text", (*Report).writeText},
	{"json", (*Report).writeJSON},
	{"junit", (*Report).writeJUnit},
	{"sarif", (*Report).writeSARIF},
	{"github", (*Report).writeGitHub},
	{"markdown", (*Report).writeMarkdown},
}

// Formats lists the formats that Write knows.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes the report in one of Formats.
func (r *Report) Write(w io.Writer, format string) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(r, w)
		}
	}
	return fmt.Errorf("the format %q is not known; it can be %s", format, strings.Join(Formats(), ", "))
}

// ParseSeverity reads what --fail-on takes: error, warn or info.
func ParseSeverity(text string) (traffic.Severity, error) {
	severity := traffic.Severity(text)
	if !slices.Contains([]traffic.Severity{traffic.Error, traffic.Warn, traffic.Info}, severity) {
		return "", fmt.Errorf("%q is no severity; write error, warn or info%s", text, near.Aside(text, []string{"error", "warn", "info"}))
	}
	return severity, nil
}

// message is a kind in one sentence, for formats that have room for one.
func (k Kind) message() string {
	text := k.First.Finding.String()
	if k.Count > 1 {
		text += "; " + plural.Of(k.Count, "time")
	}
	return text
}

// name tells a kind from others of its group.
func (k Kind) name() string {
	return strings.Join(slices.DeleteFunc([]string{k.Code, k.Operation, string(k.Part), k.Pointer}, func(s string) bool { return s == "" }), " ")
}
