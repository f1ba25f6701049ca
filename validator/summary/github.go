package summary

import (
	"io"
	"strings"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/internal/workflow"
	"github.com/parleykit/parley/traffic"
)

// writeGitHub writes workflow commands, which GitHub shows beside the lines that
// they name: one for each kind of finding, at its first example, and for each
// entry that could not be read. The last line is the outcome, in plain text.
func (r *Report) writeGitHub(w io.Writer) error {
	var text strings.Builder
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			title := k.Code
			if g.Requirement != nil {
				title = g.ID() + " " + k.Code
			}
			text.WriteString(command(level(k.Severity), k.First.Position, k.First.column(), title, k.sentence()))
		}
	}
	for _, b := range r.Broken {
		text.WriteString(command("error", b.Position, 1, "not read", b.Position.String()+": "+b.Text))
	}
	if r.Outcome == Incomplete && r.Counts.Broken == 0 {
		text.WriteString(command("error", traffic.Position{}, 0, "incomplete", strings.Join(r.Reasons, "; ")))
	}
	text.WriteString(r.lastLine())
	_, err := io.WriteString(w, visible.Text(text.String()))
	return err
}

// level is what GitHub calls a severity.
func level(s traffic.Severity) string {
	switch s {
	case traffic.Warn:
		return "warning"
	case traffic.Info:
		return "notice"
	}
	return "error"
}

// column is where the example stands in its line: findings of captured bodies
// count columns inside the body, so that of the capture is not known.
func (e Example) column() int {
	if e.Entry > 0 || e.Finding.Column == 0 {
		return 1
	}
	return e.Finding.Column
}

// command is an annotation at a place in a capture; what came through standard input has
// none.
func command(level string, at traffic.Position, column int, title, message string) string {
	var place workflow.Place
	if at.Source != "-" {
		place = workflow.Place{File: at.Source, Line: at.Line, Column: column}
	}
	return workflow.Annotation(level, place, title, message)
}
