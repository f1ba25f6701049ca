package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

// counter remembers a list of numbers, and refuses what is no list.
func counter(*mockserver.Stage) mockserver.Behaviour {
	known := []int{}
	return mockserver.Behaviour{
		State: func() any { return known },
		AddState: func(given json.RawMessage) error {
			var more []int
			if err := json.Unmarshal(given, &more); err != nil {
				return &mockserver.StateError{Pointer: "/0", Text: "is no number"}
			}
			known = append(known, more...)
			return nil
		},
	}
}

// TestStateFromTheBeginning is there in every sandbox, and again after a reset.
func TestStateFromTheBeginning(t *testing.T) {
	o := mockserver.Options{State: map[string]json.RawMessage{"acme": json.RawMessage(`[1,2]`)}}
	mock, err := mockserver.New(o, mockserver.Vendor{Contract: acmeContract(t), Play: counter})
	if err != nil {
		t.Fatal(err)
	}
	named, err := mock.NamedSandbox("other")
	if err != nil {
		t.Fatal(err)
	}
	if err := mock.Sandbox().AddState("acme", json.RawMessage(`[3]`)); err != nil {
		t.Fatal(err)
	}
	expect := func(b *mockserver.Sandbox, want string) {
		t.Helper()
		if got := fmt.Sprint(b.State()["acme"]); got != want {
			t.Errorf("sandbox %s knows %s, want %s", b.Name(), got, want)
		}
	}
	expect(mock.Sandbox(), "[1 2 3]")
	expect(named, "[1 2]")
	if err := mock.Sandbox().Reset(); err != nil {
		t.Fatal(err)
	}
	expect(mock.Sandbox(), "[1 2]")
}

func TestAMockThatCannotBeginSo(t *testing.T) {
	for state, want := range map[string]string{
		`{"acme":["x"]}`: "/acme/0: is no number",
		`{"nobody":[]}`:  "/nobody: this vendor is not played; played are acme",
	} {
		var given map[string]json.RawMessage
		if err := json.Unmarshal([]byte(state), &given); err != nil {
			t.Fatal(err)
		}
		_, err := mockserver.New(mockserver.Options{State: given}, mockserver.Vendor{Contract: acmeContract(t), Play: counter})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", state, err, want)
		}
		var at *mockserver.StateError
		if pointer, _, _ := strings.Cut(want, ":"); !errors.As(err, &at) || at.Pointer != pointer {
			t.Errorf("%s: the place is lost in %v", state, err)
		}
	}
	_, err := mockserver.New(mockserver.Options{State: map[string]json.RawMessage{"acme": json.RawMessage(`[]`)}}, mockserver.Vendor{Contract: acmeContract(t)})
	if err == nil || !strings.Contains(err.Error(), "nothing can be added") {
		t.Errorf("a vendor without memory: %v", err)
	}
}
