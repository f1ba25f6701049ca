package mockserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// What an event's body is on the wire: JSON, a form, parts, or a text, as its content
// type says.

// wholeText is the name under which the content of an event that is a text stands.
const wholeText = ""

// sentAs is the content type in which an event is sent: of those documented JSON first,
// then another that can be written.
func sentAs(event *specs.Operation) string {
	if len(event.ContentTypes) == 0 {
		return "application/json"
	}
	for _, media := range []specs.Media{specs.JSON, specs.Form, specs.Multipart, specs.Text} {
		for _, kind := range event.ContentTypes {
			if specs.MediaOf(kind) == media && canWrite(kind) {
				return kind
			}
		}
	}
	return event.ContentTypes[0]
}

// canWrite tells whether an event can be written in a content type.
func canWrite(kind string) bool {
	switch specs.MediaOf(kind) {
	case specs.JSON:
		return strings.Contains(kind, "json") || strings.Contains(kind, "*")
	case specs.Multipart:
		return strings.HasPrefix(kind, "multipart/form-data")
	case specs.Text:
		return strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "xml")
	}
	return true
}

// writable says when no content type of an event can be written: what was sent would not
// be what its header says.
func writable(event *specs.Operation) error {
	if kind := sentAs(event); takesBody(event) && !canWrite(kind) {
		return fmt.Errorf("%s is sent as %s, and a mock writes JSON, forms, multipart/form-data and text only", event.Name(), kind)
	}
	return nil
}

// payloadOf is the name of the payload of an event as it is sent.
func payloadOf(event *specs.Operation) string {
	return cmp.Or(event.Body(sentAs(event)), event.Payload)
}

// contentOf is a sample, or what was made, as the content of an event of this type.
func contentOf(kind, what string, text []byte) (map[string]any, error) {
	var whole string
	isText := json.Unmarshal(text, &whole) == nil
	switch media := specs.MediaOf(kind); {
	case media == specs.Text && isText:
		return map[string]any{wholeText: whole}, nil
	case media == specs.Text:
		return map[string]any{wholeText: string(text)}, nil
	case media == specs.Form && isText: // written as it is sent
		values, err := pairs.Parse(whole)
		content := map[string]any{}
		for name, texts := range values {
			content[name] = texts[0]
			if list := []any{}; len(texts) > 1 {
				for _, one := range texts {
					list = append(list, one)
				}
				content[name] = list
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s is no form: %w", what, err)
		}
		return content, nil
	}
	return objectOf(what, text)
}

// wire is the content of an event as it goes over the wire, and its Content-Type.
func (s *Stage) wire(event *specs.Operation, content map[string]any) (body []byte, kind string, err error) {
	kind = sentAs(event)
	if err := writable(event); err != nil {
		return nil, kind, err
	}
	switch specs.MediaOf(kind) {
	case specs.Form:
		return []byte(formText(fieldsOf(content, s.encodingOf(event, kind)))), kind, nil
	case specs.Multipart:
		return partsText(kind, content, s.encodingOf(event, kind), s.filesOf(payloadOf(event)))
	case specs.Text:
		text, isText := content[wholeText].(string)
		if !isText || len(content) > 1 {
			return nil, kind, fmt.Errorf(`%s is a text, sent as %s: its body is {"": "the text"}`, event.Name(), kind)
		}
		return []byte(text), kind, nil
	}
	body, err = s.vendor.orders.Of(payloadOf(event), "").Encode(content)
	return body, kind, err
}

// encodingOf is what the document says of how members are written.
func (s *Stage) encodingOf(event *specs.Operation, kind string) openapi3.Encodings {
	described := s.vendor.contract.Described(event)
	if described == nil || described.RequestBody == nil || described.RequestBody.Value == nil || described.RequestBody.Value.Content[kind] == nil {
		return nil
	}
	return described.RequestBody.Value.Content[kind].Encoding
}

// filesOf are the members of a payload that are files.
func (s *Stage) filesOf(payload string) []string {
	var list []string
	if p := s.vendor.contract.Payloads[payload]; p != nil {
		members, _ := p.Schema()["properties"].(map[string]any)
		for name, schema := range members {
			if keywords, _ := schema.(map[string]any); keywords["format"] == "binary" || keywords["contentMediaType"] != nil {
				list = append(list, name)
			}
		}
	}
	return list
}

// judged judges a body before it is sent.
func (s *Stage) judged(event *specs.Operation, content map[string]any) []traffic.Finding {
	if _, err := plainjson.Marshal(content); err != nil {
		return []traffic.Finding{{Code: "json.syntax", Severity: traffic.Error, Expected: "values that JSON has", Actual: err.Error()}}
	}
	if event.Payload == "" {
		return nil
	}
	body, kind, err := s.wire(event, content)
	if err != nil {
		return []traffic.Finding{{Code: "content-type.unexpected", Severity: traffic.Error, Expected: kind, Actual: err.Error()}}
	}
	if specs.MediaOf(kind) == specs.JSON {
		return s.vendor.judge.Sent(specs.FromVendor).Payload(payloadOf(event), validator.Decode(body))
	}
	request := traffic.Request{Header: http.Header{"Content-Type": {kind}}, Body: traffic.NewBody(slices.Clip(body), 0)}
	return s.vendor.judge.RequestBody(event, &request, nil)
}
