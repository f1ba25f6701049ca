package summary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Report is a summary at one moment: the model from which every format is
// written. Nothing in it is secret.
type Report struct {
	Tool      string                   `json:"tool"` // "parley"
	Version   string                   `json:"version,omitempty"`
	Contract  string                   `json:"contract"` // ID
	Outcome   Outcome                  `json:"outcome"`
	NotJudged []string                 `json:"not_judged,omitempty"` // of the contract, by nobody
	Reasons   []string                 `json:"reasons,omitempty"`    // why the outcome is not passed
	FailOn    traffic.Severity         `json:"fail_on"`
	Counts    Counts                   `json:"exchanges"`
	Findings  map[traffic.Severity]int `json:"findings"` // how many, of every severity
	Groups    []Group                  `json:"groups"`   // the worst first
	LeftOut   int                      `json:"left_out,omitempty"`
	Skipped   []Skipped                `json:"skipped"` // by host, most first
	Broken    []Broken                 `json:"broken"`  // the first maxBroken
	Results   []Body                   `json:"results"` // of bodies that were judged alone

	codes []validator.Code // Options.Codes
}

// Outcome is what a summary says as a whole.
type Outcome string

// The outcomes.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"     // a finding is as bad as Options.FailOn, or worse
	Incomplete Outcome = "incomplete" // nothing was judged, or not all could be read or came to its end
)

// Group holds the findings that break one requirement.
type Group struct {
	Requirement *Requirement     `json:"requirement,omitempty"` // nil where no single sentence is known to be broken
	Severity    traffic.Severity `json:"severity"`              // of its worst finding
	Count       int              `json:"count"`                 // of findings
	Kinds       []Kind           `json:"kinds"`                 // the worst first
}

// Requirement is one sentence of the documentation that binds someone.
type Requirement struct {
	specs.Requirement
	Link string `json:"link,omitempty"` // of the page where it stands
}

// Kind is one mistake, however often it was made.
type Kind struct {
	Code      string           `json:"code"`
	Severity  traffic.Severity `json:"severity"`
	Part      traffic.Part     `json:"part,omitempty"`
	Operation string           `json:"operation,omitempty"` // or the payload of a body that was judged alone
	Pointer   string           `json:"pointer,omitempty"`   // with * for indices
	Count     int              `json:"count"`
	First     Example          `json:"first"`
}

// Example is the first finding of a kind and where it stands.
type Example struct {
	traffic.Position
	Exchange string          `json:"exchange,omitempty"` // ID
	Caller   traffic.Caller  `json:"caller,omitempty"`
	Method   string          `json:"method,omitempty"`
	URL      string          `json:"url,omitempty"`
	Status   int             `json:"status,omitempty"` // 0 when no response came
	Finding  traffic.Finding `json:"finding"`
}

// Skipped counts the exchanges with a host that are none of the contract's.
type Skipped struct {
	Host  string `json:"host"`
	Count int    `json:"count"`
}

// severities lists all severities in the order in which reports count them.
func severities() []traffic.Severity {
	return []traffic.Severity{traffic.HarnessError, traffic.Error, traffic.Warn, traffic.Info}
}

// Report returns what was gathered so far.
func (s *Summary) Report() *Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &Report{
		Tool: "parley", Version: s.options.Version, Contract: s.contract.ID, NotJudged: s.contract.NotJudged, FailOn: s.options.FailOn, Counts: s.counts,
		Findings: map[traffic.Severity]int{}, Groups: s.groups(), LeftOut: s.leftOut, Skipped: []Skipped{},
		Broken: append([]Broken{}, s.broken...), Results: append([]Body{}, s.results...),
		codes: s.options.Codes,
	}
	for _, severity := range severities() {
		r.Findings[severity] = s.findings[severity]
	}
	for host, n := range s.hosts {
		r.Skipped = append(r.Skipped, Skipped{host, n})
	}
	slices.SortFunc(r.Skipped, func(a, b Skipped) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Host, b.Host))
	})
	r.Outcome, r.Reasons = r.judge(s.cut, s.aborted, s.empty)
	return r
}

func (s *Summary) groups() []Group {
	byID := map[string]*Group{}
	for key, kind := range s.kinds {
		g := byID[key.requirement]
		if g == nil {
			g = &Group{}
			if q, ok := s.contract.Binding(key.requirement); ok {
				q.Text = strings.Join(strings.Fields(q.Text), " ")
				g.Requirement = &Requirement{q, s.contract.Link(q.Source)}
			} else if key.requirement != "" {
				g.Requirement = &Requirement{Requirement: specs.Requirement{ID: key.requirement}}
			}
			byID[key.requirement] = g
		}
		g.Kinds = append(g.Kinds, *kind)
		g.Count += kind.Count
	}
	groups := []Group{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		g := byID[id]
		slices.SortFunc(g.Kinds, byKind)
		g.Severity = g.Kinds[0].Severity
		groups = append(groups, *g)
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		unknown := func(g Group) int { return min(len(g.ID()), 1) }
		return cmp.Or(bySeverity(a.Severity, b.Severity), cmp.Compare(unknown(b), unknown(a)))
	})
	return groups
}

// ID is that of the requirement, or "".
func (g Group) ID() string {
	if g.Requirement == nil {
		return ""
	}
	return g.Requirement.ID
}

func byKind(a, b Kind) int {
	return cmp.Or(bySeverity(a.Severity, b.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Pointer, b.Pointer))
}

func bySeverity(a, b traffic.Severity) int {
	return cmp.Compare(slices.Index(severities(), a), slices.Index(severities(), b))
}

// judge is the outcome, and why it is not passed. Cut is how many exchanges had
// a body that the capture does not hold, aborted how many ended before they were
// whole; empty are captures with nothing to judge.
func (r *Report) judge(cut, aborted int, empty []string) (Outcome, []string) {
	bad := 0
	for severity, n := range r.Findings {
		if severity.AtLeast(r.FailOn) {
			bad += n
		}
	}
	var why []string
	if bad > 0 {
		why = append(why, fmt.Sprintf("%s as bad as %s, or worse", plural.Of(bad, "finding"), r.FailOn))
	}
	if r.Counts.Broken > 0 {
		why = append(why, plural.Of(r.Counts.Broken, "entry", "entries")+" could not be read")
	}
	if aborted > 0 {
		why = append(why, plural.Of(aborted, "exchange")+" broke off before the end, so that the rest was not judged")
	}
	switch {
	case len(empty) > 0:
		why = append(why, "nothing of contract "+r.Contract+" was in "+someNames(empty)+", so nothing of it was judged")
	case r.Counts.Judged == 0 && len(r.Results) == 0:
		why = append(why, "nothing of contract "+r.Contract+" was in it, so nothing was judged")
	case cut > 0 && cut == r.Counts.Judged && len(r.Results) == 0:
		why = append(why, "every exchange lacks a body that the contract documents, so no exchange was judged whole")
	}
	switch {
	case bad > 0:
		return Failed, why
	case len(why) > 0:
		return Incomplete, why
	}
	return Passed, nil
}

// someNames lists the first of many names.
func someNames(names []string) string {
	const most = 5
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + " and " + plural.Of(n, "other")
	}
	return strings.Join(names, ", ")
}
