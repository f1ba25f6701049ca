package conformance

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/sarif"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// WriteSARIF writes SARIF 2.1.0: a rule for each check, and a result for each that is not
// a plain pass. Its place is its last exchange in the folder of the report, or else the
// contract's document. A known failure is suppressed, with its reason; what could not be
// judged makes the invocation unsuccessful.
func (r *Report) WriteSARIF(w io.Writer) error {
	run := sarif.New(r.Version)
	for _, result := range r.Results {
		level := map[string]string{"error": "error", "warning": "warning", "notice": "note"}[result.annotation()]
		if level == "" {
			continue
		}
		one := sarif.Result{Level: level, Message: sarif.Text{Text: visible.Line(r.sentence(result))}, Locations: []sarif.Location{r.place(result)}}
		if result.Known == KnownFailing {
			one.Level, one.Suppressions = "error", []sarif.Suppression{{Kind: "external", Justification: visible.Line(result.KnownReason)}}
		}
		run.Add(ruleOf(result), one)
	}
	done := sarif.Invocation{Successful: r.Outcome != OutcomeIncomplete}
	if !done.Successful {
		for _, why := range r.Reasons {
			done.Notifications = append(done.Notifications, sarif.Notification{Level: "error", Message: sarif.Text{Text: visible.Line(why)}})
		}
	}
	run.Invocations = append(run.Invocations, done)
	return run.Write(w)
}

// ruleOf is a check, with the first sentence of the vendor's that it rests on.
func ruleOf(result Result) sarif.Rule {
	rule := sarif.Rule{ID: result.ID, Short: sarif.Text{Text: visible.Line(result.Title)}}
	if len(result.Requirements) > 0 {
		first := result.Requirements[0]
		rule.Full = &sarif.Text{Text: visible.Line(fmt.Sprintf("%s %s: %s", first.ID, first.Level, first.Text))}
		rule.HelpURI = first.Link
	}
	return rule
}

func (r *Report) sentence(result Result) string {
	text := (&Deviation{Expected: result.Expected, Actual: result.Actual}).Error()
	if result.Known == KnownStale {
		text = staleHint
	}
	text = fmt.Sprintf("%s: %s: %s", labelOf(result).text, result.Title, text)
	if len(result.Exchanges) > 0 {
		text += " (" + strings.Join(result.Exchanges, ", ") + ")"
	}
	return text
}

func (r *Report) place(result Result) sarif.Location {
	at := sarif.Location{Physical: sarif.At(r.Contract.Document, 1, 0), Logical: []sarif.Logical{{Name: result.ID, Kind: "function"}}}
	if n := len(result.Exchanges); n > 0 && r.Folder != "" {
		i := slices.IndexFunc(r.Exchanges, func(e *traffic.Exchange) bool { return e.ID == result.Exchanges[n-1] })
		if i >= 0 {
			at.Physical = sarif.At(filepath.Join(r.Folder, exchangesFile), i+1, 1)
		}
	}
	return at
}
