package control_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
)

// TestARemovalThatFails is told, and may be asked for again.
func TestARemovalThatFails(t *testing.T) {
	data := ledgertest.NewDisk()
	mock, err := mockserver.New(mockserver.Options{Control: control.New, Ledger: data, Shared: true}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	for fence, want := range []int{503, 204} {
		if err := mock.TakeUp(t.Context(), "team", uint64(fence+1), func() bool { return true }); err != nil {
			t.Fatal(err)
		}
		if err := mock.Use("team", func(*mockserver.Sandbox) {}); err != nil { // makes it
			t.Fatal(err)
		}
		data.Kept = want == 503
		answer := httptest.NewRecorder()
		mock.ServeHTTP(answer, httptest.NewRequest("DELETE", "/_parley/sandboxes/team", nil))
		held, err := data.Holds(t.Context(), "team")
		if answer.Code != want || err != nil || held != data.Kept {
			t.Errorf("%d %s, want %d; the ledger has it: %t, %v", answer.Code, answer.Body, want, held, err)
		}
	}
}

// TestChangesAreDurable: what changes a sandbox is answered when it is written down, and
// refused when it can't be; what only reads is answered all the same.
func TestChangesAreDurable(t *testing.T) {
	data := ledgertest.NewDisk()
	mock, err := mockserver.New(mockserver.Options{Control: control.New, Ledger: data}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	for _, call := range []struct {
		method, path, body string
		status             int // while there is room
		changes            bool
	}{
		{"PUT", "clock", `{"frozen": true}`, 200, true},
		{"POST", "faults", `{"operation": "*", "status": 500}`, 201, true},
		{"DELETE", "faults", "", 204, true},
		{"POST", "sandboxes", `{"name": "NAME"}`, 201, false}, // its log has begun before
		{"POST", "sandboxes/default/reset", "", 204, true},
		{"GET", "clock", "", 200, false},
		{"GET", "journal", "", 200, false},
	} {
		for _, data.Full = range []bool{false, true} {
			request := httptest.NewRequest(call.method, "/_parley/"+call.path, strings.NewReader(strings.ReplaceAll(call.body, "NAME", map[bool]string{false: "a", true: "b"}[data.Full])))
			request.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			mock.ServeHTTP(answer, request)
			want := call.status
			if call.changes && data.Full {
				want = 503
			}
			if answer.Code != want || want == 503 && !strings.Contains(answer.Body.String(), "no space left on device") {
				t.Errorf("%s %s on a full disk %t: %d %s, want %d", call.method, call.path, data.Full, answer.Code, answer.Body, want)
			}
		}
	}
}

// TestTheDocumentSaysThatChangesMayNotBeDurable, for each operation that changes a sandbox.
func TestTheDocumentSaysThatChangesMayNotBeDurable(t *testing.T) {
	changing := 0
	for _, o := range newControl(t, mockserver.Options{}).judge.Contract().Operations {
		if o.Method == "GET" || o.Path == "/_parley/judge" || o.Path == "/_parley/sandboxes" {
			continue
		}
		changing++
		if _, ok := o.Response(503); !ok {
			t.Errorf("%s %s documents no 503", o.Method, o.Path)
		}
	}
	if changing == 0 {
		t.Error("nothing changes a sandbox")
	}
}
