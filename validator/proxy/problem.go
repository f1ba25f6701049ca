package proxy

import (
	"net/http"
	"strconv"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// problem is an answer of Parley's own (RFC 9457), never of the target's. Detail
// says what was wrong and what to do next.
type problem struct {
	Status   int
	Kind     string // ends the type, "urn:parley:problem:<kind>"
	Detail   string
	Exchange string // ID, where the request is one
	Findings []traffic.Finding
}

const problemType = "application/problem+json"

// answer is the problem as a response.
func (p *problem) answer() *traffic.Response {
	members := struct {
		Type     string            `json:"type"`
		Title    string            `json:"title"`
		Status   int               `json:"status"`
		Detail   string            `json:"detail"`
		Exchange string            `json:"exchange,omitempty"`
		Findings []traffic.Finding `json:"findings,omitempty"`
	}{"urn:parley:problem:" + p.Kind, "Parley: " + http.StatusText(p.Status), p.Status, p.Detail, p.Exchange, p.Findings}
	text, _ := plainjson.Marshal(members) // strings and numbers only
	header := http.Header{"Content-Type": {problemType}}
	p.mark(header)
	return &traffic.Response{Status: p.Status, Header: header, Body: traffic.NewBody([]byte(visible.Text(string(text)+"\n")), 0)}
}

// mark says in headers that an answer is Parley's own.
func (p *problem) mark(header http.Header) {
	header.Set(HeaderProblem, p.Kind)
	if p.Exchange != "" {
		header.Set(HeaderExchange, p.Exchange)
	}
}

func (p *problem) write(w http.ResponseWriter) { write(w, p.answer()) }

// write sends an answer of Parley's own.
func write(w http.ResponseWriter, r *traffic.Response) {
	header := w.Header()
	for name, values := range r.Header {
		header[name] = values
	}
	header.Set("Content-Length", strconv.FormatInt(r.Body.Size, 10))
	w.WriteHeader(r.Status)
	w.Write(r.Body.Kept) // a caller that has gone is no matter of ours
}
