package traffic

import (
	"strings"
	"testing"
	"time"
)

func TestLine(t *testing.T) {
	east := time.FixedZone("east", 3*60*60)
	for name, c := range map[string]struct {
		change func(e *Exchange)
		want   string
	}{
		"event": {func(e *Exchange) { e.Findings, e.Attempt = nil, 1 },
			"15:03:41 → 200 POST http://localhost:3000/webhook?a=1&b=2 elma365 events/message 23ms ex-0041"},
		"operation": {func(e *Exchange) {
			e.Caller, e.Operation, e.Request.URL, e.Findings, e.Attempt = Partner, "operations/message", "/api/x", nil, 0
		}, "15:03:41 ← 200 POST /api/x elma365 operations/message 23ms ex-0041"},
		"no operation": {func(e *Exchange) { e.Operation, e.Findings, e.Attempt = "", nil, 0 },
			"15:03:41 → 200 POST http://localhost:3000/webhook?a=1&b=2 elma365 23ms ex-0041"},
		"findings and attempt": {func(e *Exchange) {
			e.Findings = []Finding{{Severity: Info}, {Severity: Error}, {Severity: Warn}, {Severity: Error}, {Severity: HarnessError}}
		}, "15:03:41 → 200 POST http://localhost:3000/webhook?a=1&b=2 elma365 events/message 23ms ex-0041 attempt 2 (1 harness error, 2 errors, 1 warning, 1 note)"},
		"no response": {func(e *Exchange) {
			e.Response, e.Error, e.Findings, e.Attempt, e.Duration = nil, "connection refused", nil, 0, 3*time.Second+140*time.Millisecond
		}, "15:03:41 → --- POST http://localhost:3000/webhook?a=1&b=2 elma365 events/message 3.1s ex-0041: connection refused"},
		"fault": {func(e *Exchange) { e.Findings, e.Attempt, e.Faults = nil, 0, []string{"ft-000001", "ft-000002"} },
			"15:03:41 → 200 POST http://localhost:3000/webhook?a=1&b=2 elma365 events/message 23ms ex-0041, by fault ft-000001, ft-000002"},
		"control characters": {func(e *Exchange) {
			e.Request.URL, e.Findings, e.Attempt = "/a\x1b[31m\nb\u202e", nil, 0
		}, "15:03:41 → 200 POST /a\\u001b[31m\\nb\\u202e elma365 events/message 23ms ex-0041"},
	} {
		e := sample()
		e.Faults = nil
		c.change(e)
		if got := Line(e, east); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestLineIsBounded(t *testing.T) {
	e := sample()
	e.Request.URL = "/" + strings.Repeat("é", 5000)
	if got := []rune(Line(e, nil)); len(got) > 300 {
		t.Errorf("%d characters", len(got))
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		850 * time.Microsecond: "850µs", 0: "0s", 23400 * time.Microsecond: "23ms", 1240 * time.Millisecond: "1.2s", 83 * time.Second: "1m23s",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("%v is shown as %s, want %s", d, got, want)
		}
	}
}

func TestWorst(t *testing.T) {
	e := &Exchange{}
	for _, step := range []struct{ add, worst Severity }{{Info, Info}, {Error, Error}, {Warn, Error}, {HarnessError, HarnessError}} {
		e.Findings = append(e.Findings, Finding{Severity: step.add})
		if got := e.Worst(); got != step.worst || !got.AtLeast(step.add) {
			t.Errorf("with %s the worst is %s, want %s", step.add, got, step.worst)
		}
	}
	if e.Status() != 0 || (&Exchange{}).Worst() != "" {
		t.Error("an empty exchange has a status or a worst finding")
	}
}
