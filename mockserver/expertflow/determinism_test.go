package expertflow_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/expertflow"
)

// TestTheSameSeedGivesTheSameBytes: tokens, IDs and events.
func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	play := func() (string, string) {
		m := newMock(t, "EF-R-01=on")
		a, g := m.login(password(expertflow.User))
		for _, name := range []string{"documented", "documented-recording-link", "stand-alone"} {
			if a := m.pushAs("Bearer "+g.AccessToken, sample(t, "operations/pushActivity", name)); a.Status != http.StatusOK {
				t.Fatalf("%s: answered %d", name, a.Status)
			}
		}
		return a.Body, m.Do("GET", "/_parley/state", "").Body
	}
	token, state := play()
	tokenAgain, stateAgain := play()
	if token != tokenAgain || state != stateAgain {
		t.Errorf("two runs differ:\n%s\n%s\n%s\n%s", token, tokenAgain, state, stateAgain)
	}
}

// TestManyAtOnce: every activity is kept once, whoever else pushes.
func TestManyAtOnce(t *testing.T) {
	for readings, want := range map[string]int{"": 80, "EF-R-05=one-activity": 10} {
		m := newMock(t, readings)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for i := range 10 {
					body := activity(fmt.Sprintf("a%d", i), ofSession)
					if a := m.push(body); a.Status != http.StatusOK {
						t.Errorf("answered %d", a.Status)
					}
				}
			})
		}
		group.Wait()
		copies := 0
		kept := m.state().Activities
		for _, a := range kept {
			copies += a.Copies
		}
		if len(kept) != want || copies != 80 {
			t.Errorf("%q: kept %d activities and %d copies, want %d and 80", readings, len(kept), copies, want)
		}
	}
}
