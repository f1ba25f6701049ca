package mockserver_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

func addFault(t testing.TB, m *mock, f fault.Rule) fault.Rule {
	t.Helper()
	added, err := m.Sandbox().AddFault(f)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// statuses calls an operation n times.
func (m *mock) statuses(n int) []int {
	m.t.Helper()
	var list []int
	for range n {
		list = append(list, m.do("GET", "/tickets/T-1", "").status)
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
			m := newMock(t, mockserver.Options{}, nil)
			test.when.Operation, test.when.Status = "ticket", 404
			addFault(t, m, test.when)
			if got := m.statuses(5); !slices.Equal(got, test.want) {
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
		m := newMock(t, mockserver.Options{Seed: seed}, nil)
		addFault(t, m, fault.Rule{Operation: "ticket", Status: 404, Probability: 0.5})
		if further {
			addFault(t, m, fault.Rule{Operation: "ticket", ContentType: "text/plain", Probability: 0.9})
		}
		return m.statuses(calls)
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
	m := newMock(t, mockserver.Options{}, nil)
	m.Sandbox().Clock().Freeze()
	addFault(t, m, fault.Rule{Operation: "*", Status: 404, For: "30s"})
	if got := m.statuses(2); !slices.Equal(got, []int{404, 404}) {
		t.Errorf("during the outage it answers %v", got)
	}
	if err := m.Sandbox().Clock().Advance(soon(t), 30*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := m.statuses(1); got[0] != 200 {
		t.Errorf("after the outage it answers %v", got)
	}
}

// TestFaultsActTogether: where they decide different things; of two that decide
// the same, the first acts.
func TestFaultsActTogether(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	addFault(t, m, fault.Rule{Operation: "ticket", ContentType: "text/html"})
	addFault(t, m, fault.Rule{Operation: "ticket", Status: 404, Times: 1})
	addFault(t, m, fault.Rule{Operation: "ticket", Status: 404, Times: 1})
	for _, want := range []struct {
		status int
		faults string
	}{{404, "[ft-000001 ft-000002]"}, {404, "[ft-000001 ft-000003]"}, {200, "[ft-000001]"}} {
		a := m.do("GET", "/tickets/T-1", "")
		if e := m.exchange(a); a.status != want.status || fmt.Sprint(e.Faults) != want.faults || a.header.Get("Content-Type") != "text/html" {
			t.Errorf("answered %d with %s by %v, want %d by %s", a.status, a.header.Get("Content-Type"), e.Faults, want.status, want.faults)
		}
	}
	worst(t, m.Sandbox().Journal().Find(nil), traffic.HarnessError)
}

func TestAFaultStaysInItsSandbox(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	other, err := m.NamedSandbox("other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.AddFault(fault.Rule{Operation: "*", Status: 404}); err != nil {
		t.Fatal(err)
	}
	if got := m.statuses(1); got[0] != 200 {
		t.Errorf("another sandbox's fault answers %d", got[0])
	}
	if a := m.do("GET", "/tickets/T-1", "", mockserver.HeaderSandbox, "other"); a.status != 404 {
		t.Errorf("in its sandbox it answers %d", a.status)
	}
}
