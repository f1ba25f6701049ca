package mockserver

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/specs"
)

// textOf writes a value of a document as it stands in a URL or a header.
func textOf(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	data, err := plainjson.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// valueOf is the value with which a parameter is sent. A required one is made up where
// the document says enough of it: an ID, the time, and in a query any text, which is
// what a challenge is.
func (s *Stage) valueOf(event *specs.Operation, p specs.Parameter, sending *Sending) (any, bool) {
	if given, ok := sending.given[p.Name]; ok && !takesBody(event) {
		return given, true
	}
	if p.In == "header" && (strings.EqualFold(p.Name, "Content-Type") || signature.IsSignature(p.Name) || s.signs(event, p)) {
		return nil, false
	}
	if c, _ := s.Channel(sending.Channel); p.Secret && c.Token != "" {
		return c.Token, true
	}
	if repeated(event, p.Name) || namesDelivery(p) {
		if value, ok := s.fresh(p); ok {
			return value, true
		}
	}
	if value, ok := p.Documented(); ok || !p.Required {
		return value, ok
	}
	switch p.Schema["format"] {
	case "uuid":
		return s.NewID(), true
	case "date-time":
		return s.Now().UTC().Format(time.RFC3339), true
	case "date":
		return s.Now().UTC().Format(time.DateOnly), true
	}
	if p.In == "query" {
		return s.fresh(p)
	}
	return nil, false
}

// repeated reports whether an answer must repeat a parameter: an example of it would be
// known beforehand.
func repeated(event *specs.Operation, name string) bool {
	for _, answer := range event.Responses {
		if answer.Echo == name {
			return true
		}
	}
	return false
}

// namesDelivery reports whether a header has another value in each delivery: one that is
// called so and is a UUID.
func namesDelivery(p specs.Parameter) bool {
	name := strings.ToLower(p.Name)
	if p.In != "header" || !strings.HasSuffix(name, "-delivery") && !strings.HasSuffix(name, "-id") {
		return false
	}
	text, _ := p.Example.(string)
	return p.Schema["format"] == "uuid" || len(text) == 36 && strings.Count(text, "-") == 4
}

// fresh is a value that was not sent before, if the schema lets it be any.
func (s *Stage) fresh(p specs.Parameter) (any, bool) {
	for _, bound := range []string{"const", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "multipleOf"} {
		if _, ok := p.Schema[bound]; ok {
			return nil, false
		}
	}
	if format, ok := p.Schema["format"]; ok && !slices.Contains([]any{"uuid", "int32", "int64"}, format) {
		return nil, false
	}
	switch p.Type() {
	case "string":
		return s.NewID(), true
	case "integer", "number":
		var n int
		_, err := fmt.Sscanf(s.NewID()[:7], "%x", &n)
		return n, err == nil
	}
	return nil, false
}
