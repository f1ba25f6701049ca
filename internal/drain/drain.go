// Package drain lets a client read an answer that came before its request ended.
package drain

import (
	"io"
	"net/http"
)

// Most is how many bytes are read and thrown away for one answer: 64 MiB. Whoever
// sends more may find the connection reset.
const Most = 64 << 20

// Rest sends what was answered so far and reads the rest of a request's body. Many
// clients read only when they have sent all, and a connection that is closed on what
// they still send is reset, the answer with it. The server's ReadTimeout bounds the
// time. Before must have been called before the answer.
func Rest(w http.ResponseWriter, body io.Reader) {
	if http.NewResponseController(w).Flush() == nil && body != nil {
		_, _ = io.CopyN(io.Discard, body, Most) // whatever ends it, there is no more to do
	}
}

// Before lets an answer begin while the request is still read. A writer that can't
// has a server that reads by itself, or none.
func Before(w http.ResponseWriter) { _ = http.NewResponseController(w).EnableFullDuplex() }
