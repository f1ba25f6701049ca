package mockserver

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/traffic"
)

// wire is how an answer leaves the mock otherwise than the vendor would send it.
// The zero value is an answer as it should be.
type wire struct {
	drop     string                   // AnswerReset or AnswerEmpty: no byte is sent
	gone     bool                     // the caller has left: nothing is sent
	declared int                      // length that the header promises, when it is not the body's
	drip     time.Duration            // how long the body takes
	pause    func(time.Duration) bool // of the call; false: it is over
}

func (w wire) silent() bool { return w.drop != "" || w.gone }

// drops finds out whether a connection can be broken off, for a fault that wants
// it: HTTP/1 hands the connection over, HTTP/2 can reset one stream. A writer that
// can do neither, such as a test's recorder, gets an answer that says so.
func drops(w http.ResponseWriter, r *http.Request) bool {
	return hijacker(w) != nil || r.ProtoMajor >= 2
}

func hijacker(w http.ResponseWriter) http.Hijacker {
	for {
		switch inner := w.(type) {
		case http.Hijacker:
			return inner
		case interface{ Unwrap() http.ResponseWriter }:
			w = inner.Unwrap()
		default:
			return nil
		}
	}
}

func cannotDrop(faults []string) Reply {
	return *replyOf(problem.Problem{
		Status: http.StatusInternalServerError, Kind: "fault",
		Detail: fmt.Sprintf("fault %s would break this connection off, which its writer can't do; serve the mock with net/http", strings.Join(faults, ", ")),
	})
}

// breakOff ends the connection of a call without an answer.
func breakOff(w http.ResponseWriter, how string) {
	owner := hijacker(w)
	if owner == nil {
		panic(http.ErrAbortHandler) // HTTP/2: net/http resets the stream
	}
	conn, _, err := owner.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	if how == AnswerReset {
		if secured, ok := conn.(interface{ NetConn() net.Conn }); ok {
			conn = secured.NetConn()
			defer conn.Close()
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // closing then resets; a connection that is gone needs no reset
		}
	}
}

// spoil changes an answer as the faults want it. It returns the body that is sent,
// and what of their decisions could not be carried out: a body can't be spoiled where
// the status allows none, and none can't drip.
func (f *effect) spoil(reply *Reply, body []byte) (sent []byte, undone int) {
	if f.ContentType != "" {
		reply.Undocumented = true // what was ordered is not held against the mock
		*reply = reply.with("Content-Type", f.ContentType)
	}
	if reply.Status == http.StatusNoContent || reply.Status == http.StatusNotModified {
		return body, decidesBody | decidesPace
	}
	if f.Answer == AnswerMalformed || f.Answer == AnswerTruncated {
		body = f.spoilBody(reply, body)
	}
	if f.Drip == "" {
		return body, 0
	}
	if len(body) == 0 {
		return body, decidesPace
	}
	reply.wire.drip, _ = faultTime("drip", f.Drip)
	return body, 0
}

// spoilBody breaks the body off, with the connection or without. Where the vendor
// sends none, {} takes its place, so that there is something to break.
func (f *effect) spoilBody(reply *Reply, body []byte) []byte {
	reply.Undocumented = true
	if len(body) == 0 {
		body = []byte("{}")
	}
	if reply.Header.Get("Content-Type") == "" {
		*reply = reply.with("Content-Type", "application/json")
	}
	if f.Answer == AnswerMalformed {
		return malformed(body)
	}
	reply.wire.declared = len(body)
	*reply = reply.with("Content-Length", strconv.Itoa(len(body)))
	return body[:len(body)/2]
}

// malformed is a body that is no JSON: without its end, as when a server fails
// while it writes.
func malformed(body []byte) []byte {
	if len(body) > 1 && !json.Valid(body[:len(body)-1]) {
		return body[:len(body)-1]
	}
	return []byte(`{"`)
}

// silence makes the exchange of an answer of which no byte is sent.
func (w wire) silence(e *traffic.Exchange) {
	e.Response = nil
	switch {
	case w.gone:
		e.Error = "the caller left before the answer"
	case w.drop == AnswerReset:
		e.Error = "the connection was reset without an answer by fault " + strings.Join(e.Faults, ", ")
	default:
		e.Error = "the connection was closed without an answer by fault " + strings.Join(e.Faults, ", ")
	}
}

// drips is in how many parts a body drips.
const drips = 20

// dripOut writes a body in parts over the answer's time, as long as the caller is
// there.
func (a wire) dripOut(w http.ResponseWriter, body []byte) {
	flush := http.NewResponseController(w)
	_ = flush.Flush() // a writer that can't sends all at the end
	parts := min(len(body), drips)
	for i := range parts {
		if !a.pause(a.drip / time.Duration(parts)) {
			return
		}
		if _, err := w.Write(body[i*len(body)/parts : (i+1)*len(body)/parts]); err != nil {
			return
		}
		_ = flush.Flush()
	}
}
