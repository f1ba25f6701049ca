package fault_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// statuses calls an operation n times.
func statuses(m *mocktest.Mock, n int) []int {
	var list []int
	for range n {
		list = append(list, m.Do("GET", "/tickets/T-1", "").Status)
	}
	return list
}

func TestWhenAFaultActs(t *testing.T) {
	for _, test := range []struct {
		title string
		when  fault.Rule
		want  []int
	}{
		{"always", fault.Rule{}, []int{404, 404, 404, 404, 404}},
		{"the next two", fault.Rule{Times: 2}, []int{404, 404, 200, 200, 200}},
		{"the third", fault.Rule{Nth: 3}, []int{200, 200, 404, 200, 200}},
		{"from the third", fault.Rule{From: 3}, []int{200, 200, 404, 404, 404}},
		{"two from the third", fault.Rule{From: 3, Times: 2}, []int{200, 200, 404, 404, 200}},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := acme.New(t, nil)
			test.when.Operation, test.when.Status = "ticket", 404
			m.Fault(test.when)
			if got := statuses(m, 5); !slices.Equal(got, test.want) {
				t.Errorf("answered %v, want %v", got, test.want)
			}
			acted := 0
			for _, status := range test.want {
				if status == 404 {
					acted++
				}
			}
			if f := m.Sandbox().Faults()[0]; f.Matched != 5 || f.Acted != acted {
				t.Errorf("matched %d times and acted %d times, want 5 and %d", f.Matched, f.Acted, acted)
			}
		})
	}
}

// TestProbabilityFollowsFromTheSeed: the same seed gives the same calls, whatever
// other faults there are; another seed gives others.
func TestProbabilityFollowsFromTheSeed(t *testing.T) {
	const calls = 60
	run := func(seed uint64, further bool) []int {
		m := acme.NewWith(t, mockserver.Options{Seed: seed}, nil)
		m.Fault(fault.Rule{Operation: "ticket", Status: 404, Probability: 0.5})
		if further {
			m.Fault(fault.Rule{Operation: "ticket", ContentType: "text/plain", Probability: 0.9})
		}
		return statuses(m, calls)
	}
	one := run(7, false)
	if again := run(7, true); !slices.Equal(one, again) {
		t.Errorf("with one seed the faults acted on\n%v and\n%v", one, again)
	}
	if other := run(8, false); slices.Equal(one, other) {
		t.Error("another seed changes nothing")
	}
	acted := 0
	for _, status := range one {
		if status == 404 {
			acted++
		}
	}
	if acted < calls/4 || acted > calls*3/4 {
		t.Errorf("it acted %d times of %d with probability 0.5", acted, calls)
	}
}

func TestAnOutageEndsWithItsTime(t *testing.T) {
	m := acme.New(t, nil)
	m.Sandbox().Clock().Freeze()
	m.Fault(fault.Rule{Operation: "*", Status: 404, For: "30s"})
	if got := statuses(m, 2); !slices.Equal(got, []int{404, 404}) {
		t.Errorf("during the outage it answers %v", got)
	}
	m.Advance(30 * time.Second)
	if got := statuses(m, 1); got[0] != 200 {
		t.Errorf("after the outage it answers %v", got)
	}
}

func TestFaultsOnOperations(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
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
	m := acme.New(t, nil)
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
	m := acme.New(t, nil)
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
