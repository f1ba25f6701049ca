package traffic

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/visible"
)

// Finding is one deviation of an exchange or a payload from the contract.
type Finding struct {
	Code        string   `json:"code"` // stable, e.g. "body.required"; listed by the validator
	Severity    Severity `json:"severity"`
	Part        Part     `json:"part,omitempty"`    // which half of the exchange; "" for a payload alone
	Pointer     string   `json:"pointer,omitempty"` // JSON pointer into the body, or "header:Name", "query:name", "path:name"
	Expected    string   `json:"expected,omitempty"`
	Actual      string   `json:"actual,omitempty"`
	Requirement string   `json:"requirement,omitempty"` // ID of what it breaks, where one is known
	Hint        string   `json:"hint,omitempty"`        // a likely cause, and what to do
	Line        int      `json:"line,omitempty"`        // 1-based, in the body as sent
	Column      int      `json:"column,omitempty"`      // 1-based, in characters
}

// String is the finding in one line:
//
//	error body.required at /data/text (line 3, column 5): expected a string, got nothing; did you mean …? (breaks X-MSG-004)
func (f Finding) String() string {
	var text strings.Builder
	text.WriteString(string(f.Severity) + " " + f.Code)
	if f.Pointer != "" {
		text.WriteString(" at " + f.Pointer)
	}
	if f.Line > 0 {
		fmt.Fprintf(&text, " (line %d, column %d)", f.Line, f.Column)
	}
	switch {
	case f.Expected != "":
		text.WriteString(": expected " + f.Expected + ", got " + cmp.Or(f.Actual, "nothing"))
	case f.Actual != "":
		text.WriteString(": " + f.Actual)
	}
	if f.Hint != "" {
		text.WriteString("; " + f.Hint)
	}
	if f.Requirement != "" {
		text.WriteString(" (breaks " + f.Requirement + ")")
	}
	return visible.Line(text.String()) // a key of a body may hold anything
}

// Severity says how bad a finding is.
type Severity string

// The severities, worst first. HarnessError means that Parley itself broke the
// contract while playing the vendor.
const (
	HarnessError Severity = "harness_error"
	Error        Severity = "error"
	Warn         Severity = "warn"
	Info         Severity = "info"
)

func (s Severity) rank() int {
	switch s {
	case HarnessError:
		return 4
	case Error:
		return 3
	case Warn:
		return 2
	case Info:
		return 1
	}
	return 0
}

// AtLeast reports whether s is as bad as other or worse.
func (s Severity) AtLeast(other Severity) bool { return s.rank() >= other.rank() }

// Part is a half of an exchange.
type Part string

// The two halves.
const (
	InRequest  Part = "request"
	InResponse Part = "response"
)
