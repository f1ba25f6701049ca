package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
	"github.com/parleykit/parley/validator/summary"
)

// writeReport prints what was found, and makes the outcome an exit code. Bodies
// are reported one by one; where there were only bodies, a person needs no more.
func writeReport(out io.Writer, format string, c *specs.Contract, r *summary.Report, captures bool) error {
	var err error
	if format == "text" {
		err = writeResultsText(out, c, r.Results)
	}
	if err == nil && (captures || format != "text") {
		err = r.Write(out, format)
	}
	if valid := !slices.ContainsFunc(r.Results, func(b summary.Body) bool { return !b.Valid }); err == nil && format == "text" && !captures && valid && r.Outcome == summary.Failed {
		_, err = visible.Fprintf(out, "failed: %s\n", strings.Join(r.Reasons, "; ")) // although no body is called wrong
	}
	if err != nil {
		return environment("%w", err)
	}
	return exitOfSummary(r)
}

// exitOfSummary gives an outcome its exit code.
func exitOfSummary(r *summary.Report) error {
	switch r.Outcome {
	case summary.Failed:
		return exitError{code: exitFailed}
	case summary.Incomplete:
		return exitError{code: exitIncomplete}
	}
	return nil
}

func writeResultsText(out io.Writer, c *specs.Contract, results []summary.Body) error {
	var text strings.Builder
	broken := 0
	for _, r := range results {
		if !r.Valid {
			broken++
		}
		visible.Fprintf(&text, "%s\n", headline(r))
		for _, f := range r.Findings {
			text.WriteString(paragraph(c, f))
		}
	}
	if len(results) > 1 {
		visible.Fprintf(&text, "%d files, %d with errors\n", len(results), broken)
	}
	_, err := io.WriteString(out, visible.Text(text.String()))
	return err
}

// writeCodes lists what the validator can find, and a proxy and a mock beside it.
// What both of these find is listed once.
func writeCodes(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	listed := map[string]bool{}
	for _, c := range slices.Concat(validator.Codes(), proxy.Codes(), mockserver.Codes()) {
		if !listed[c.Code] {
			listed[c.Code] = true
			visible.Fprintf(table, "%s\t%s\t%s\n", c.Code, c.Severity, c.Text)
		}
	}
	if err := table.Flush(); err != nil {
		return environment("%w", err)
	}
	return nil
}

// headline says what a file was judged as, and how it stands.
func headline(r summary.Body) string {
	name := inputName(r.File)
	taken := r.Payload
	switch {
	case r.Payload == "":
		taken = "no payload could be guessed"
	case len(r.Also) > 0:
		taken = "guessed " + r.Payload + ", which it fits as well as " + strings.Join(r.Also, ", ")
	case r.Guessed:
		taken = "guessed " + r.Payload
	}
	verdict := "valid"
	if counted := traffic.CountFindings(r.Findings); !r.Valid {
		verdict = counted
	} else if counted != "" {
		verdict += ", " + counted
	}
	return fmt.Sprintf("%s: %s: %s", name, taken, verdict)
}

// paragraph is a finding for a person: where, what, why, and which sentence it
// breaks.
func paragraph(c *specs.Contract, f traffic.Finding) string {
	place := ""
	if f.Line > 0 {
		place = fmt.Sprintf("%d:%d ", f.Line, f.Column)
	}
	var text strings.Builder
	visible.Fprintf(&text, "%s\n", strings.TrimRight(fmt.Sprintf("  %s%s %s %s", place, f.Severity, f.Code, f.Pointer), " "))
	if f.Expected != "" || f.Actual != "" {
		visible.Fprintf(&text, "      expected %s, got %s\n", f.Expected, cmp.Or(f.Actual, "nothing"))
	}
	if f.Hint != "" {
		visible.Fprintf(&text, "      hint: %s\n", f.Hint)
	}
	if r, ok := c.Binding(f.Requirement); ok {
		visible.Fprintf(&text, "      %s: %s [%s]\n", r.ID, strings.Join(strings.Fields(r.Text), " "), r.Evidence)
		if link := c.Link(r.Source); link != "" {
			visible.Fprintf(&text, "      %s\n", link)
		}
	}
	return text.String()
}
