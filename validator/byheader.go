package validator

import (
	"net/http"
	"slices"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// byHeader keeps the candidates that a documented header allows, where it tells them
// apart: its schema fixes one value, or lists some. Without any left it says which
// header has a value of none; where the header is missing, all are left.
func byHeader(candidates []*specs.Operation, header http.Header) ([]*specs.Operation, []traffic.Finding) {
	var fitting []*specs.Operation
	var wrong string
	for _, o := range candidates {
		other := otherHeader(o, header)
		if other == "" {
			fitting = append(fitting, o)
		} else if header.Get(other) != "" {
			wrong = other
		}
	}
	switch {
	case len(fitting) > 0:
		return fitting, nil
	case wrong == "":
		return candidates, nil
	}
	var values []string
	for _, o := range candidates {
		for _, p := range o.Parameters {
			if p.In == "header" && http.CanonicalHeaderKey(p.Name) == http.CanonicalHeaderKey(wrong) {
				values = append(values, fixedValues(p)...)
			}
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	given := header.Get(wrong)
	if traffic.Hidden(given) {
		return candidates, nil
	}
	return nil, []traffic.Finding{finding("operation.unknown", traffic.Finding{
		Pointer: "header:" + wrong, Expected: plural.List(values, "or"), Actual: shorten(given), Hint: near.DidYouMean(given, values),
	})}
}

// otherHeader is the header by which a request is none of this operation; "" for none.
func otherHeader(o *specs.Operation, header http.Header) string {
	for _, p := range o.Parameters {
		values := fixedValues(p)
		if p.In != "header" || len(values) == 0 {
			continue
		}
		given := header.Get(p.Name)
		if given == "" && p.Required || given != "" && !slices.Contains(values, given) {
			return p.Name
		}
	}
	return ""
}

// fixedValues are the texts that a parameter may have, where its schema lists them.
func fixedValues(p specs.Parameter) []string {
	if text, ok := p.Schema["const"].(string); ok {
		return []string{text}
	}
	return valuepath.Texts(p.Schema["enum"])
}
