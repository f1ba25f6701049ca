package summary

import (
	_ "embed"
	"io"

	"github.com/parleykit/parley/internal/plainjson"
)

// Schema is the JSON Schema (draft-07) of what writeJSON writes.
//
//go:embed summary.schema.json
var Schema []byte

// writeJSON writes the report as one JSON document, as Schema describes it.
func (r *Report) writeJSON(w io.Writer) error {
	return plainjson.Write(w, r)
}
