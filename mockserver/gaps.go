package mockserver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// mostNamed is how many of a kind are named.
const mostNamed = 5

// Gaps says what of a vendor's contract the mock answers otherwise than its author may
// expect, a sentence for each kind: what events demand, what has no sample, and samples that
// break their schema. It judges every sample, which takes a while with many.
func (s *Server) Gaps(vendor string) []string {
	for _, v := range s.vendors() {
		if v.contract.ID == vendor && !v.contract.Proven() {
			return slices.Concat(v.demandedOfEvents(), v.withoutSample(), v.brokenSamples())
		}
	}
	return nil
}

// withoutSample names the operations of a vendor without rules of its own whose usual
// answer has no sample.
func (v *vendor) withoutSample() []string {
	if !v.byDocument {
		return nil
	}
	var made, empty, impossible []string
	for _, o := range v.contract.Operations {
		documented, _ := o.Response(o.Usual())
		kind, _ := negotiated(documented.ContentTypes, nil)
		if _, _, ok := v.sampleOf(documented, kind, ""); ok || kind == "" || o.Collection != nil {
			continue
		}
		body, _, err := v.bodyOf(o, documented, kind, wish{}, madeup.Wish{})
		if err == nil && body != nil {
			_, err = inMedia(kind, body)
		}
		switch {
		case err != nil:
			impossible = append(impossible, fmt.Sprintf("%s %d can't be answered: %v", o.Name(), o.Usual(), err))
		case body == nil:
			empty = append(empty, o.Name()+" in "+kind)
		default:
			made = append(made, o.Name())
		}
	}
	var list []string
	if len(made) > 0 {
		list = append(list, "no sample, so that answers are made from the schema: "+plural.Few(made, mostNamed))
	}
	if len(empty) > 0 {
		list = append(list, "no sample and no schema, so that answers have no body: "+plural.Few(empty, mostNamed))
	}
	return append(list, firstOf(impossible)...)
}

// brokenSamples names the samples that the validator finds errors in: they are answered
// all the same.
func (v *vendor) brokenSamples() []string {
	var list []string
	for _, name := range v.contract.PayloadNames() {
		for _, sample := range v.contract.Payloads[name].Samples {
			f, broken := v.brokenIn(specs.FromVendor, name, sample)
			if broken {
				_, broken = v.brokenIn(specs.ToVendor, name, sample) // it may be that of a request
			}
			if broken {
				place := v.placeOf(sample, f.Line)
				f.Line = 0 // the place says it
				list = append(list, fmt.Sprintf("%s: sample %s of payload %s breaks its schema, and is answered all the same: %s", place, sample.Name, name, f))
			}
		}
	}
	return firstOf(list)
}

// brokenIn is the first error in a sample that is sent in one direction.
func (v *vendor) brokenIn(way specs.Direction, payload string, sample specs.Sample) (traffic.Finding, bool) {
	found := v.judge.Sent(way).Payload(payload, validator.Decode(sample.Body))
	i := slices.IndexFunc(found, func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Error) })
	if i < 0 {
		return traffic.Finding{}, false
	}
	return found[i], true
}

// placeOf is where something stands in a sample: a line of its file, or the line of the
// document that has it.
func (v *vendor) placeOf(sample specs.Sample, line int) string {
	key, section, _ := strings.Cut(sample.Source, "#")
	source := v.contract.Sources[key]
	begins, ok := strings.CutPrefix(section, "L")
	switch {
	case ok && source.Title != "":
		return source.Title + ":" + begins
	case section == "" && source.Title != "" && source.URL == "": // a document whose lines are not known
		return source.Title
	}
	if line == 0 || !strings.HasSuffix(sample.File, ".json") { // an example in a folder's openapi.yaml
		return v.contract.Path(sample.File)
	}
	return fmt.Sprintf("%s:%d", v.contract.Path(sample.File), line)
}

func firstOf(sentences []string) []string {
	if len(sentences) <= mostNamed {
		return sentences
	}
	return append(sentences[:mostNamed:mostNamed], fmt.Sprintf("and %d more of this kind", len(sentences)-mostNamed))
}
