package tracecontext_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/parleykit/parley/internal/tracecontext"
)

const (
	traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	spanID  = "00f067aa0ba902b7"
	parent  = "00-" + traceID + "-" + spanID + "-01"
)

// read is what OpenTelemetry reads out of headers.
func read(header http.Header) trace.SpanContext {
	ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(header))
	return trace.SpanContextFromContext(ctx)
}

// TestWhatIsPassedOn: OpenTelemetry, which nobody here wrote, takes the same headers as
// we do, and finds in what is passed on the trace, the flags and the state of what came.
func TestWhatIsPassedOn(t *testing.T) {
	members := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("k%d=v", i)
		}
		return strings.Join(list, ",")
	}
	for _, row := range []struct{ parent, state string }{
		{parent, ""},
		{parent, "congo=t61rcWkgMzE"},
		{parent, "congo=t61rcWkgMzE, tenant@rojo=00f067aa0ba902b7,\t"},
		{parent, "a=1,a=2"},
		{parent, "A=1"},
		{parent, "a="},
		{parent, "a=with=sign"},
		{parent, "a=b\x00"},
		{parent, members(32)},
		{parent, members(33)},
		{strings.TrimSuffix(parent, "1") + "0", ""},
		{strings.TrimSuffix(parent, "1") + "3", ""},
		{strings.ToUpper(parent), ""},
		{"ff" + parent[2:], "a=1"},
		{"cc" + parent[2:], "a=1"},
		{"cc" + parent[2:] + "-what-comes-later", "a=1"},
		{"cc" + parent[2:] + ".what-comes-later", "a=1"},
		{parent + "-more", "a=1"},
		{parent[1:], "a=1"},
		{"00-" + strings.Repeat("0", 32) + "-" + spanID + "-01", "a=1"},
		{"00-" + traceID + "-" + strings.Repeat("0", 16) + "-01", "a=1"},
		{"00-" + traceID + "-" + spanID + "-0g", "a=1"},
		{"", "a=1"},
		{"nonsense", "a=1"},
	} {
		came, sent := http.Header{}, http.Header{}
		came.Set("traceparent", row.parent)
		came.Set("tracestate", row.state)
		tracecontext.Of(came).Put(sent, [8]byte{1, 2, 3})
		want, got := read(came), read(sent)
		if want.TraceID() != got.TraceID() || want.TraceFlags() != got.TraceFlags() || want.TraceState().String() != got.TraceState().String() {
			t.Errorf("%q, %q: passed on is %v, and came in %v", row.parent, row.state, sent, came)
		}
		if want.IsValid() && got.SpanID().String() != "0102030000000000" {
			t.Errorf("%q: the ID is %s", row.parent, got.SpanID())
		}
		if id := tracecontext.Of(came).TraceID(); want.IsValid() != (id == want.TraceID().String()) {
			t.Errorf("%q: the trace is %q, want %s", row.parent, id, want.TraceID())
		}
	}
}

// TestWhatOnlyTheSpecificationSays is what OpenTelemetry takes otherwise: flags that are
// not known are ignored, two traceparent are none, and several tracestate are one.
func TestWhatOnlyTheSpecificationSays(t *testing.T) {
	passedOn := func(parents, states []string) http.Header {
		sent := http.Header{}
		tracecontext.Of(http.Header{"Traceparent": parents, "Tracestate": states}).Put(sent, [8]byte{})
		return sent
	}
	sent := passedOn([]string{strings.TrimSuffix(parent, "01") + "ff"}, []string{"a=1", "b=2"})
	if got := sent.Get("Traceparent"); got != "00-"+traceID+"-0000000000000001-03" {
		t.Errorf("passed on is %s", got)
	}
	if got := read(sent).TraceState().String(); got != "a=1,b=2" {
		t.Errorf("the state is %s", got)
	}
	if sent := passedOn([]string{parent, parent}, nil); len(sent) > 0 {
		t.Errorf("of two parents comes %v", sent)
	}
}
