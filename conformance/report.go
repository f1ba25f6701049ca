package conformance

import (
	"cmp"
	"time"

	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/coverage"
)

// Report is the model from which every report is written. Nothing in it is
// secret: texts and exchanges have been redacted.
type Report struct {
	Tool     string            `json:"tool"` // "parley"
	Version  string            `json:"version"`
	Outcome  Outcome           `json:"outcome"`
	Reasons  []string          `json:"reasons,omitempty"` // why the outcome is not passed
	Contract ReportContract    `json:"contract"`
	Suites   []string          `json:"suites"` // IDs
	Target   string            `json:"target,omitempty"`
	Channel  string            `json:"channel"`           // ID; "" for a vendor without events
	Address  string            `json:"address,omitempty"` // where the partner calls the vendor
	Seed     uint64            `json:"seed"`
	Started  time.Time         `json:"started"`
	Ended    time.Time         `json:"ended"`
	Timing   map[string]string `json:"timing"`   // Go durations
	FailOn   Verdict           `json:"fail_on"`  // what makes the run fail, with all that is graver
	Readings []Reading         `json:"readings"` // all in force
	Opening  []Opening         `json:"opening,omitempty"`
	Counts   map[Verdict]int   `json:"counts"` // of every verdict
	Results  []Result          `json:"results"`
	Dropped  uint64            `json:"exchanges_dropped,omitempty"` // that the journal no longer had
	Remarks  []string          `json:"remarks,omitempty"`           // of the run as a whole; they judge nobody
	Coverage Coverage          `json:"coverage"`

	Exchanges []*traffic.Exchange `json:"-"` // all of the run, oldest first
	Ledger    *Ledger             `json:"-"` // nil where Options.Ledger did not ask for it
	Folder    string              `json:"-"` // where WriteFiles will write; "": nowhere
}

// ReportContract names the contract that was judged against.
type ReportContract struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`

	NotJudged []string `json:"not_judged,omitempty"` // what it has and nobody judges
	Document  string   `json:"-"`                    // path of its OpenAPI document, as errors call it
}

// Opening is what the vendor sent to open the channel, and how the partner took it.
type Opening struct {
	Event    string       `json:"event"`
	State    outbox.State `json:"state"`
	Status   int          `json:"status,omitempty"`
	Error    string       `json:"error,omitempty"`
	Exchange string       `json:"exchange,omitempty"`
}

// Coverage is what the exchanges of the run touched of the whole contract, in both
// directions, and by name what they did not: green says nothing about that.
type Coverage struct {
	Total     coverage.Tally  `json:"total"`
	Parts     []coverage.Part `json:"parts"`
	Untouched []string        `json:"untouched"`
}

// counted are all verdicts, in the order in which reports count them.
var counted = []Verdict{VerdictPass, VerdictFail, VerdictWarn, VerdictUndetermined, VerdictNotApplicable, VerdictCouldNotRun, VerdictHarnessError}

// Report ends the run. Checks of the plan that were not judged could not run.
func (r *Run) Report() *Report {
	for _, c := range r.plan {
		r.mu.Lock()
		_, judged := r.results[c.ID]
		r.mu.Unlock()
		if !judged {
			r.notBegun(c)
		}
	}
	report := r.soFar()
	report.Coverage = r.touched()
	report.Ledger = r.ledger()
	return report
}

// touched counts what the exchanges of the run touched of the contract.
func (r *Run) touched() Coverage {
	touched := coverage.New(r.o.Contract)
	for _, e := range r.o.Sandbox.Journal().Find(func(e *traffic.Exchange) bool { return !r.before[e] }) {
		touched.Add(e)
	}
	report := touched.Report(r.o.Version)
	return Coverage{report.Total, report.Parts(), report.Untouched}
}

// soFar is the report of the checks that were judged until now; its coverage counts
// nothing.
func (r *Run) soFar() *Report {
	o := r.o
	report := &Report{
		Tool: "parley", Version: o.Version, Seed: o.Seed, Started: r.started, Ended: o.Now(),
		Contract: ReportContract{ID: o.Contract.ID, Name: o.Contract.Name, Title: o.Contract.Title, NotJudged: o.Contract.NotJudged, Document: o.Contract.Path("openapi.yaml")},
		Target:   r.redact.Text(redactedURL(o.Target)), Channel: r.channel.ID, Address: cmp.Or(r.channel.Address, o.Address),
		Timing: o.Timing.texts(o.Deadline), Opening: r.opening, Counts: map[Verdict]int{}, Results: r.judged(),
		Readings: []Reading{}, FailOn: cmp.Or(o.FailOn, VerdictFail), Coverage: Coverage{Parts: []coverage.Part{}, Untouched: []string{}},
	}
	for _, s := range o.Suites {
		report.Suites = append(report.Suites, s.ID)
	}
	for _, s := range o.Contract.Settings() {
		report.Readings = append(report.Readings, inForce(o.Contract, s.ID))
	}
	for _, v := range counted {
		report.Counts[v] = 0
	}
	for _, result := range report.Results {
		report.Counts[result.Verdict]++
	}
	report.Outcome, report.Reasons = OutcomeOf(report.Results, o.FailOn)
	journal := o.Sandbox.Journal()
	for _, e := range journal.Find(func(e *traffic.Exchange) bool { return !r.before[e] }) {
		report.Exchanges = append(report.Exchanges, r.redact.Exchange(e))
	}
	report.Remarks = remarksOn(report.Exchanges)
	report.Dropped = journal.Stats().Dropped - r.dropped
	return report
}

// judged returns the results so far, in the order of the plan.
func (r *Run) judged() []Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	results := []Result{}
	for _, c := range r.plan {
		if result, ok := r.results[c.ID]; ok {
			results = append(results, result)
		}
	}
	return results
}
