package conformance

import (
	"time"

	"github.com/parleykit/parley/traffic"
)

// Report is the model from which every report is written. Nothing in it is
// secret: texts and exchanges have been redacted.
type Report struct {
	Tool     string            `json:"tool"` // "parley"
	Version  string            `json:"version"`
	Outcome  Outcome           `json:"outcome"`
	Reasons  []string          `json:"reasons,omitempty"` // why the outcome is not passed
	Contract ReportContract    `json:"contract"`
	Suites   []string          `json:"suites"`
	Target   string            `json:"target,omitempty"`
	Channel  string            `json:"channel"`
	Address  string            `json:"address"` // where the partner calls the vendor
	Seed     uint64            `json:"seed"`
	Started  time.Time         `json:"started"`
	Ended    time.Time         `json:"ended"`
	Timing   map[string]string `json:"timing"`   // Go durations
	Readings []Reading         `json:"readings"` // all in force
	Opening  []Opening         `json:"opening,omitempty"`
	Counts   map[Verdict]int   `json:"counts"` // every verdict
	Results  []Result          `json:"results"`
	Dropped  uint64            `json:"exchanges_dropped,omitempty"` // that the journal no longer had

	Exchanges []*traffic.Exchange `json:"-"` // all of the run, oldest first
}

// ReportContract names the contract that was judged against.
type ReportContract struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Opening is what the vendor sent to open the channel, and how the partner took it.
type Opening struct {
	Event    string `json:"event"`
	State    string `json:"state"`
	Status   int    `json:"status,omitempty"`
	Error    string `json:"error,omitempty"`
	Exchange string `json:"exchange,omitempty"`
}
