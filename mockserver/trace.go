package mockserver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/mockserver/outbox"
)

// traceKey is the key of a trace in a context.
type traceKey struct{}

// WithTrace lets the deliveries that Send, Replay and OpenChannel cause belong to the
// trace of a request, by its headers traceparent and tracestate (W3C Trace Context).
func WithTrace(ctx context.Context, header http.Header) context.Context {
	trace := tracecontext.Of(header)
	if trace == (tracecontext.Context{}) {
		return ctx
	}
	return context.WithValue(ctx, traceKey{}, trace)
}

func traceOf(ctx context.Context) tracecontext.Context {
	trace, _ := ctx.Value(traceKey{}).(tracecontext.Context)
	return trace
}

// tracedBy lets sendings belong to the trace of what caused them.
func tracedBy(trace tracecontext.Context, list []Sending) []Sending {
	for i := range list {
		list[i].trace = trace
	}
	return list
}

// Queue is Stage.Queue of what the call causes, in whose trace the delivery is.
func (c *Call) Queue(sending Sending) (outbox.Delivery, error) {
	sending.trace = tracecontext.Of(c.Request.Header)
	return c.Stage.Queue(sending)
}

// passTraceOn gives an attempt the trace of what caused it, and an ID of its own, which
// follows from the seed without using up one of the IDs that vendors make: a call is
// answered alike with a trace and without.
func (s *Stage) passTraceOn(o *outgoing) {
	if o.trace == (tracecontext.Context{}) {
		return
	}
	b := s.instance.sandbox
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %d %s", b.seed, b.name, o.delivery, o.attempt, o.trace.Parent))
	o.trace.Put(o.Header, [8]byte(sum[:8]))
}
