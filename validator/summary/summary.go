// Package summary gathers what was found in many exchanges and bodies: findings
// grouped by the requirement that they break, with counts and the first example
// of each. Captures and the proxy fill it; it is written as text, JSON, JUnit,
// SARIF or workflow commands. Its memory is bounded, however much is added.
package summary

import (
	"slices"
	"sync"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// The bounds of a summary. What is beyond them is counted only.
const (
	maxKinds  = 1000 // kinds of findings
	maxHosts  = 100  // hosts of skipped exchanges
	maxBroken = 100  // broken entries
)

// Options are optional.
type Options struct {
	FailOn  traffic.Severity // findings this bad or worse make the outcome failed; default Error
	Version string           // of Parley, for the formats that name their tool
	Codes   []validator.Code // of findings that are not the validator's, for the formats that explain codes
	Secrets []string         // that are never shown, wherever they stand
}

// Summary is filled by Add and its like, and read by Report. It is safe for
// concurrent use.
type Summary struct {
	contract *specs.Contract
	options  Options
	redact   *redaction.Redactor

	mu       sync.Mutex
	counts   Counts
	findings map[traffic.Severity]int
	kinds    map[kindKey]*Kind
	leftOut  int
	cut      int // judged exchanges of which a body was not there
	aborted  int // exchanges that ended before they were whole
	hosts    map[string]int
	broken   []Broken
	empty    []string // captures in which nothing was judged
	results  []Body
}

// Counts says how many exchanges there were, and what became of them.
type Counts struct {
	Read       int `json:"read"`       // judged, upgraded, skipped and broken ones
	Judged     int `json:"judged"`     // of the contract
	Operations int `json:"operations"` // of those judged, the partner's calls
	Events     int `json:"events"`     // of those judged, the vendor's calls
	Upgraded   int `json:"upgraded"`   // to another protocol, as WebSocket, in none of the contract's operations; not judged
	Skipped    int `json:"skipped"`    // none of the contract's
	Broken     int `json:"broken"`     // could not be read
}

// New returns an empty summary of traffic that is judged against a contract,
// whose secrets it never shows.
func New(c *specs.Contract, o Options) *Summary {
	if o.FailOn == "" {
		o.FailOn = traffic.Error
	}
	redact := validator.Redactor(c)
	redact.Know(o.Secrets...)
	return &Summary{
		contract: c, options: o, redact: redact,
		findings: map[traffic.Severity]int{}, kinds: map[kindKey]*Kind{}, hosts: map[string]int{},
	}
}

// Add counts an exchange that was judged, and its findings. At is where it
// stands in a capture; the zero Position where there is none. The exchange is
// not kept.
func (s *Summary) Add(e *traffic.Exchange, at traffic.Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Read++
	switch {
	case e.Operation == "" && hasCode(e, validator.CodeUpgraded):
		s.counts.Upgraded++
	default:
		s.judged(e)
	}
	for _, f := range e.Findings {
		s.count(f, e.Operation, func() Example { return s.example(e, f, at) })
	}
}

func (s *Summary) judged(e *traffic.Exchange) {
	s.counts.Judged++
	if e.Caller == traffic.Vendor {
		s.counts.Events++
	} else {
		s.counts.Operations++
	}
	if hasCode(e, "body.cut") {
		s.cut++
	}
	if hasCode(e, "exchange.aborted") {
		s.aborted++
	}
}

func hasCode(e *traffic.Exchange, code string) bool {
	return slices.ContainsFunc(e.Findings, func(f traffic.Finding) bool { return f.Code == code })
}

// Skip counts an exchange that is none of the contract's, by the host that was
// called.
func (s *Summary) Skip(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Read++
	s.counts.Skipped++
	if host == "" {
		host = "(no host)"
	}
	if _, known := s.hosts[host]; !known && len(s.hosts) >= maxHosts {
		host = "(other hosts)"
	}
	s.hosts[host]++
}

// Broken is an entry of a capture that could not be read.
type Broken struct {
	traffic.Position
	Text string `json:"text"` // what is wrong, and what to do
}

// AddBroken counts an entry that could not be read. It makes the outcome
// incomplete.
func (s *Summary) AddBroken(at traffic.Position, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Read++
	s.counts.Broken++
	if len(s.broken) < maxBroken {
		s.broken = append(s.broken, Broken{at, s.redact.Text(text)})
	}
}

// AddEmpty notes a capture in which nothing was judged. It makes the outcome
// incomplete, whatever others held.
func (s *Summary) AddEmpty(source string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.empty = append(s.empty, source)
}

// Body is what was found in one JSON body that was judged alone.
type Body struct {
	File     string            `json:"file"` // "-" is standard input
	Payload  string            `json:"payload"`
	Guessed  bool              `json:"guessed"`
	Also     []string          `json:"also,omitempty"` // payloads that fit equally well
	Valid    bool              `json:"valid"`          // no finding is an error
	Findings []traffic.Finding `json:"findings"`
}

// AddBody keeps the result of a body and counts its findings.
func (s *Summary) AddBody(b Body) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.Findings = s.redacted(b.Findings)
	s.results = append(s.results, b)
	for _, f := range b.Findings {
		s.count(f, b.Payload, func() Example {
			return Example{Position: traffic.Position{Source: b.File, Line: f.Line}, Finding: f}
		})
	}
}

// redacted copies findings without secrets; the list is never nil.
func (s *Summary) redacted(found []traffic.Finding) []traffic.Finding {
	return append([]traffic.Finding{}, s.redact.Findings(found)...)
}

// example takes from an exchange what names it and shows nothing of its bodies.
func (s *Summary) example(e *traffic.Exchange, f traffic.Finding, at traffic.Position) Example {
	one := *e
	one.Findings = []traffic.Finding{f}
	shown := s.redact.Exchange(&one) // whole, so that a secret of the body is known in the finding
	return Example{
		Position: at, Exchange: e.ID, Caller: e.Caller, Method: e.Request.Method, URL: shown.Request.URL,
		Status: e.Status(), Finding: shown.Findings[0],
	}
}

// count adds a finding to its kind. First is only called for a new kind.
func (s *Summary) count(f traffic.Finding, operation string, first func() Example) {
	s.findings[f.Severity]++
	key := kindKey{f.Requirement, f.Code, f.Severity, f.Part, operation, jsonpointer.General(f.Pointer)}
	kind := s.kinds[key]
	if kind == nil {
		if len(s.kinds) >= maxKinds {
			s.leftOut++
			return
		}
		kind = &Kind{Code: f.Code, Severity: f.Severity, Part: f.Part, Operation: operation, Pointer: key.pointer, First: first()}
		s.kinds[key] = kind
	}
	kind.Count++
}

// kindKey tells kinds of findings apart.
type kindKey struct {
	requirement, code string
	severity          traffic.Severity
	part              traffic.Part
	operation         string
	pointer           string
}
