package validator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

// draft is a finding on its way: it knows which place is to be named by line and
// column, which need not be the one its pointer names.
type draft struct {
	traffic.Finding
	place string // pointer of a value that is there, or of one around it
	key   bool   // the key is meant, not the value
}

// pointerBuffers are the memory in which walks keep the pointer to where they are.
var pointerBuffers = sync.Pool{New: func() any { buffer := make([]byte, 0, 128); return &buffer }}

// judge finds what is wrong with a value that could be read, and how many
// findings more there are than it returns.
func (p *payload) judge(d *Document) ([]draft, int) {
	if d.tape != nil && p.program.accepts(d.tape) {
		return nil, 0
	}
	value := d.view()
	if d.extreme {
		value = viewOf(tamed(value.tree))
	}
	pointer := pointerBuffers.Get().(*[]byte)
	defer pointerBuffers.Put(pointer)
	w := walker{pointer: (*pointer)[:0]}
	w.walk(p.graph.applicable(value), value)
	problems, left := p.schema.judge(value, len(d.raw))
	if len(w.found)+len(problems) == 0 {
		return nil, 0
	}
	tree := value.value()
	for _, one := range problems {
		w.found = append(w.found, one.draft(d))
	}
	w.found = slices.DeleteFunc(w.found, func(one draft) bool { return hidden(tree, one.Pointer) || d.standsIn(one.Finding) })
	if len(w.found) == 0 {
		return nil, 0
	}
	return p.joinKeys(w.found, tree), w.left + left
}

// hidden tells whether the value at a pointer was recorded without what stood there,
// because it was secret or nobody understood the body. What is wrong with it was
// found when it was recorded.
func hidden(value any, pointer string) bool {
	inside, _ := valuepath.Pointer(value, pointer)
	text, ok := inside.(string)
	return ok && traffic.Hidden(text)
}

// draft turns an error of the schema into a finding.
func (one problem) draft(d *Document) draft {
	f := finding(one.code, traffic.Finding{Pointer: pointerOf(one.path), Expected: one.expected, Actual: "nothing"})
	value, ok := d.Lookup(f.Pointer)
	if !ok {
		return draft{Finding: f, place: f.Pointer}
	}
	if decided := one.decided(value); decided.code != one.code {
		f = finding(decided.code, f)
		f.Hint = undecidedHint
	}
	f.Actual = actual(value)
	if text, ok := value.(string); ok && d.stands[f.Pointer] == ofFile {
		f.Actual = plural.Of(len(text), "byte")
	}
	switch one.code {
	case "body.type":
		f.Actual = kindAnd(value)
		if !d.form {
			f.Hint = typeHint(one.expected, value)
		}
	case "body.const", "body.enum":
		f.Hint = valueHint(one.expected, value)
	}
	return draft{Finding: f, place: f.Pointer}
}

func pointerOf(path []string) string {
	var pointer strings.Builder
	for _, key := range path {
		pointer.WriteString("/" + jsonpointer.Escape(key))
	}
	return pointer.String()
}

// report completes the findings of one body: requirement, redaction, lines,
// order, and the bound on their number.
func (v *Validator) report(p *payload, d *Document, drafts []draft, left int) []traffic.Finding {
	slices.SortStableFunc(drafts, byImportance)
	drafts = slices.CompactFunc(drafts, func(a, b draft) bool { return a.Finding == b.Finding })
	left += d.leftOut
	if len(drafts) > maxFindings {
		left += len(drafts) - maxFindings
		drafts = drafts[:maxFindings]
	}
	d.locate(drafts)
	found := make([]traffic.Finding, 0, len(drafts)+1)
	for _, one := range drafts {
		found = append(found, v.complete(p, d, one.Finding))
	}
	slices.SortStableFunc(found, func(a, b traffic.Finding) int {
		nowhere := cmp.Compare(min(b.Line, 1), min(a.Line, 1)) // what has no line comes last
		return cmp.Or(bySeverity(a, b), nowhere, cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if left > 0 {
		found = append(found, leftOut(left))
	}
	return found
}

func leftOut(more int) traffic.Finding {
	return finding("findings.left-out", traffic.Finding{
		Expected: fmt.Sprintf("at most %d findings", maxFindings), Actual: "at least " + strconv.Itoa(more) + " more",
		Hint: "correct what is reported and judge again",
	})
}

// byImportance decides what is kept when there are too many. It is a total
// order, because schemas are judged in the random order of maps.
func byImportance(a, b draft) int {
	return cmp.Or(bySeverity(a.Finding, b.Finding), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Expected, b.Expected), cmp.Compare(a.Actual, b.Actual))
}

func bySeverity(a, b traffic.Finding) int {
	switch {
	case a.Severity == b.Severity:
		return 0
	case a.Severity.AtLeast(b.Severity):
		return -1
	}
	return 1
}

// complete adds what the contract says about the place of a finding, and takes
// secrets out of it.
func (v *Validator) complete(p *payload, d *Document, f traffic.Finding) traffic.Finding {
	inBody := strings.HasPrefix(f.Code, "body.")
	if inBody && d.Repaired() {
		f.Hint = strings.TrimPrefix(f.Hint+"; found in the repaired text", "; ")
	}
	if p == nil {
		return f
	}
	said := p.requirementAt(d.Value(), f.Pointer)
	if f.Code == "body.required" && f.Hint == "" {
		said = p.requirementOfMissing(d.Value(), f.Pointer)
	}
	value, there := d.Lookup(f.Pointer)
	if f.Severity.AtLeast(traffic.Warn) {
		if f.Code == "body.any-of" || f.Code == "body.one-of" {
			said.requirement = cmp.Or(said.choice, said.requirement)
		}
		f.Requirement = said.requirement
		if inBody {
			f.Severity = v.grave(p, d, f, said)
		}
	}
	secret := said.secret || slices.ContainsFunc(strings.Split(f.Pointer, "/"), func(key string) bool { return v.redact.IsSecret(jsonpointer.Unescape(key)) })
	if there && secret && inBody && f.Code != "body.unknown-key" {
		f.Actual = valuepath.Type(value) + " " + traffic.Redacted
	}
	return f
}

// locate adds line and column where a finding has none yet.
func (d *Document) locate(drafts []draft) {
	if d.form || d.end == 0 {
		return
	}
	wanted := map[string]bool{"": true}
	for _, one := range drafts {
		for place := one.place; one.Line == 0 && place != ""; place = jsonpointer.Parent(place) {
			wanted[place] = true
		}
	}
	at := spans(d.text(), wanted)
	for i := range drafts {
		one := &drafts[i]
		if one.Line != 0 {
			continue
		}
		place := one.place
		for _, ok := at[place]; !ok && place != ""; _, ok = at[place] {
			place = jsonpointer.Parent(place)
		}
		offset := at[place].start
		if one.key {
			offset = at[place].key
		}
		one.Line, one.Column = d.position(offset)
	}
}

// tamed replaces numbers that the compiled schema can't compute with by ones
// that are as large, or as small, as it can.
func tamed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inside := range value {
			next[key] = tamed(inside)
		}
		return next
	case []any:
		next := make([]any, len(value))
		for i := range value {
			next[i] = tamed(value[i])
		}
		return next
	case json.Number:
		if !extreme(string(value)) {
			return value
		}
		if point := strings.IndexByte(string(value), '.'); point >= 0 && point < maxDigits-1 && !strings.ContainsAny(string(value), "eE") {
			return value[:maxDigits] // still a fraction
		}
		f, _ := strconv.ParseFloat(string(value), 64)
		return json.Number(strconv.FormatFloat(min(max(f, -1e300), 1e300), 'g', -1, 64))
	}
	return value
}
