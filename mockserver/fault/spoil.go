package fault

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Sent is an answer as it is about to be sent.
type Sent struct {
	Status  int
	Header  http.Header // others may have the same one: it is replaced, never changed
	Body    []byte
	Wire    Wire
	Ordered bool // a fault changed it, so that it is not held against the mock
}

// with puts a header in the place of the answer's.
func (s *Sent) with(name, value string) {
	if s.Header = s.Header.Clone(); s.Header == nil {
		s.Header = http.Header{}
	}
	s.Header.Set(name, value)
	s.Ordered = true
}

// Spoil changes an answer as the faults want it, and notes what of their decisions
// could not be carried out: a body can't be spoiled where the status allows none, and
// none can't drip.
func (e *Effect) Spoil(s *Sent) {
	if e.ContentType != "" {
		s.with("Content-Type", e.ContentType)
	}
	if s.Status == http.StatusNoContent || s.Status == http.StatusNotModified {
		e.undone = decidesBody | decidesPace
		return
	}
	if e.Answer != "" && !e.DropsAnswer() {
		e.spoilBody(s)
	}
	switch {
	case e.Drip == "":
	case len(s.Body) == 0:
		e.undone = decidesPace
	default:
		s.Wire.Drip, _ = parseTime("drip", e.Drip)
	}
}

// spoilBody breaks the body off, with the connection or without. Where the vendor
// sends none, {} takes its place, so that there is something to break.
func (e *Effect) spoilBody(s *Sent) {
	s.Ordered = true
	if len(s.Body) == 0 {
		s.Body = []byte("{}")
	}
	if s.Header.Get("Content-Type") == "" {
		s.with("Content-Type", "application/json")
	}
	switch e.Answer {
	case AnswerMalformed:
		s.Body = malformed(s.Body)
	case AnswerTruncated:
		s.Wire.Declared = len(s.Body)
		s.with("Content-Length", strconv.Itoa(len(s.Body)))
		s.Body = s.Body[:len(s.Body)/2]
	}
}

// malformed is a body that is no JSON: without its end, as when a server fails
// while it writes.
func malformed(body []byte) []byte {
	if len(body) > 1 && !json.Valid(body[:len(body)-1]) {
		return body[:len(body)-1]
	}
	return []byte(`{"`)
}
