// Package drain lets a client read an answer that came before its request ended.
package drain

import (
	"io"
	"net/http"
	"time"
)

// What is read and thrown away for one answer: at most so many bytes, for so long.
// Whoever sends more, or slower, may find the connection reset.
const (
	Most    = 64 << 20
	Longest = 30 * time.Second
)

// Rest sends what was answered so far and reads the rest of a request's body. Many
// clients read only when they have sent all, and a connection that is closed on what
// they still send is reset, the answer with it. Before must have been called before
// the answer.
func Rest(w http.ResponseWriter, body io.Reader) {
	control := http.NewResponseController(w)
	if control.Flush() != nil || body == nil {
		return
	}
	_ = control.SetReadDeadline(time.Now().Add(Longest)) // a writer that can't has its own
	_, _ = io.CopyN(io.Discard, body, Most)              // whatever ends it, there is no more to do
}

// Before lets an answer begin while the request is still read. A writer that can't
// has a server that reads by itself, or none.
func Before(w http.ResponseWriter) { _ = http.NewResponseController(w).EnableFullDuplex() }
