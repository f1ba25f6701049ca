package summary

import (
	_ "embed"
	"encoding/json"
	"io"

	"github.com/parleykit/parley/internal/visible"
)

// Schema is the JSON Schema (draft-07) of what WriteJSON writes.
//
//go:embed summary.schema.json
var Schema []byte

// WriteJSON writes the report as one JSON document, as Schema describes it.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(visible.NewWriter(w))
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
