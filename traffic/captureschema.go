package traffic

import _ "embed"

// LineSchema is the JSON Schema (draft-07) of one line of NDJSON, as Write writes
// it.
//
//go:embed exchange.schema.json
var LineSchema []byte
