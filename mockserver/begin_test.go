package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/store"
)

// counter remembers a list of numbers, and refuses what is no list.
func counter(stage *mockserver.Stage) mockserver.Behaviour {
	kept := mockserver.Persist(stage, "numbers", store.NewMemory[int](0, nil))
	return mockserver.Behaviour{
		State: func() any {
			known, _ := kept.List()
			return known
		},
		AddState: func(given json.RawMessage) error {
			var more []int
			if err := json.Unmarshal(given, &more); err != nil {
				return &mockserver.StateError{Pointer: "/0", Text: "is no number"}
			}
			for _, n := range more {
				if err := store.Put(kept, strconv.Itoa(n), n); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// TestStateFromTheBeginning is there in every sandbox, and again after a reset.
func TestStateFromTheBeginning(t *testing.T) {
	o := mockserver.Options{State: map[string]json.RawMessage{"acme": json.RawMessage(`[1,2]`)}}
	mock, err := mockserver.New(o, mockserver.Vendor{Contract: acme.Contract(), Play: counter})
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
	mock.Sandbox().Reset()
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
		_, err := mockserver.New(mockserver.Options{State: given}, mockserver.Vendor{Contract: acme.Contract(), Play: counter})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", state, err, want)
		}
		var at *mockserver.StateError
		if pointer, _, _ := strings.Cut(want, ":"); !errors.As(err, &at) || at.Pointer != pointer {
			t.Errorf("%s: the place is lost in %v", state, err)
		}
	}
	_, err := mockserver.New(mockserver.Options{State: map[string]json.RawMessage{"acme": json.RawMessage(`[]`)}}, acme.Vendor())
	if err == nil || !strings.Contains(err.Error(), "nothing can be added") {
		t.Errorf("a vendor without memory: %v", err)
	}
}

// TestChannelsFromTheBeginning are in the default sandbox, and again after a reset,
// with the same IDs. Nobody is told.
func TestChannelsFromTheBeginning(t *testing.T) {
	o := mockserver.Options{Channels: []mockserver.Channel{
		{Vendor: "acme", URL: "http://partner.example/hook", Token: "x"}, {Vendor: "acme", ID: "mine", URL: "http://other.example/hook"},
	}}
	mock, err := mockserver.New(o, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	b := mock.Sandbox()
	before := b.Channels()
	if len(before) != 2 || before[0].Token != "x" || before[1].ID != "mine" || before[0].State != mockserver.ChannelActive {
		t.Fatalf("at the start there are %+v", before)
	}
	b.RemoveChannel("mine")
	if _, err := b.PutChannel(mockserver.Channel{ID: "later", URL: "http://later.example/hook"}); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if after := b.Channels(); !reflect.DeepEqual(after, before) || len(b.Deliveries()) != 0 {
		t.Errorf("after a reset there are %+v, want %+v; deliveries %v", after, before, b.Deliveries())
	}
	named, err := mock.NamedSandbox("other")
	if err != nil {
		t.Fatal(err)
	}
	if list := named.Channels(); len(list) != 0 {
		t.Errorf("another sandbox has %+v", list)
	}
	for _, wrong := range []mockserver.Channel{{Vendor: "nobody"}, {URL: "ftp://partner.example"}} {
		if _, err := mockserver.New(mockserver.Options{Channels: []mockserver.Channel{wrong}}, acme.Vendor()); err == nil {
			t.Errorf("%+v is a channel", wrong)
		}
	}
}
