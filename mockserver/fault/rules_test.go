package fault_test

import (
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
			m := acme.New(t, mockserver.Options{}, nil)
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
		m := acme.New(t, mockserver.Options{Seed: seed}, nil)
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
	m := acme.New(t, mockserver.Options{}, nil)
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
