package conformance

import (
	"time"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Result is what a run found out with one check.
type Result struct {
	ID           string        `json:"id"`
	Suite        string        `json:"suite"`
	Title        string        `json:"title"`
	Level        Level         `json:"level"`
	Verdict      Verdict       `json:"verdict"`
	Evidence     specs.Class   `json:"evidence,omitempty"` // the weakest that the verdict rests on: "documented", "observed", "assumed" or "agreed"
	Requirements []Requirement `json:"requirements"`       // that the verdict is about: those that are broken, or all that the check decides
	Readings     []Reading     `json:"readings,omitempty"` // that the verdict rests on
	Expected     string        `json:"expected,omitempty"`
	Actual       string        `json:"actual,omitempty"` // or the reason, where nothing was expected
	Hint         string        `json:"hint,omitempty"`   // a likely cause, and what to do
	Notes        []string      `json:"notes,omitempty"`
	Exchanges    []string      `json:"exchanges,omitempty"` // IDs, as evidence
	Known        KnownState    `json:"known_failing,omitempty"`
	KnownReason  string        `json:"known_failing_reason,omitempty"`
	KnownExpires string        `json:"known_failing_expires,omitempty"` // the last day of the entry
	Reproduce    string        `json:"reproduce,omitempty"`             // a command
	Duration     time.Duration `json:"duration_ns"`
}

// KnownState is what a known-failing entry means for its result; "" where there is none.
type KnownState string

// What an entry can mean.
const (
	KnownFailing   KnownState = "failing"   // it fails, as listed, and does not fail the run
	KnownStale     KnownState = "stale"     // it does not fail any more: the run fails until the entry is taken out
	KnownExpired   KnownState = "expired"   // it counts as if it were not listed
	KnownUndecided KnownState = "undecided" // it neither failed nor passed
)

// Requirement is a requirement of the contract as reports cite it.
type Requirement struct {
	ID       string      `json:"id"`
	Level    string      `json:"level"`
	Text     string      `json:"text"`
	Quote    string      `json:"quote,omitempty"`
	Source   string      `json:"source"`
	Link     string      `json:"link,omitempty"`
	Evidence specs.Class `json:"-"` // "documented", "observed", "assumed" or "agreed"; a result shows the weakest
}

// Reading is a reading of the contract with the option in force.
type Reading struct {
	ID       string      `json:"id"`
	Question string      `json:"question"`
	Chosen   string      `json:"chosen"`
	Meaning  string      `json:"meaning,omitempty"`
	Default  string      `json:"default"`
	Evidence specs.Class `json:"evidence,omitempty"` // of the default, or "agreed"
}

// decided reports whether the verdict says something about the partner.
func (r Result) decided() bool {
	return r.Verdict == VerdictPass || r.Verdict == VerdictFail || r.Verdict == VerdictWarn || r.Verdict == VerdictUndetermined
}

// Fails reports whether the result by itself makes the run fail.
func (r Result) Fails() bool {
	return r.Known == KnownStale || r.Verdict == VerdictFail && r.Known != KnownFailing
}

// exchangesOf are the IDs, each once, in order.
func exchangesOf(seen []*traffic.Exchange) []string {
	var ids []string
	done := map[string]bool{}
	for _, e := range seen {
		if e != nil && e.ID != "" && !done[e.ID] {
			done[e.ID] = true
			ids = append(ids, e.ID)
		}
	}
	return ids
}
