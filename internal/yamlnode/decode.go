package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// SecondError is the error of a file with a second YAML document.
type SecondError struct{ Line int } // where that begins

func (e *SecondError) Error() string { return fmt.Sprintf("yaml: line %d: %s", e.Line, e.Text()) }

// Text says it without the line.
func (e *SecondError) Text() string {
	return "a second YAML document begins here, which nobody would read; write what belongs to it into the first, or into a file of its own"
}

// Unmarshal is yaml.Unmarshal of a file that must be one document.
func Unmarshal(data []byte, into any) error { return decode(data, into, false) }

// UnmarshalStrict is Unmarshal that also refuses keys that the type does not have.
func UnmarshalStrict(data []byte, into any) error { return decode(data, into, true) }

func decode(data []byte, into any, strict bool) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(strict)
	if err := decoder.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	for {
		var next yaml.Node
		switch err := decoder.Decode(&next); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !isNothing(&next):
			return &SecondError{Line: next.Line}
		}
	}
}

// isNothing tells a document without a value: a file may end with its mark.
func isNothing(document *yaml.Node) bool {
	if len(document.Content) != 1 {
		return len(document.Content) == 0
	}
	n := document.Content[0]
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null"
}
