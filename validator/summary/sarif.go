package summary

import (
	"io"
	"slices"

	"github.com/parleykit/parley/internal/sarif"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// writeSARIF writes SARIF 2.1.0: a rule for each requirement and for each code
// that stands alone, a result for each kind of finding at its first example, and
// a notification for each entry that could not be read.
func (r *Report) writeSARIF(w io.Writer) error {
	run := sarif.New(r.Version)
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			run.Add(r.ruleOf(g, k), sarif.Result{
				Level: sarifLevel(k.Severity), Message: sarif.Text{Text: k.sentence()},
				Locations: locations(k.First.Position, k.First.column(), k.Operation), Occurrences: k.Count,
			})
		}
	}
	run.Invocations = append(run.Invocations, r.invocation())
	return run.Write(w)
}

// sentence is the message with the exchange that it is about.
func (k Kind) sentence() string {
	if place := k.First.place(); k.First.Method != "" {
		return place + ": " + k.message()
	}
	return k.message()
}

func (r *Report) ruleOf(g Group, k Kind) sarif.Rule {
	if q := g.Requirement; q != nil {
		rule := sarif.Rule{ID: q.ID, Short: sarif.Text{Text: q.Level + ": " + q.Text}, HelpURI: q.Link}
		if q.Quote != "" {
			rule.Full = &sarif.Text{Text: q.Quote}
		}
		return rule
	}
	text := k.Code
	for _, c := range slices.Concat(validator.Codes(), r.codes) {
		if c.Code == k.Code {
			text = c.Text
		}
	}
	return sarif.Rule{ID: k.Code, Short: sarif.Text{Text: text}}
}

func sarifLevel(s traffic.Severity) string {
	if s == traffic.Info {
		return "note"
	}
	return level(s)
}

// locations is nil where nothing is known.
func locations(at traffic.Position, column int, operation string) []sarif.Location {
	var l sarif.Location
	if at.Source != "" && at.Source != "-" {
		l.Physical = sarif.At(at.Source, at.Line, column)
	}
	if operation != "" {
		l.Logical = []sarif.Logical{{Name: operation, Kind: "function"}}
	}
	if l.Physical == nil && l.Logical == nil {
		return nil
	}
	return []sarif.Location{l}
}

// invocation says whether all could be judged.
func (r *Report) invocation() sarif.Invocation {
	done := sarif.Invocation{Successful: r.Outcome != Incomplete && r.Counts.Broken == 0}
	for _, b := range r.Broken {
		done.Notifications = append(done.Notifications, sarif.Notification{Level: "error", Message: sarif.Text{Text: b.Position.String() + ": " + b.Text}, Locations: locations(b.Position, 1, "")})
	}
	if r.Outcome == Incomplete && r.Counts.Broken == 0 {
		for _, why := range r.Reasons {
			done.Notifications = append(done.Notifications, sarif.Notification{Level: "error", Message: sarif.Text{Text: why}})
		}
	}
	return done
}
