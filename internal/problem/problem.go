// Package problem is errors of Parley's own as HTTP has them (RFC 9457), never of a
// vendor's.
package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/parleykit/parley/internal/visible"
)

// ContentType is that of a problem.
const ContentType = "application/problem+json"

// Problem says in Detail what was wrong and what to do next.
type Problem struct {
	Status int
	Kind   string // ends the type, "urn:parley:problem:<kind>"
	Detail string
	More   map[string]any // further members
}

// MarshalJSON writes the members of RFC 9457 and those of More.
func (p Problem) MarshalJSON() ([]byte, error) {
	members := map[string]any{
		"type":   "urn:parley:problem:" + p.Kind,
		"title":  "Parley: " + http.StatusText(p.Status),
		"status": p.Status,
		"detail": p.Detail,
	}
	for name, value := range p.More {
		members[name] = value
	}
	return json.Marshal(members)
}

// Error is the problem as the reason of another's.
func (p *Problem) Error() string { return p.Detail }

// Body is the problem as it goes over the wire.
func (p Problem) Body() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(p) != nil { // a member of More that JSON does not have
		return []byte("{}\n")
	}
	return []byte(visible.Text(text.String()))
}

// Write answers a request with the problem. One of service is temporary, and says when to
// ask again.
func (p Problem) Write(w http.ResponseWriter) {
	data := p.Body()
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	w.Write(data) // a client that has gone is no matter of ours
}

// Reason is what a kind of error is as a problem. Errors that may become answers
// wrap one.
type Reason struct {
	Status int
	Kind   string
	Text   string
}

// Error says what went wrong, without details.
func (r *Reason) Error() string { return r.Text }

// Of makes an error a problem: itself, or one of the reason that it wraps, or else
// a bad request.
func Of(err error) Problem {
	var p *Problem
	if errors.As(err, &p) {
		return *p
	}
	reason := &Reason{Status: http.StatusBadRequest, Kind: "request"}
	errors.As(err, &reason)
	return Problem{Status: reason.Status, Kind: reason.Kind, Detail: err.Error()}
}
