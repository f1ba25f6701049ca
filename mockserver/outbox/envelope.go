package outbox

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/tracecontext"
)

// Envelope is what a message has beside its content: the same in every attempt, and in
// copies too.
type Envelope struct {
	Header  http.Header `json:"header,omitempty"`  // as the document has it
	Query   url.Values  `json:"query,omitempty"`   // as the document has it
	EventID string      `json:"eventId,omitempty"` // what a signature calls the event; "" where none does

	Trace tracecontext.Context `json:"trace,omitzero"` // of the request that caused it
}

// Address is a URL with the query behind what it has of its own.
func (e Envelope) Address(text string) string {
	if len(e.Query) == 0 {
		return text
	}
	text, fragment, _ := strings.Cut(text, "#")
	divider := "?"
	if strings.Contains(text, "?") {
		divider = "&"
	}
	if fragment != "" {
		fragment = "#" + fragment
	}
	return text + divider + e.Query.Encode() + fragment
}
