package validator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// chosen is Select with what a header tells by an event's own name, where nothing that
// the contract fixes tells the candidates apart: issues-opened is sent with "issues" in
// a documented header, and "opened" in the body. That a name says so is only assumed.
func (v *Validator) chosen(candidates []*specs.Operation, header http.Header, d *Document) (*specs.Operation, []traffic.Finding) {
	if len(candidates) == 1 || !candidates[0].Event || len(v.fitting(nil, candidates, d)) == 1 {
		return v.Select(candidates, d)
	}
	named, by := byName(candidates, header)
	if len(named) == 0 || len(named) == len(candidates) {
		return v.Select(candidates, d)
	}
	fitting := v.fitting(nil, named, d)
	if len(fitting) == 0 {
		found := v.unselected(named, d)
		for i := range found {
			if found[i].Code == "operation.unknown" { // what rests on a name can't be an error
				found[i].Severity = traffic.Warn
			}
		}
		return nil, found
	}
	given := header.Get(by)
	o := spelled(fitting, given, d)
	if o == nil {
		o = v.fittest(fitting, d)
	}
	return o, []traffic.Finding{finding("operation.assumed", traffic.Finding{
		Pointer: "header:" + by, Expected: "a value that the contract fixes", Actual: shorten(given),
		Hint: "taken for " + o.Name() + " by its name",
	})}
}

// byName are the candidates whose name is the value of a documented header, or begins
// with it; and which header that is.
func byName(candidates []*specs.Operation, header http.Header) (named []*specs.Operation, by string) {
	for _, o := range candidates {
		for _, p := range o.Parameters {
			given := joined(header.Get(p.Name))
			if p.In != "header" || given == "" || len(fixedValues(p)) > 0 {
				continue
			}
			if name := joined(o.ID); name == given || strings.HasPrefix(name, given+"-") {
				named, by = append(named, o), p.Name
				break
			}
		}
	}
	return named, by
}

// spelled is the candidate whose name is the header's value, alone or with a text of the
// body; nil for none.
func spelled(candidates []*specs.Operation, given string, d *Document) *specs.Operation {
	names := []string{joined(given)}
	body, _ := d.Value().(map[string]any)
	for _, value := range body {
		if text, ok := value.(string); ok {
			names = append(names, joined(given)+"-"+joined(text))
		}
	}
	longest := func(a, b *specs.Operation) int { return len(b.ID) - len(a.ID) }
	for _, o := range slices.SortedStableFunc(slices.Values(candidates), longest) {
		if slices.Contains(names, joined(o.ID)) {
			return o
		}
	}
	return nil
}

var notWord = lazy.Regexp(`[^a-z0-9]+`)

// joined is a name whatever divides its words: pull_request and Pull-Request.
func joined(name string) string {
	return strings.Trim(notWord().ReplaceAllString(strings.ToLower(name), "-"), "-")
}
