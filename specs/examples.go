package specs

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Example is one of an answer's content type that has no payload: a text, or a body
// that nobody judges.
type Example struct {
	Name        string
	ContentType string
	Body        json.RawMessage
}

// examplesOf are those of the content types of an answer that have no payload.
func examplesOf(content openapi3.Content) []Example {
	var list []Example
	for _, kind := range contentTypes(content) {
		media := content[kind]
		if media == nil || media.Schema != nil && payloadOf(media.Schema.Ref) != "" {
			continue
		}
		for _, one := range examplesIn(media) {
			one.ContentType = kind
			list = append(list, one)
		}
	}
	return list
}

// examplesIn are those that stand in the document beside a schema, in order.
func examplesIn(media *openapi3.MediaType) []Example {
	var list []Example
	add := func(name string, value any) {
		if text, err := json.Marshal(value); err == nil && value != nil {
			list = append(list, Example{Name: name, Body: text})
		}
	}
	add("example", media.Example)
	for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
		if ref := media.Examples[name]; ref != nil && ref.Value != nil {
			add(name, ref.Value.Value)
		}
	}
	return list
}

// addExamples makes the examples that stand in the document samples of the payloads
// that they are of, and gives answers those of types without one. A
// sample in a file of its own stays what it is.
func (c *Contract) addExamples() {
	for _, o := range slices.Concat(c.Operations, c.Events) {
		described := c.Described(o)
		if described == nil {
			continue
		}
		if body := described.RequestBody; body != nil && body.Value != nil {
			c.addExamplesOf(body.Value.Content)
		}
		for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
			answer := described.Responses.Value(StatusName(status))
			if answer == nil || answer.Value == nil {
				continue
			}
			c.addExamplesOf(answer.Value.Content)
			documented := o.Responses[status]
			documented.Examples = examplesOf(answer.Value.Content)
			o.Responses[status] = documented
		}
	}
}

func (c *Contract) addExamplesOf(content openapi3.Content) {
	for _, kind := range contentTypes(content) {
		media := content[kind]
		if media == nil || media.Schema == nil {
			continue
		}
		p := c.Payloads[payloadOf(media.Schema.Ref)]
		if p == nil {
			continue
		}
		for _, one := range examplesIn(media) {
			if _, there := p.Sample(one.Name); !there {
				p.Samples = append(p.Samples, Sample{Name: one.Name, File: documentFile, Body: one.Body, Evidence: Documented})
			}
		}
	}
}
