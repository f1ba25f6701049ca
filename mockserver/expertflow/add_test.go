package expertflow_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/expertflow"
)

// TestAConversationOfOnesOwn is made by the control API, used, and ended.
func TestAConversationOfOnesOwn(t *testing.T) {
	m := newMock(t, "EF-R-04=not-found")
	add := func(state string) {
		t.Helper()
		if a := m.Do("POST", "/_parley/state", `{"vendor":"expertflow","state":`+state+`}`); a.Status != http.StatusNoContent {
			t.Fatalf("%s: answered %d %s", state, a.Status, a.Body)
		}
	}
	add(`{"customers":[{"_id":"c1","firstName":"Kim","phoneNumber":["+15550102"]}],
		"conversations":[{"id":"v1","customer":"c1","active":true,"room":"r1"}],
		"channelSessions":[{"id":"s1","conversation":"v1","active":true}]}`)
	m.push(activity("a1", `"channelSessionId":"s1"`))
	add(`{"conversations":[{"id":"v1","customer":"c1","active":false,"room":"r1"}]}`)
	m.push(activity("a2", `"channelSessionId":"s1"`))
	m.push(activity("a3", `"customer":{"_id":"c1"}`))
	kept := m.state().Activities
	if len(kept) != 3 {
		t.Fatalf("kept %+v", kept)
	}
	for i, want := range []struct{ place, conversation string }{{expertflow.PlaceTopic, "v1"}, {expertflow.PlaceStore, "v1"}, {expertflow.PlaceHistory, ""}} {
		if a := kept[i]; a.Place != want.place || a.Conversation != want.conversation || a.Customer != "c1" {
			t.Errorf("kept %+v, want it in the %s", a, want.place)
		}
	}
	m.Sandbox().Reset()
	if s := m.state(); len(s.Activities) != 0 || len(s.Customers) != 2 || len(s.Conversations) != 2 || len(s.ChannelSessions) != 2 {
		t.Errorf("after the reset: %+v", s)
	}
}

func TestStateThatCannotBeAdded(t *testing.T) {
	m := newMock(t, "")
	for state, want := range map[string]string{
		`[]`:                            "can be added",
		`{"activities":[]}`:             `unknown field "activities"`,
		`{"customers":[{}]}`:            "a customer has no _id",
		`{"gateway":{"unanswered":-1}}`: "gateway.unanswered is -1",
		`{"gateway":{"open":true}}`:     `unknown field "open"`,
		`{"conversations":[{}]}`:        "a conversation has no id",
		`{"channelSessions":[{}]}`:      "a channel session has no id",
		`{"conversations":[{"id":"v1","customer":"nobody"}]}`:                                `there is no customer "nobody"`,
		`{"customers":[{"_id":"c1"}],"channelSessions":[{"id":"s1","conversation":"none"}]}`: `there is no conversation "none"`,
	} {
		err := m.Sandbox().AddState("expertflow", []byte(state))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", state, err, want)
		}
	}
	if n := len(m.state().Customers); n != 2 {
		t.Errorf("there are %d customers; what failed should have changed nothing", n)
	}
}
