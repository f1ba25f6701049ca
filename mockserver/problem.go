package mockserver

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/parleykit/parley/internal/visible"
)

// problem is an error of Parley's own (RFC 9457), never of a vendor's. Detail
// says what was wrong and what to do next.
type problem struct {
	Status int
	Kind   string // ends the type, "urn:parley:problem:<kind>"
	Detail string
	More   map[string]any // further members
}

const problemType = "application/problem+json"

// MarshalJSON writes the members of RFC 9457 and those of More.
func (p problem) MarshalJSON() ([]byte, error) {
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
func (p *problem) Error() string { return p.Detail }

func (p problem) encoded() []byte {
	data, err := encode(p)
	if err != nil { // a member of More that JSON does not have
		return []byte("{}\n")
	}
	return append([]byte(visible.Text(string(data))), '\n')
}

// reply makes the problem an answer on a vendor's path.
func (p problem) reply() *Reply {
	return &Reply{
		Status: p.Status, Header: http.Header{"Content-Type": {problemType}}, Body: p.encoded(), Undocumented: true,
	}
}

// writeProblem answers a request to the control API.
func writeProblem(w http.ResponseWriter, p problem) {
	data := p.encoded()
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(p.Status)
	w.Write(data) // a client that has gone is no matter of ours
}
