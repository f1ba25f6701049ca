package fault

import (
	"net"
	"net/http"
	"time"
)

// Wire is how an answer leaves the mock otherwise than a vendor would send it. The
// zero value is an answer as it should be.
type Wire struct {
	Drop     Answer        // AnswerReset or AnswerEmpty: no byte is sent
	Declared int           // length that the header promises, when it is not the body's
	Drip     time.Duration // how long the body takes
}

// CanDisconnect reports whether the connection of a call can be broken off: HTTP/1 hands the connection over, HTTP/2 can reset one stream. A writer that
// can do neither, such as a test's recorder, gets an answer that says so.
func CanDisconnect(w http.ResponseWriter, r *http.Request) bool {
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

// Disconnect ends the connection of a call without an answer.
func (a Wire) Disconnect(w http.ResponseWriter) {
	owner := hijacker(w)
	if owner == nil {
		panic(http.ErrAbortHandler) // HTTP/2: net/http resets the stream
	}
	conn, _, err := owner.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	if a.Drop == AnswerReset {
		if secured, ok := conn.(interface{ NetConn() net.Conn }); ok {
			conn = secured.NetConn()
			defer conn.Close()
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // closing then resets; a connection that is gone needs no reset
		}
	}
}

// drips is in how many parts a body drips.
const drips = 20

// Write writes a body: at once, or in parts over the answer's time, as long as pause
// reports that the caller is there.
func (a Wire) Write(w http.ResponseWriter, body []byte, pause func(time.Duration) bool) {
	if a.Drip == 0 {
		if len(body) > 0 {
			w.Write(body) // a caller that has gone is no matter of ours
		}
		return
	}
	flush := http.NewResponseController(w)
	_ = flush.Flush() // a writer that can't sends all at the end
	parts := min(len(body), drips)
	for i := range parts {
		if !pause(a.Drip / time.Duration(parts)) {
			return
		}
		if _, err := w.Write(body[i*len(body)/parts : (i+1)*len(body)/parts]); err != nil {
			return
		}
		_ = flush.Flush()
	}
}
