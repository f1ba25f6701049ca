package fault_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

func TestFaultsOnOperations(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Channel: func(c *mockserver.Call) string { return c.Params["id"] }}
	})
	for _, f := range []fault.Rule{
		{Operation: "note", Status: 422, Times: 2, Where: map[string]any{"text": "twice"}},
		{Operation: "ticket", Status: 418, Undocumented: true, Channel: "T-2"},
		{Operation: "noteAlone", Status: 418}, // documented as any other status
	} {
		m.Fault(f)
	}
	for _, test := range []struct {
		method, path, body string
		status             int
		faults             []string
	}{
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 422, []string{"ft-000001"}},
		{"POST", "/tickets/1/notes", `{"text":"other"}`, 201, nil},
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 422, []string{"ft-000001"}},
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 201, nil},
		{"GET", "/tickets/T-2", "", 418, []string{"ft-000002"}},
		{"GET", "/tickets/T-3", "", 200, nil},
		{"POST", "/notes", `{"text":"x"}`, 418, []string{"ft-000003"}},
		{"GET", "/tickets/T-2", "", 418, []string{"ft-000002"}},
	} {
		a := m.Do(test.method, test.path, test.body)
		if e := m.Exchange(a); a.Status != test.status || !slices.Equal(e.Faults, test.faults) {
			t.Errorf("%s %s %s: %d with faults %v, want %d with %v", test.method, test.path, test.body, a.Status, e.Faults, test.status, test.faults)
		}
	}
	if list := m.Sandbox().Faults(); len(list) != 3 || list[0].Acted != 2 || list[1].Acted != 2 {
		t.Errorf("the faults are %+v", list)
	}
	if !m.Sandbox().RemoveFault("ft-000002") || m.Sandbox().RemoveFault("ft-000002") {
		t.Error("a fault is removed once")
	}
	if a := m.Do("GET", "/tickets/T-2", ""); a.Status != 200 {
		t.Errorf("a removed fault answered %d", a.Status)
	}
}

// TestFaultsActTogether: where they decide different things; of two that decide
// the same, the first acts.
func TestFaultsActTogether(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	m.Fault(fault.Rule{Operation: "ticket", ContentType: "text/html"})
	m.Fault(fault.Rule{Operation: "ticket", Status: 404, Times: 1})
	m.Fault(fault.Rule{Operation: "ticket", Status: 404, Times: 1})
	for _, want := range []struct {
		status int
		faults string
	}{{404, "[ft-000001 ft-000002]"}, {404, "[ft-000001 ft-000003]"}, {200, "[ft-000001]"}} {
		a := m.Do("GET", "/tickets/T-1", "")
		if e := m.Exchange(a); a.Status != want.status || fmt.Sprint(e.Faults) != want.faults || a.Header.Get("Content-Type") != "text/html" {
			t.Errorf("answered %d with %s by %v, want %d by %s", a.Status, a.Header.Get("Content-Type"), e.Faults, want.status, want.faults)
		}
	}
}

func TestAFaultStaysInItsSandbox(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	other, err := m.Server().NamedSandbox("other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.AddFault(fault.Rule{Operation: "*", Status: 404}); err != nil {
		t.Fatal(err)
	}
	if got := statuses(m, 1); got[0] != 200 {
		t.Errorf("another sandbox's fault answers %d", got[0])
	}
	if a := m.Do("GET", "/tickets/T-1", "", mockserver.HeaderSandbox, "other"); a.Status != 404 {
		t.Errorf("in its sandbox it answers %d", a.Status)
	}
}
