package conformance

import (
	"fmt"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/internal/workflow"
)

// WriteGitHub writes workflow commands, which GitHub shows beside the run: one for each
// result that is not a plain pass, the gravest first, since it shows ten of a step. The
// last line is the outcome, in plain text.
func (r *Report) WriteGitHub(w io.Writer) error {
	var text strings.Builder
	for _, level := range []string{"error", "warning", "notice"} {
		for _, result := range r.Results {
			if result.annotation() == level {
				message := (&Deviation{Expected: result.Expected, Actual: result.Actual}).Error()
				if result.Known == KnownStale {
					message = staleHint
				}
				text.WriteString(workflow.Annotation(level, workflow.Place{}, result.ID, fmt.Sprintf("%s: %s: %s", labelOf(result).text, result.Title, message)))
			}
		}
	}
	if r.Outcome == OutcomeIncomplete && len(r.Results) == 0 {
		text.WriteString(workflow.Annotation("error", workflow.Place{}, "incomplete", strings.Join(r.Reasons, "; ")))
	}
	visible.Fprintf(&text, "%s: %s: %s\n", r.Contract.ID, r.Outcome, r.tally())
	_, err := io.WriteString(w, visible.Text(text.String()))
	return err
}

// annotation is the level at which GitHub shows a result; "" for not at all.
func (r Result) annotation() string {
	switch {
	case r.Known == KnownFailing:
		return "notice"
	case r.Fails(), r.Verdict == VerdictCouldNotRun, r.Verdict == VerdictHarnessError:
		return "error"
	case r.Verdict == VerdictWarn:
		return "warning"
	case r.Verdict == VerdictUndetermined:
		return "notice"
	}
	return ""
}
