// Package sarif writes reports as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0),
// which code scanning and editors show.
package sarif

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/parleykit/parley/internal/plainjson"
)

// Run is what one run of a tool found. What is empty is left out of what is written,
// but for what SARIF requires.
type Run struct {
	Tool        Tool         `json:"tool"`
	Invocations []Invocation `json:"invocations"`
	Results     []Result     `json:"results"`
	ColumnKind  string       `json:"columnKind"`
}

// Tool names who found it, and its rules.
type Tool struct {
	Driver Driver `json:"driver"`
}

// Driver is the tool itself.
type Driver struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Rules   []Rule `json:"rules"`
}

// Rule is what a result breaks.
type Rule struct {
	ID      string `json:"id"`
	Short   Text   `json:"shortDescription"`
	Full    *Text  `json:"fullDescription,omitempty"`
	HelpURI string `json:"helpUri,omitempty"`
}

// Text is plain text.
type Text struct {
	Text string `json:"text"`
}

// Invocation says whether all could be judged.
type Invocation struct {
	Successful    bool           `json:"executionSuccessful"`
	Notifications []Notification `json:"toolExecutionNotifications,omitempty"`
}

// Notification is about the run, not about what was judged.
type Notification struct {
	Level     string     `json:"level"`
	Message   Text       `json:"message"`
	Locations []Location `json:"locations,omitempty"`
}

// Result is something that is wrong. Its level is "error", "warning" or "note".
type Result struct {
	RuleID       string        `json:"ruleId"`
	RuleIndex    int           `json:"ruleIndex"`
	Level        string        `json:"level"`
	Message      Text          `json:"message"`
	Locations    []Location    `json:"locations,omitempty"`
	Occurrences  int           `json:"occurrenceCount,omitempty"`
	Suppressions []Suppression `json:"suppressions,omitempty"`
}

// Suppression says that a result is known, and why it may stay.
type Suppression struct {
	Kind          string `json:"kind"` // "external": in a file beside what was judged
	Justification string `json:"justification,omitempty"`
}

// Location is a place in a file, something that has a name, or both.
type Location struct {
	Physical *Physical `json:"physicalLocation,omitempty"`
	Logical  []Logical `json:"logicalLocations,omitempty"`
}

// Physical is a place in a file.
type Physical struct {
	Artifact Artifact `json:"artifactLocation"`
	Region   *Region  `json:"region,omitempty"`
}

// Artifact names a file.
type Artifact struct {
	URI string `json:"uri"`
}

// Region is a place in a text, counted from 1.
type Region struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

// Logical is something with a name.
type Logical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// New begins the run of a version of Parley.
func New(version string) *Run {
	return &Run{Tool: Tool{Driver{Name: "Parley", Version: version, Rules: []Rule{}}}, Invocations: []Invocation{}, Results: []Result{}, ColumnKind: "unicodeCodePoints"}
}

// Add adds a result and the rule that it breaks, which the run has once.
func (r *Run) Add(rule Rule, result Result) {
	rules := &r.Tool.Driver.Rules
	i := slices.IndexFunc(*rules, func(known Rule) bool { return known.ID == rule.ID })
	if i < 0 {
		i = len(*rules)
		*rules = append(*rules, rule)
	}
	result.RuleID, result.RuleIndex = rule.ID, i
	r.Results = append(r.Results, result)
}

// Write writes the log of one run.
func (r *Run) Write(w io.Writer) error {
	return plainjson.Write(w, struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []*Run `json:"runs"`
	}{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []*Run{r}})
}

// At is a place in a file, as its name was given; in the whole of it when line is 0.
func At(file string, line, column int) *Physical {
	u := url.URL{Path: filepath.ToSlash(file)}
	p := &Physical{Artifact: Artifact{u.EscapedPath()}}
	if filepath.IsAbs(file) {
		p.Artifact.URI = "file://" + u.EscapedPath()
	}
	if line > 0 {
		p.Region = &Region{line, column}
	}
	return p
}
