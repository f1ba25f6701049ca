// Package tracecontext is what a request says of the trace that it belongs to, in the
// headers traceparent and tracestate (W3C Trace Context).
package tracecontext

import (
	"encoding/hex"
	"net/http"
	"strings"
)

// The headers, as net/http writes their names.
const (
	headerParent = "Traceparent"
	headerState  = "Tracestate"
)

// Context is the two headers of a request; the zero value is those of one without a trace.
type Context struct {
	Parent string `json:"traceparent,omitempty"`
	State  string `json:"tracestate,omitempty"`
}

// Of reads the headers of a request. A malformed traceparent is as none, and tracestate
// with it; a malformed tracestate alone is left out.
func Of(header http.Header) Context {
	parents := header[headerParent]
	if len(parents) != 1 || !valid(parents[0]) {
		return Context{}
	}
	c := Context{Parent: parents[0]}
	if state := strings.Join(header[headerState], ","); stateIsValid(state) {
		c.State = state
	}
	return c
}

// lengthOf00 is how long a traceparent of version 00 is: "00-", 32 digits, "-", 16
// digits, "-", 2 digits.
const lengthOf00 = 55

// knownFlags are sampled and random; others are not passed on.
const knownFlags = 0x03

func valid(parent string) bool {
	if len(parent) < lengthOf00 || parent[2] != '-' || parent[35] != '-' || parent[52] != '-' {
		return false
	}
	version, trace, id, flags := parent[:2], parent[3:35], parent[36:52], parent[53:55]
	for _, digits := range []string{version, trace, id, flags} {
		if strings.Trim(digits, "0123456789abcdef") != "" {
			return false
		}
	}
	switch {
	case version == "ff" || strings.Trim(trace, "0") == "" || strings.Trim(id, "0") == "":
		return false
	case len(parent) == lengthOf00:
		return true
	}
	return version != "00" && parent[lengthOf00] == '-' // a later version may have more behind it
}

// TraceID is the 32 digits that all requests of a trace have; "" without a trace.
func (c Context) TraceID() string {
	if !valid(c.Parent) {
		return ""
	}
	return c.Parent[3:35]
}

// Put writes the headers of a request that this one causes, whose own ID is given, into
// a header. It writes nothing without a trace.
func (c Context) Put(header http.Header, id [8]byte) {
	if !valid(c.Parent) {
		return
	}
	if id == [8]byte{} {
		id[7] = 1 // no ID is all zero
	}
	var flags [1]byte
	_, _ = hex.Decode(flags[:], []byte(c.Parent[53:55])) // these are digits
	flags[0] &= knownFlags
	header[headerParent] = []string{"00-" + c.Parent[3:35] + "-" + hex.EncodeToString(id[:]) + "-" + hex.EncodeToString(flags[:])}
	delete(header, headerState)
	if c.State != "" {
		header[headerState] = []string{c.State}
	}
}
