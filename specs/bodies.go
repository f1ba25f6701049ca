package specs

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

func bodyOf(into *Operation, source *openapi3.Operation) *openapi3.SchemaRef {
	if source.RequestBody == nil || source.RequestBody.Value == nil {
		return nil
	}
	body := source.RequestBody.Value
	into.BodyRequired = body.Required
	into.ContentTypes = contentTypes(body.Content)
	for _, kind := range into.ContentTypes {
		if schema := schemaOf(body.Content[kind]); schema != nil {
			into.Payload = payloadOf(schema.Ref)
			return schema
		}
	}
	return nil
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

func responsesOf(source *openapi3.Operation) map[int]Response {
	answers := map[int]Response{}
	for status, ref := range source.Responses.Map() {
		code, err := strconv.Atoi(status)
		if status == "default" {
			code, err = AnyStatus, nil
		}
		if err != nil || ref == nil || ref.Value == nil {
			continue // a range such as 4XX
		}
		answer := Response{Evidence: EvidenceOf(ref.Value.Extensions), ContentTypes: contentTypes(ref.Value.Content)}
		if ref.Value.Description != nil {
			answer.Description = *ref.Value.Description
		}
		for _, kind := range answer.ContentTypes {
			if schema := schemaOf(ref.Value.Content[kind]); schema != nil {
				answer.Payload = payloadOf(schema.Ref)
			}
		}
		answers[code] = answer
	}
	return answers
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

func stringsOf(value any) []string {
	var list []string
	items, _ := value.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			list = append(list, text)
		}
	}
	return list
}
