package mockserver_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/store"
)

// TestABehaviourThatDoesNotFit: what a contract does not have is told when the mock is
// made, and not never.
func TestABehaviourThatDoesNotFit(t *testing.T) {
	answer := func(*mockserver.Call) mockserver.Reply { return mockserver.Reply{Status: 200} }
	for says, play := range map[string]func(*mockserver.Stage) mockserver.Behaviour{
		`has an operation "tickt", and its contract has none of that ID; it has ticket, note, noteAll, noteAlone`: func(*mockserver.Stage) mockserver.Behaviour {
			return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": answer, "tickt": answer}}
		},
		`has an event "change", and its contract has none of that ID; it has changed`: func(*mockserver.Stage) mockserver.Behaviour {
			return mockserver.Behaviour{Events: map[string]mockserver.Event{"change": {}}}
		},
		`asks for reading "AC-R-1", and its contract has none of that ID; it has `: func(s *mockserver.Stage) mockserver.Behaviour {
			s.Reading("AC-R-1")
			return mockserver.Behaviour{}
		},
		`keeps two collections as "a"`: func(s *mockserver.Stage) mockserver.Behaviour {
			mockserver.Persist(s, "a", store.NewMemory[string](1, nil))
			mockserver.Persist(s, "a", store.NewMemory[string](1, nil))
			return mockserver.Behaviour{}
		},
		`keeps "hidden", whose values have secret, which JSON has not`: func(s *mockserver.Stage) mockserver.Behaviour {
			type hidden struct{ secret string }
			mockserver.Persist(s, "hidden", store.NewMemory(1, func(h hidden) hidden { return hidden{h.secret} }))
			return mockserver.Behaviour{}
		},
		`has a State and makes its collections without mockserver.Persist`: func(*mockserver.Stage) mockserver.Behaviour {
			return mockserver.Behaviour{State: func() any { return "something" }}
		},
	} {
		_, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: acme.Contract(), Play: play})
		if err == nil || !strings.HasPrefix(err.Error(), "the behaviour of Acme ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
