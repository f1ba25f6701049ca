package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant is a client of the protocol's own library, and what it was told on the way.
type assistant struct {
	t        *testing.T
	session  *sdk.ClientSession
	progress atomic.Int64
	said     []string   // every answer
	raw      safeBuffer // of standard output, as it came
}

func (a *assistant) connect(t *testing.T, to sdk.Transport) *assistant {
	t.Helper()
	a.t = t
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, &sdk.ClientOptions{
		ProgressNotificationHandler: func(context.Context, *sdk.ProgressNotificationClientRequest) { a.progress.Add(1) },
	})
	session, err := client.Connect(t.Context(), to, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.session = session
	return a
}

// overStdio is an assistant that starts parley mcp; it ends with the test.
func overStdio(t *testing.T, args ...string) *assistant {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	var stderr safeBuffer
	ended := make(chan int, 1)
	go func() {
		code := run(context.Background(), append([]string{"mcp"}, args...), in, out, &stderr)
		out.Close()
		ended <- code
	}()
	a := &assistant{}
	a.connect(t, &sdk.IOTransport{Reader: io.NopCloser(io.TeeReader(fromServer, &a.raw)), Writer: toServer})
	t.Cleanup(func() {
		a.session.Close()
		if code := <-ended; code != exitOK || stderr.String() != "" {
			t.Errorf("parley mcp ended with %d: %s", code, stderr.String())
		}
	})
	return a
}

// overHTTP is an assistant of a mock that runs, in a sandbox of its own.
func overHTTP(t *testing.T, args ...string) *assistant {
	t.Helper()
	base := serving(t, append([]string{"--control-token", "control-7"}, args...)...).url
	return overHTTPAt(t, base+"/~mine/_parley/mcp", "control-7")
}

func overHTTPAt(t *testing.T, endpoint, token string) *assistant {
	t.Helper()
	a := (&assistant{}).connect(t, &sdk.StreamableClientTransport{
		Endpoint: endpoint, HTTPClient: &http.Client{Transport: bearer(token)}, DisableStandaloneSSE: true,
	})
	t.Cleanup(func() { a.session.Close() })
	return a
}

// bearer sends a control token with each request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// call uses a tool, which must succeed, and reads its answer.
func (a *assistant) call(tool string, arguments map[string]any, into any) {
	a.t.Helper()
	text, refused := a.try(tool, arguments)
	if refused {
		a.t.Fatalf("%s %v: %s", tool, arguments, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		a.t.Fatalf("%s: %v in %s", tool, err, text)
	}
}

// try uses a tool and returns what it says, and whether that is an error.
func (a *assistant) try(tool string, arguments map[string]any) (text string, refused bool) {
	a.t.Helper()
	params := &sdk.CallToolParams{Name: tool, Arguments: arguments}
	params.SetProgressToken("p-1")
	result, err := a.session.CallTool(a.t.Context(), params)
	if err != nil {
		a.t.Fatalf("%s %v: %v", tool, arguments, err)
	}
	for _, content := range result.Content {
		text += content.(*sdk.TextContent).Text
	}
	a.said = append(a.said, text)
	return text, result.IsError
}

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

// TestAssistantsToolsAreFewAndShort: what an assistant reads before it begins.
func TestAssistantsToolsAreFewAndShort(t *testing.T) {
	list, err := overStdio(t).session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
		if tool.InputSchema == nil || tool.OutputSchema == nil || tool.Annotations == nil || tool.Description == "" {
			t.Errorf("%s lacks a schema, annotations or a description", tool.Name)
		}
	}
	slices.Sort(names)
	want := []string{"body_check", "capture_judge", "clock_set", "conform_run", "contract_read", "event_send", "fault_set", "mock_reset", "mock_start", "traffic_wait"}
	if !slices.Equal(names, want) || len(text) >= 7_000 {
		t.Errorf("%d bytes of %v", len(text), names)
	}
}

// TestAssistantsAreRefused what leads off this machine or out of the folder.
func TestAssistantsAreRefused(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	writeTestFile(t, filepath.Join(outside, "body.json"), "{}")
	if err := os.Symlink(filepath.Join(outside, "body.json"), "link.json"); err != nil {
		t.Fatal(err)
	}
	a := overStdio(t, "--allow-target", "http://hook.example/in")
	for _, one := range []struct {
		tool      string
		arguments map[string]any
		why       string
	}{
		{"event_send", map[string]any{"event": "message"}, "call mock_start"},
		{"mock_start", map[string]any{"contract": "elma365", "webhook": "http://10.0.0.7/hook"}, "only this machine is called"},
		{"mock_start", map[string]any{"contract": "elma365", "webhook": "http://hook.example/elsewhere"}, "only this machine is called"},
		{"conform_run", map[string]any{"contract": "elma365", "target": "http://localhost.example/"}, "only this machine is called"},
		{"conform_run", map[string]any{"contract": "elma365", "stimulusUrl": "file:///etc/passwd"}, "write a URL"},
		{"conform_run", map[string]any{"contract": "elma365", "stimulus": "rm -r ."}, "stimulus"},
		{"conform_run", map[string]any{"contract": "elma365", "cursor": 3}, "there is none"},
		{"body_check", map[string]any{"contract": "elma365", "path": filepath.Join(outside, "body.json")}, "below the folder"},
		{"body_check", map[string]any{"contract": "elma365", "path": "link.json"}, "below the folder"},
		{"contract_read", map[string]any{"contract": filepath.Join(outside, "api.yaml")}, "below the folder"},
		{"contract_read", map[string]any{"contract": "nobody"}, "nobody"},
		{"contract_read", map[string]any{"contract": "elma365", "item": "events", "cursor": 9999}, "cursor is 9999"},
	} {
		if text, refused := a.try(one.tool, one.arguments); !refused || !strings.Contains(text, one.why) {
			t.Errorf("%s %v: %q", one.tool, one.arguments, text)
		}
	}
}

// TestAssistantsAreGuardedAsTheControlAPI: who may not use that has no tools, and each
// sandbox has its own world.
func TestAssistantsAreGuardedAsTheControlAPI(t *testing.T) {
	base := serving(t, "elma365", "--control-token", "control-7").url
	for _, one := range []struct {
		token, origin string
		status        int
	}{{"", "", http.StatusUnauthorized}, {"other", "", http.StatusUnauthorized}, {"control-7", "http://page.example", http.StatusForbidden}, {"control-7", "", http.StatusOK}} {
		r, err := http.NewRequest(http.MethodPost, base+"/_parley/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		r.Header.Set("Authorization", "Bearer "+one.token)
		if one.origin != "" {
			r.Header.Set("Origin", one.origin)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != one.status {
			t.Errorf("%+v was answered %d", one, response.StatusCode)
		}
	}
	mine, other := overHTTPAt(t, base+"/~mine/_parley/mcp", "control-7"), overHTTPAt(t, base+"/~other/_parley/mcp", "control-7")
	mine.call("fault_set", map[string]any{"rule": "operation=message,status=500"}, &struct{}{})
	var there, elsewhere struct{ Faults []string }
	mine.call("fault_set", nil, &there)
	other.call("fault_set", nil, &elsewhere)
	if len(there.Faults) != 1 || len(elsewhere.Faults) != 0 {
		t.Errorf("a fault of one sandbox: %v there, %v elsewhere", there, elsewhere)
	}
	if text, refused := mine.try("mock_start", map[string]any{"contract": "3dolphins"}); !refused || !strings.Contains(text, "not played here; there are elma365") {
		t.Errorf("what is not played: %s", text)
	}
}

// toldToAssistants is what an assistant of a mock gets to know of all its traffic, and of
// how each exchange differs from another body.
func toldToAssistants(t *testing.T, base, control string) string {
	t.Helper()
	a := overHTTPAt(t, base+"/_parley/mcp", control)
	for after, more := "", true; more; {
		var waited struct {
			Exchanges []string
			More      bool
		}
		a.call("traffic_wait", map[string]any{"contract": "elma365", "timeout": "0s", "after": after}, &waited)
		a.try("traffic_wait", map[string]any{"contract": "elma365", "timeout": "0s", "after": after, "body": map[string]any{"token": "x", "data.token": "x", "data.text": "x"}})
		if more = waited.More; more {
			after, _, _ = strings.Cut(waited.Exchanges[len(waited.Exchanges)-1], " ")
		}
	}
	a.try("event_send", map[string]any{"contract": "elma365", "event": "message"})
	a.try("fault_set", map[string]any{})
	return strings.Join(a.said, "\n")
}
