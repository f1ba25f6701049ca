package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/internal/visible"
)

// kind says what a tool does to the world: the hints of its annotations.
type kind int

const (
	reads    kind = iota // changes nothing
	acts                 // changes the mock, and may call the integration
	replaces             // takes away what was there
)

// add offers a tool. What it answers, an error too, has no secrets.
func add[In, Out any](s *session, server *sdk.Server, name, description string, k kind, do func(context.Context, *sdk.CallToolRequest, In) (Out, error)) {
	destroys, world := false, false // it reaches nothing but this machine, or what its user allowed
	answer := lean[Out]()
	answer.AdditionalProperties = nil // there may be more members some day
	tool := &sdk.Tool{Name: name, Description: description, InputSchema: lean[In](), OutputSchema: answer, Annotations: &sdk.ToolAnnotations{ReadOnlyHint: k == reads, OpenWorldHint: &world}}
	if k == acts {
		tool.Annotations.DestructiveHint = &destroys // which is true where nothing is said
	}
	sdk.AddTool(server, tool, func(ctx context.Context, request *sdk.CallToolRequest, in In) (*sdk.CallToolResult, Out, error) {
		out, err := do(ctx, request, in)
		if err != nil {
			return nil, out, errors.New(visible.Line(s.Redactor.Text(err.Error())))
		}
		shown, err := withoutSecrets(s, out)
		return nil, shown, err
	})
}

// lean is the schema of a type without what an assistant need not read: no list and no
// object is null.
func lean[T any]() *jsonschema.Schema {
	s, err := jsonschema.For[T](nil)
	if err != nil {
		panic(err) // the types are in this room
	}
	for _, one := range s.Properties {
		if len(one.Types) == 2 { // null, and what it is
			one.Type, one.Types = one.Types[1], nil
		}
		if one.Type == "object" && one.AdditionalProperties != nil && one.AdditionalProperties.Type == "" {
			one.AdditionalProperties = nil // any value
		}
	}
	return s
}

// withoutSecrets takes what is known to be secret out of every text of an answer. What
// stands under a secret's name was taken out of bodies before.
func withoutSecrets[Out any](s *session, out Out) (Out, error) {
	var shown Out
	data, err := json.Marshal(out)
	if err != nil {
		return shown, err
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return shown, err
	}
	if data, err = json.Marshal(s.withoutKnown(value)); err != nil {
		return shown, err
	}
	return shown, json.Unmarshal(data, &shown)
}

func (s *session) withoutKnown(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, one := range value {
			value[name] = s.withoutKnown(one)
		}
	case []any:
		for i, one := range value {
			value[i] = s.withoutKnown(one)
		}
	case string:
		return visible.Text(s.Redactor.Values(value))
	}
	return value
}

// Bounds of one answer, in bytes.
const (
	pageBytes = 6_000
	lineBytes = 1_500
)

// page returns the lines from a cursor on that fit into one answer, and the cursor of the
// next answer; 0: there is no more.
func page(lines []string, cursor int) (shown []string, next int, err error) {
	if cursor < 0 || cursor > len(lines) {
		return nil, 0, fmt.Errorf("cursor is %d; give that of the answer before, which ends at %d", cursor, len(lines))
	}
	shown = []string{}
	size := 0
	for i, line := range lines[cursor:] {
		line = visible.Shorten(line, lineBytes)
		if size += len(line); size > pageBytes && i > 0 {
			return shown, cursor + i, nil
		}
		shown = append(shown, line)
	}
	return shown, 0, nil
}
