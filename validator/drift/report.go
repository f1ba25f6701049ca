package drift

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// Report is a drift at one moment, the gravest item first.
type Report struct {
	Tool      string  `json:"tool"` // "parley"
	Version   string  `json:"version,omitempty"`
	Contract  string  `json:"contract"`  // ID
	Exchanges int     `json:"exchanges"` // in which the vendor did something that was compared
	Items     []*Item `json:"items"`
	LeftOut   int     `json:"left_out,omitempty"` // findings beyond maxItems items

	NoDrift      []Value `json:"no_drift,omitempty"`       // the first maxValues calls that fit no operation and were not answered with success: the partner's doing
	NoDriftCalls int     `json:"no_drift_calls,omitempty"` // how many there were
}

// Item is one thing that the vendor does otherwise than the contract says.
type Item struct {
	Operation   string           `json:"operation"` // "operations/message", "events/connect"; "operations" or "events" where it is none of the contract's
	Part        traffic.Part     `json:"part"`      // the vendor's half
	Code        string           `json:"code"`      // of the findings
	Severity    traffic.Severity `json:"severity"`
	Payload     string           `json:"payload,omitempty"`
	Pointer     string           `json:"pointer,omitempty"` // with * for indices
	Status      int              `json:"status,omitempty"`  // that is not documented
	Expected    string           `json:"expected,omitempty"`
	Requirement string           `json:"requirement,omitempty"`
	Count       int              `json:"count"`            // of findings
	Of          int              `json:"of"`               // bodies, or calls, that were judged
	Values      []Value          `json:"values,omitempty"` // the first maxValues scalars, without secrets
	Types       []string         `json:"types,omitempty"`  // of the values
	First       Example          `json:"first"`            // where it was seen first
	Change      string           `json:"change"`           // what to change in the contract, in words
	Unfit       string           `json:"unfit,omitempty"`  // why Propose cannot make the change

	types []string
}

// Value is a value that was seen.
type Value struct {
	Value string `json:"value"` // as JSON
	Count int    `json:"count"`
}

// Example is where something was seen.
type Example struct {
	traffic.Position
	Exchange string `json:"exchange,omitempty"` // ID
}

// Report puts together what Add was given.
func (d *Drift) Report(version string) *Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &Report{Tool: "parley", Version: version, Contract: d.contract.ID, Exchanges: d.exchanges, Items: []*Item{}, LeftOut: d.leftOut,
		NoDrift: slices.Clone(d.noDrift), NoDriftCalls: d.noDriftCalls}
	for _, one := range d.order {
		item := *one
		item.Types = slices.Sorted(slices.Values(one.types))
		item.Values = slices.Clone(one.Values)
		item.Of = d.bodies[item.Operation+" "+item.Payload]
		if item.Status != 0 || item.Payload == "" {
			item.Of = d.calls[item.Operation]
		}
		item.Change, item.Unfit = d.proposal(&item)
		r.Items = append(r.Items, &item)
	}
	slices.SortStableFunc(r.Items, func(a, b *Item) int {
		switch {
		case a.Severity == b.Severity:
			return cmp.Or(strings.Compare(a.Operation, b.Operation), strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Code, b.Code))
		case a.Severity.AtLeast(b.Severity):
			return -1
		}
		return 1
	})
	return r
}

// proposal says in words what the contract should have, and why Propose cannot.
func (d *Drift) proposal(item *Item) (change, unfit string) {
	if item.isUndocumented() {
		return item.undocumentedProposal()
	}
	if item.Status != 0 {
		return fmt.Sprintf("list the answer %d of %s in openapi.yaml", item.Status, item.Operation), ""
	}
	at, err := d.locate(item)
	if err != nil {
		return "see whether the contract or the vendor is wrong", err.Error()
	}
	return at.words(item), ""
}

// WriteJSON writes the report for a program.
func (r *Report) WriteJSON(w io.Writer) error {
	return plainjson.Write(w, r)
}

// WriteText writes the report for a person.
func (r *Report) WriteText(w io.Writer) error {
	var text strings.Builder
	for _, item := range r.Items {
		text.WriteString(item.text())
	}
	if r.LeftOut > 0 {
		visible.Fprintf(&text, "%d more findings, beyond the first %d items, are left out\n", r.LeftOut, maxItems)
	}
	if r.NoDriftCalls > 0 {
		visible.Fprintf(&text, "%s: %s\n", r.noDriftWords(), seen(r.NoDrift))
	}
	visible.Fprintf(&text, "%s: %s, %s\n", r.Contract, plural.Of(r.Exchanges, "exchange"), plural.Of(len(r.Items), "drift"))
	_, err := io.WriteString(w, visible.Text(text.String()))
	return err
}

// noDriftWords say why calls are named that are no drift.
func (r *Report) noDriftWords() string {
	return plural.Of(r.NoDriftCalls, "call") + " of the partner's without an operation in the contract, and not answered with success"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (i *Item) text() string {
	place := i.Operation
	if i.Payload != "" && i.Status == 0 {
		place += ", " + i.Payload
	}
	if i.Pointer != "" {
		place += " " + i.Pointer
	}
	var text strings.Builder
	visible.Fprintf(&text, "%s: %s, %s in %d\n", place, cmp.Or(i.what(), i.Code), times(i.Count), i.Of)
	if len(i.Values) > 0 {
		visible.Fprintf(&text, "    seen: %s\n", seen(i.Values))
	}
	if at := cmp.Or(i.First.Position.String(), i.First.Exchange); at != "" {
		visible.Fprintf(&text, "    first: %s\n", at)
	}
	visible.Fprintf(&text, "    proposed: %s\n", i.Change)
	if i.Unfit != "" {
		visible.Fprintf(&text, "    by hand: %s\n", i.Unfit)
	}
	return text.String()
}

// seen lists values with how often each came.
func seen(list []Value) string {
	var values []string
	for _, v := range list {
		values = append(values, fmt.Sprintf("%s (%d)", v.Value, v.Count))
	}
	return strings.Join(values, ", ")
}

// what says the commonest kinds in words.
func (i *Item) what() string {
	if i.isUndocumented() {
		return i.undocumentedWords()
	}
	switch i.Code {
	case "body.unknown-key":
		return "a field that the contract does not know"
	case "body.unknown-value", "body.enum":
		return "a value that the contract does not know"
	case "body.type":
		return "of type " + strings.Join(i.Types, " or ") + ", documented as " + i.Expected
	case "body.required":
		if i.Count >= i.Of && !strings.Contains(i.Pointer, "*") {
			return "mandatory and always absent"
		}
		return "mandatory and sometimes absent"
	case "response.status":
		return fmt.Sprintf("the answer %d, which is not documented", i.Status)
	}
	return ""
}
