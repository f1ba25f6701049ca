package summary

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// The parts of SARIF 2.1.0 that a report fills (docs.oasis-open.org/sarif/sarif/v2.1.0).
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
	ColumnKind  string            `json:"columnKind"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string     `json:"id"`
	Short   sarifText  `json:"shortDescription"`
	Full    *sarifText `json:"fullDescription,omitempty"`
	HelpURI string     `json:"helpUri,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID      string          `json:"ruleId"`
	RuleIndex   int             `json:"ruleIndex"`
	Level       string          `json:"level"`
	Message     sarifText       `json:"message"`
	Locations   []sarifLocation `json:"locations,omitempty"`
	Occurrences int             `json:"occurrenceCount"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// writeSARIF writes SARIF 2.1.0: a rule for each requirement and for each code
// that stands alone, a result for each kind of finding at its first example, and
// a notification for each entry that could not be read.
func (r *Report) writeSARIF(w io.Writer) error {
	run := sarifRun{
		Tool:    sarifTool{sarifDriver{Name: "Parley", Version: r.Version, Rules: []sarifRule{}}},
		Results: []sarifResult{}, ColumnKind: "unicodeCodePoints",
	}
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			rule := r.ruleOf(g, k)
			i := slices.IndexFunc(run.Tool.Driver.Rules, func(known sarifRule) bool { return known.ID == rule.ID })
			if i < 0 {
				i = len(run.Tool.Driver.Rules)
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
			}
			run.Results = append(run.Results, sarifResult{
				RuleID: rule.ID, RuleIndex: i, Level: sarifLevel(k.Severity), Message: sarifText{k.sentence()},
				Locations: locations(k.First.Position, k.First.column(), k.Operation), Occurrences: k.Count,
			})
		}
	}
	run.Invocations = []sarifInvocation{r.invocation()}
	return plainjson.Write(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sentence is the message with the exchange that it is about.
func (k Kind) sentence() string {
	if place := k.First.place(); k.First.Method != "" {
		return place + ": " + k.message()
	}
	return k.message()
}

func (r *Report) ruleOf(g Group, k Kind) sarifRule {
	if q := g.Requirement; q != nil {
		rule := sarifRule{ID: q.ID, Short: sarifText{q.Level + ": " + q.Text}, HelpURI: q.Link}
		if q.Quote != "" {
			rule.Full = &sarifText{q.Quote}
		}
		return rule
	}
	text := k.Code
	for _, c := range slices.Concat(validator.Codes(), r.codes) {
		if c.Code == k.Code {
			text = c.Text
		}
	}
	return sarifRule{ID: k.Code, Short: sarifText{text}}
}

func sarifLevel(s traffic.Severity) string {
	if s == traffic.Info {
		return "note"
	}
	return level(s)
}

// locations is nil where nothing is known.
func locations(at traffic.Position, column int, operation string) []sarifLocation {
	var l sarifLocation
	if at.Source != "" && at.Source != "-" {
		u := url.URL{Path: filepath.ToSlash(at.Source)}
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{u.EscapedPath()}}
		if filepath.IsAbs(at.Source) {
			l.Physical.Artifact.URI = "file://" + u.EscapedPath()
		}
		if at.Line > 0 {
			l.Physical.Region = &sarifRegion{at.Line, column}
		}
	}
	if operation != "" {
		l.Logical = []sarifLogical{{operation, "function"}}
	}
	if l.Physical == nil && l.Logical == nil {
		return nil
	}
	return []sarifLocation{l}
}

// invocation says whether all could be judged.
func (r *Report) invocation() sarifInvocation {
	done := sarifInvocation{Successful: r.Outcome != Incomplete && r.Counts.Broken == 0}
	for _, b := range r.Broken {
		done.Notifications = append(done.Notifications, sarifNotification{"error", sarifText{b.Position.String() + ": " + b.Text}, locations(b.Position, 1, "")})
	}
	if r.Outcome == Incomplete && r.Counts.Broken == 0 {
		for _, why := range r.Reasons {
			done.Notifications = append(done.Notifications, sarifNotification{Level: "error", Message: sarifText{why}})
		}
	}
	return done
}
