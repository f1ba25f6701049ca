// Package traffic holds the one noun that everything turns on: the exchange.
// Mock, proxy and captures produce exchanges, one function judges them, and
// journal, console and reports show them. It imports the standard library, and from
// internal what does no more.
package traffic

import (
	"net/http"
	"time"
)

// Exchange is one request and its response, whoever sent it, with what was
// judged of it. Once it is in a journal it is not changed any more.
type Exchange struct {
	ID        string        `json:"id"`
	Time      time.Time     `json:"time"` // when the request began
	Sandbox   string        `json:"sandbox,omitempty"`
	Vendor    string        `json:"vendor"`              // contract ID
	Caller    Caller        `json:"caller"`              // who sent the request
	Operation string        `json:"operation,omitempty"` // "operations/message", "events/connect"; "" when none matched
	Channel   string        `json:"channel,omitempty"`   // which of the partner's connections
	Delivery  string        `json:"delivery,omitempty"`  // ID of the delivery that this is an attempt of
	Attempt   int           `json:"attempt,omitempty"`   // 1 for the first
	Request   Request       `json:"request"`
	Response  *Response     `json:"response,omitempty"` // nil when none came
	Error     string        `json:"error,omitempty"`    // why no response came
	Duration  time.Duration `json:"duration_ns"`
	Findings  []Finding     `json:"findings,omitempty"`
	Faults    []string      `json:"faults,omitempty"` // IDs of faults that acted
	Check     string        `json:"check,omitempty"`  // the check that provoked it
}

// Caller says who sent the request of an exchange.
type Caller string

// The two callers.
const (
	Partner Caller = "partner" // it called an operation
	Vendor  Caller = "vendor"  // it sent an event
)

// Request is what the caller sent.
type Request struct {
	Method string      `json:"method"`
	URL    string      `json:"url"` // absolute for events, as received for operations
	Header http.Header `json:"header,omitempty"`
	Body   Body        `json:"body"`
}

// Response is what came back.
type Response struct {
	Status int         `json:"status"`
	Header http.Header `json:"header,omitempty"`
	Body   Body        `json:"body"`
}

// Status returns the status of the response, or 0 when none came.
func (e *Exchange) Status() int {
	if e.Response == nil {
		return 0
	}
	return e.Response.Status
}

// Worst returns the highest severity among the findings, or "" without any.
func (e *Exchange) Worst() Severity {
	var worst Severity
	for _, f := range e.Findings {
		if f.Severity.rank() > worst.rank() {
			worst = f.Severity
		}
	}
	return worst
}
