package main

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAssistantsWholeStory: read, start, send, wait, fault, conform, over both transports.
func TestAssistantsWholeStory(t *testing.T) {
	sample, capture := readTestFile(t, "../../specs/elma365/samples/operations/message/documented.json"), readTestFile(t, "../../testdata/captures/elma365.har")
	t.Chdir(t.TempDir())
	writeTestFile(t, "body.json", string(sample))
	writeTestFile(t, "capture.har", string(capture))
	for name, connect := range map[string]func(*testing.T, ...string) *assistant{"stdio": overStdio, "HTTP": overHTTP} {
		t.Run(name, func(t *testing.T) {
			a := connect(t)
			partner := startPartner(t, "--token", "tok-3f9a")
			a.reads()
			a.plays(partner)
			a.waits(partner)
			a.misbehaves(partner)
			a.judges(partner)
			for _, text := range a.said {
				if strings.Contains(text, "tok-3f9a") || strings.Contains(text, "control-7") {
					t.Errorf("an answer shows a secret: %s", text)
				}
			}
		})
	}
}

// contracts are read, and bodies and captures judged, without a mock.
func (a *assistant) reads() {
	a.t.Helper()
	var read struct {
		Lines  []string
		Cursor int
	}
	a.call("contract_read", nil, &read)
	if !slices.ContainsFunc(read.Lines, func(line string) bool { return strings.HasPrefix(line, "elma365: ") }) {
		a.t.Errorf("no elma365 in %q", read.Lines)
	}
	pages, all := 0, []string{}
	for cursor := 0; pages == 0 || cursor != 0; pages++ {
		read.Cursor = 0
		a.call("contract_read", map[string]any{"contract": "elma365", "item": "requirements", "cursor": cursor}, &read)
		cursor, all = read.Cursor, append(all, read.Lines...)
	}
	var printed safeBuffer
	run(a.t.Context(), []string{"specs", "show", "elma365", "requirements"}, nil, &printed, io.Discard)
	if pages < 2 || strings.Join(all, "\n") != strings.TrimRight(printed.String(), "\n") {
		a.t.Errorf("%d pages are not what specs show prints:\n%s", pages, strings.Join(all, "\n"))
	}
	var checked struct {
		Valid    bool
		Payload  string
		Findings []string
	}
	a.call("body_check", map[string]any{"contract": "elma365", "path": "body.json"}, &checked)
	if !checked.Valid || checked.Payload != "operations/message" {
		a.t.Errorf("the documented sample: %+v", checked)
	}
	writeTestFile(a.t, "wrong.json", `{"type": "message", "token": "x", "data": {"externalChatId": 7}}`)
	a.call("body_check", map[string]any{"contract": "elma365", "path": "wrong.json", "payload": "operations/message"}, &checked)
	if checked.Valid || !strings.Contains(strings.Join(checked.Findings, "\n"), "/data/externalChatId") {
		a.t.Errorf("a wrong body: %+v", checked)
	}
	var judged struct {
		Outcome string
		Lines   []string
	}
	a.call("capture_judge", map[string]any{"contract": "elma365", "path": "capture.har", "webhook": "http://localhost:3000/webhook"}, &judged)
	if judged.Outcome == "" || !strings.Contains(judged.Lines[0], "of 3 exchanges 2 were judged") {
		a.t.Errorf("the capture: %+v", judged)
	}
	a.call("capture_judge", map[string]any{"contract": "elma365", "path": "capture.har", "base": "http://nowhere.example/"}, &judged)
	if judged.Outcome != "incomplete" || !strings.Contains(judged.Lines[0], " 0 were judged") {
		a.t.Errorf("a capture in which nothing is judged: %+v", judged)
	}
}

// plays starts the vendor, connects the partner and sends it an event.
func (a *assistant) plays(partner string) {
	a.t.Helper()
	var started struct {
		URL, Channel string
		Lines        []string
	}
	a.call("mock_start", map[string]any{"contract": "elma365", "webhook": partner + "/webhook", "token": "tok-3f9a"}, &started)
	said := strings.Join(started.Lines, "\n")
	if !answering(started.URL+"/") || !strings.Contains(said, "calls of the channel go to "+started.URL) || !strings.Contains(said, "events/connect: delivered, answered 200") {
		a.t.Fatalf("started: %+v", started)
	}
	var sent struct {
		State, Exchange, Text string
	}
	a.call("event_send", map[string]any{"event": "message", "set": map[string]any{"data.targetChatId": "chat-1", "data.text": "Hello"}}, &sent)
	if sent.State != "delivered" || !strings.Contains(sent.Text, "answered 200") || sent.Exchange == "" {
		a.t.Errorf("sent: %+v", sent)
	}
}

// waitedFor is what traffic_wait answers.
type waitedFor struct {
	Met       bool
	Exchanges []string
	Closest   string
	Differs   []string
}

// waits sees the partner's call, and how one that does not come differs from it.
func (a *assistant) waits(partner string) {
	a.t.Helper()
	if status := postJSON(a.t, partner+"/say", ""); status != http.StatusAccepted {
		a.t.Fatalf("/say was answered %d", status)
	}
	var waited waitedFor
	a.call("traffic_wait", map[string]any{"operation": "operations/message", "timeout": "20s"}, &waited)
	if !waited.Met || len(waited.Exchanges) == 0 || !strings.Contains(waited.Exchanges[0], "by the partner: POST") {
		a.t.Fatalf("waited: %+v", waited)
	}
	first, _, _ := strings.Cut(waited.Exchanges[0], " ")
	waited = waitedFor{}
	a.call("traffic_wait", map[string]any{"operation": "operations/message", "body": map[string]any{"data.externalChatId": "c-none", "token": "guess"}, "timeout": "0s"}, &waited)
	differs := strings.Join(waited.Differs, "\n")
	if waited.Met || !strings.HasPrefix(waited.Closest, first+" ") || !strings.Contains(differs, `, not "c-none"`) || !strings.Contains(differs, "token is another; its value is secret") {
		a.t.Errorf("a miss after %s: %+v", first, waited)
	}
}

// misbehaves makes the vendor answer an error once, and moves its clock.
func (a *assistant) misbehaves(partner string) {
	a.t.Helper()
	var faults struct{ Faults []string }
	a.call("fault_set", map[string]any{"rule": "operation=message,status=500,times=1"}, &faults)
	if len(faults.Faults) != 1 || !strings.Contains(faults.Faults[0], `"status":500`) {
		a.t.Errorf("faults: %+v", faults)
	}
	if status := postJSON(a.t, partner+"/say", ""); status != http.StatusAccepted {
		a.t.Fatalf("/say was answered %d", status)
	}
	var waited waitedFor
	a.call("traffic_wait", map[string]any{"operation": "operations/message", "status": 500, "timeout": "20s"}, &waited)
	if !waited.Met || !strings.Contains(waited.Exchanges[0], "by fault") {
		a.t.Errorf("the fault: %+v", waited)
	}
	var clock struct {
		Now    string
		Frozen bool
	}
	a.call("clock_set", map[string]any{"freeze": true, "now": "2026-03-04T05:06:07Z"}, &clock)
	a.call("clock_set", map[string]any{"advance": "1h"}, &clock)
	if !clock.Frozen || clock.Now != "2026-03-04T06:06:07Z" {
		a.t.Errorf("the clock: %+v", clock)
	}
}

// judged is what conform_run answers.
type judged struct {
	Outcome string
	Passed  bool
	Lines   []string
	Cursor  int
}

// judges gets a verdict, of a good partner, of a bad one, and none.
func (a *assistant) judges(partner string) {
	a.t.Helper()
	chosen := []string{"elma365/webhook/connect", "elma365/webhook/message", "*wrong-token"}
	var good, bad, none judged
	a.call("conform_run", map[string]any{"contract": "elma365", "suite": "webhook", "target": partner + "/webhook", "run": chosen}, &good)
	if good.Outcome != "passed" || !good.Passed || !strings.Contains(strings.Join(good.Lines, "\n"), "PASSED") || !comesTrue(func() bool { return a.progress.Load() == 3 }) {
		a.t.Errorf("a good partner, with %d notes of progress: %+v", a.progress.Load(), good)
	}
	careless := startPartner(a.t, "--token", "tok-3f9a", "--defect", "accepts-any-token")
	a.call("conform_run", map[string]any{"contract": "elma365", "suite": "webhook", "target": careless + "/webhook", "run": chosen}, &bad)
	if bad.Outcome != "failed" || bad.Passed || !strings.Contains(strings.Join(bad.Lines, "\n"), "wrong-token") {
		a.t.Errorf("a bad partner: %+v", bad)
	}
	a.call("conform_run", map[string]any{"contract": "elma365", "suite": "client", "target": partner + "/webhook", "run": []string{"*"}, "deadline": "1ms"}, &none)
	if none.Outcome != "incomplete" || none.Passed || !strings.Contains(strings.Join(none.Lines, "\n"), "INCOMPLETE") {
		a.t.Errorf("a run without anything that makes the partner call: %+v", none)
	}
	var reset struct{ URL string }
	a.call("mock_reset", nil, &reset)
	var waited waitedFor
	a.call("traffic_wait", map[string]any{"timeout": "0s"}, &waited)
	if waited.Met || len(waited.Exchanges) != 0 {
		a.t.Errorf("after a reset there is %+v", waited)
	}
}

func readTestFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeTestFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
