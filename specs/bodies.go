package specs

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func bodyOf(into *Operation, source *openapi3.Operation) *openapi3.SchemaRef {
	if source.RequestBody == nil || source.RequestBody.Value == nil {
		return nil
	}
	body := source.RequestBody.Value
	into.BodyRequired = body.Required
	into.ContentTypes = contentTypes(body.Content)
	main := ""
	into.Payload, into.Bodies, main = payloadsOf(body.Content)
	return schemaOf(body.Content[main])
}

// payloadsOf returns the payload of a body, that of each content type where they
// differ, and the type that has the first.
func payloadsOf(content openapi3.Content) (payload string, bodies map[string]string, main string) {
	bodies = map[string]string{}
	for _, kind := range contentTypes(content) {
		if schema := schemaOf(content[kind]); schema != nil {
			bodies[kind] = payloadOf(schema.Ref)
		} else {
			bodies[kind] = ""
		}
		if schemaOf(content[kind]) != nil && (main == "" || mainRank(kind, bodies[kind]) > mainRank(main, bodies[main])) {
			main = kind
		}
	}
	payload = bodies[main]
	for _, other := range bodies {
		if other != payload {
			return payload, bodies, main
		}
	}
	return payload, nil, main
}

// mainRank tells how much a content type is the one that a body has as a rule.
func mainRank(kind, payload string) int {
	switch {
	case payload == "":
		return 0
	case kind == "application/json":
		return 3
	case MediaOf(kind) == JSON:
		return 2
	}
	return 1
}

// schemaOf is nil for a content type of which the document says nothing.
func schemaOf(kind *openapi3.MediaType) *openapi3.SchemaRef {
	if kind == nil {
		return nil
	}
	return kind.Schema
}

func contentTypes(content openapi3.Content) []string {
	var kinds []string
	for kind := range content {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

func (c *Contract) responsesOf(source *openapi3.Operation) (map[int]Response, error) {
	answers := map[int]Response{}
	for status, ref := range source.Responses.Map() {
		code, ok := statusOf(status)
		if !ok || ref == nil || ref.Value == nil {
			continue // kin-openapi's own check refuses it
		}
		answer := Response{Evidence: EvidenceOf(ref.Value.Extensions), ContentTypes: contentTypes(ref.Value.Content), Echo: echoOf(ref.Value.Extensions)}
		if ref.Value.Description != nil {
			answer.Description = *ref.Value.Description
		}
		answer.Payload, answer.Bodies, _ = payloadsOf(ref.Value.Content)
		var err error
		if answer.Headers, err = c.headersOf(ref.Value.Headers); err != nil {
			return nil, err
		}
		answers[code] = answer
	}
	return answers, nil
}

// headersOf are the headers that an answer is documented to have, sorted.
func (c *Contract) headersOf(documented openapi3.Headers) ([]Parameter, error) {
	var list []Parameter
	for _, name := range slices.Sorted(maps.Keys(documented)) {
		ref := documented[name]
		if ref == nil || ref.Value == nil || strings.EqualFold(name, "Content-Type") { // which the content types say
			continue
		}
		source := ref.Value.Parameter
		source.Name, source.In = name, openapi3.ParameterInHeader
		p, err := c.parameterOf(&source)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// EvidenceOf reads x-evidence, short or long, from an element's extensions.
func EvidenceOf(extensions map[string]any) Evidence {
	switch value := extensions["x-evidence"].(type) {
	case string:
		return Evidence{Class: Class(value)}
	case map[string]any:
		var e Evidence
		class, _ := value["class"].(string)
		e.Class = Class(class)
		e.Source, _ = value["source"].(string)
		e.Quote, _ = value["quote"].(string)
		return e
	}
	return Evidence{}
}
