package summary

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// Formats lists the formats that Write knows.
func Formats() []string { return []string{"text", "json", "junit", "sarif", "github"} }

// Write writes the report in one of Formats.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return r.writeText(w)
	case "json":
		return r.writeJSON(w)
	case "junit":
		return r.writeJUnit(w)
	case "sarif":
		return r.writeSARIF(w)
	case "github":
		return r.writeGitHub(w)
	}
	return fmt.Errorf("the format %q is not known; it can be %s", format, strings.Join(Formats(), ", "))
}

// ParseSeverity reads what --fail-on takes: error, warn or info.
func ParseSeverity(text string) (traffic.Severity, error) {
	severity := traffic.Severity(text)
	if !slices.Contains([]traffic.Severity{traffic.Error, traffic.Warn, traffic.Info}, severity) {
		return "", fmt.Errorf("%q is no severity; write error, warn or info", text)
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
