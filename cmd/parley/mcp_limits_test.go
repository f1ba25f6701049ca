package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
		if status, _ := answered(t, r); status != one.status {
			t.Errorf("%+v was answered %d", one, status)
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
