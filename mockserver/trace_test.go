package mockserver_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

const aTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// tellsOfNotes sends an event after each note.
func tellsOfNotes(*mockserver.Stage) mockserver.Behaviour {
	return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
		"noteAlone": func(c *mockserver.Call) mockserver.Reply {
			return mockserver.Reply{Status: 201, Then: []mockserver.Sending{{Event: "changed", Channel: "c"}}}
		},
		"note": func(c *mockserver.Call) mockserver.Reply {
			if _, err := c.Queue(mockserver.Sending{Event: "changed", Channel: "c"}); err != nil {
				panic(err)
			}
			return mockserver.Reply{Status: 201}
		},
	}}
}

// traced plays the same story with and without a trace, and returns the spans that the
// partner saw, as OpenTelemetry reads them, and the exchanges.
func traced(t *testing.T, header ...string) ([]trace.SpanContext, []*traffic.Exchange) {
	m := acme.New(t, tellsOfNotes)
	answered := 0
	p := mocktest.NewPartner(t, func(w http.ResponseWriter, r *http.Request) {
		if answered++; answered == 1 {
			w.WriteHeader(http.StatusServiceUnavailable) // the first delivery has a second attempt
		}
	})
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL})
	json := append([]string{"Content-Type", "application/json"}, header...)
	m.Do("POST", "/notes", `{"text":"a"}`, json...)
	p.Await(2)
	m.Do("POST", "/tickets/T-1/notes", `{"text":"b"}`, json...)
	p.Await(3)
	m.Do("POST", "/_parley/send", `{"event":"changed","channel":"c","wait":true}`, json...)
	m.Do("POST", "/_parley/deliveries/dl-000001/replay", `{"wait":true}`, json...)
	m.Do("POST", "/_parley/deliveries/dl-000001/replay", `{"wait":true}`, "Content-Type", "application/json")
	acme.Ended(t, m)
	var spans []trace.SpanContext
	list := m.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Vendor })
	for _, e := range list {
		ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(e.Request.Header))
		spans = append(spans, trace.SpanContextFromContext(ctx))
	}
	return spans, list
}

// TestATraceGoesOnInDeliveries that a call, or somebody by hand, causes: each attempt has
// an ID of its own, which follows from the seed. One that nobody traced has none.
func TestATraceGoesOnInDeliveries(t *testing.T) {
	header := []string{"traceparent", "00-" + aTrace + "-00f067aa0ba902b7-01", "tracestate", "congo=t61rcWkgMzE"}
	spans, list := traced(t, header...)
	if len(spans) != 6 {
		t.Fatalf("the partner was called %d times", len(spans))
	}
	ids := map[string]bool{"00f067aa0ba902b7": true}
	for i, span := range spans[:5] {
		if span.TraceID().String() != aTrace || !span.IsSampled() || span.TraceState().Get("congo") != "t61rcWkgMzE" {
			t.Errorf("call %d has %v", i, list[i].Request.Header)
		}
		if ids[span.SpanID().String()] {
			t.Errorf("call %d has the ID %s, which another one has", i, span.SpanID())
		}
		ids[span.SpanID().String()] = true
	}
	if spans[5].IsValid() {
		t.Errorf("a replay that nobody traced has %v", list[5].Request.Header)
	}
	again, _ := traced(t, header...)
	if !slices.EqualFunc(spans, again, trace.SpanContext.Equal) {
		t.Errorf("the same story has other IDs: %v and %v", spans, again)
	}
	without, plain := traced(t)
	for i := range plain {
		if without[i].IsValid() || plain[i].Request.Body.String() != list[i].Request.Body.String() {
			t.Errorf("without a trace, call %d is %v %s, with one %s", i, plain[i].Request.Header, plain[i].Request.Body, list[i].Request.Body)
		}
	}
	malformed, _ := traced(t, "traceparent", "00-"+aTrace+"-0-01", "tracestate", "congo=t61rcWkgMzE")
	if slices.ContainsFunc(malformed, trace.SpanContext.IsValid) {
		t.Errorf("a malformed header is passed on: %v", malformed)
	}
}
