package threedolphins_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

func (m *mock) add(state string) {
	m.t.Helper()
	if err := m.Sandbox().AddState("3dolphins", []byte(state)); err != nil {
		m.t.Fatal(err)
	}
}

// ours is a small world of a user's own.
const ours = `{
	"agents": [{"id":"agent-1","name":"Agen Satu"}],
	"channels": [{"id":"line-1","type":"telegrambot"}],
	"contacts": [{"id":"contact-1","members":{"contactFirstName":"Contoh","contactLastName":"Satu","contactAccountIds":["900"]}}],
	"tickets": [
		{"number":"T-1","members":{"accountId":"900","channel":"line-1","contactId":"contact-1","message":"Halo","status":"Open","assignedAgent":"agent-1","severity":"High"}},
		{"number":"T-2","members":{"accountId":"901","accountName":"Contoh Dua","createdDate":1700000000000,"status":"Closed","closedDate":1700000030000}},
		{"number":"T-3","members":{"accountId":"901"}}],
	"messages": [
		{"ticket":"T-1","members":{"message":"Halo","createdDate":1700000001000}},
		{"id":"m-2","ticket":"T-1","type":"image","mediaLink":"https://files.example/1.png","members":{"message":"","createdDate":1700000002000}}]
}`

// TestAWorldOfOnesOwn stands beside what was there, and works like it.
func TestAWorldOfOnesOwn(t *testing.T) {
	m := newMock(t, "")
	before := m.state()
	m.add(ours)
	after := m.state()
	if len(after.Tickets) != len(before.Tickets)+3 || len(after.Messages) != len(before.Messages)+2 || len(after.Agents) != len(before.Agents)+1 {
		t.Errorf("there are %d tickets, %d messages and %d agents", len(after.Tickets), len(after.Messages), len(after.Agents))
	}
	if len(after.Contacts) != len(before.Contacts)+2 {
		t.Errorf("there are %d contacts, want the given one and one for account 901 more than %d", len(after.Contacts), len(before.Contacts))
	}
	one := m.get(graph + "/tickets/T-1")["data"].(map[string]any)
	for name, want := range map[string]any{"status": "Open", "assignedAgent": "agent-1", "agentName": "Agen Satu", "severityStyle": "severity-high", "channelType": "telegrambot", "channelKey": "line-1"} {
		if one[name] != want {
			t.Errorf("%s is %v, want %v", name, one[name], want)
		}
	}
	if contact := one["contact"].(map[string]any); contact["contactLastName"] != "Satu" {
		t.Errorf("its contact is %v", contact)
	}
	two := m.get(graph + "/tickets/T-2")["data"].(map[string]any)
	if two["closedDateText"] != "2023-11-15 05:13" || two["withinSla"] != true || two["closeInterval"] != float64(30) {
		t.Errorf("the closed ticket: %v, within %v, after %v", two["closedDateText"], two["withinSla"], two["closeInterval"])
	}
	if said := data(t, m.get(graph+"/tickets/conversations/T-1")); len(said) != 2 || said[0]["id"] != "m-2" {
		t.Errorf("the conversation is %v", said)
	}
	m.good("PUT", graph+"/tickets/update/reassign", `{"ticketNumber":"T-3","teamMember":{"id":"agent-1"}}`)
	m.good("PUT", graph+"/tickets/update/close", `{"ticketNumber":"T-3"}`)
	m.add(`{"tickets":[{"number":"T-3","members":{"accountId":"901"}}]}`)
	if got := m.get(graph + "/tickets/T-3")["data"].(map[string]any)["status"]; got != "Unassigned" {
		t.Errorf("a ticket that was given again is %v", got)
	}
	if n := len(m.state().Tickets); n != len(after.Tickets) {
		t.Errorf("a ticket that was given again stands twice: %d", n)
	}
}

// TestAWorldInstead takes the place of the seed, list by list.
func TestAWorldInstead(t *testing.T) {
	m := newMock(t, "")
	before := m.state()
	m.add(`{"replace":true,` + strings.TrimPrefix(ours, "{"))
	s := m.state()
	if len(s.Tickets) != 3 || len(s.Messages) != 2 || len(s.Contacts) != 2 || len(s.Agents) != 1 || len(s.Channels) != 1 {
		t.Errorf("%d tickets, %d messages, %d contacts, %d agents, %d channels", len(s.Tickets), len(s.Messages), len(s.Contacts), len(s.Agents), len(s.Channels))
	}
	m.token = m.login()
	m.good("POST", graph+"/tickets/sendMessage", `{"ticketNumber":"T-3","channelType":"telegrambot","replyAgent":"","message":"Halo"}`)
	if got := m.get(graph + "/tickets/T-3")["data"].(map[string]any)["assignedAgent"]; got != "agent-1" {
		t.Errorf("the user replies as %v", got)
	}
	m.add(`{"replace":true,"tickets":[{"number":"T-4","members":{"accountId":"902"}}]}`)
	s = m.state()
	if len(s.Tickets) != 1 || len(s.Messages) != 0 || len(s.Contacts) != 3 || len(s.Agents) != 1 {
		t.Errorf("tickets alone: %d tickets, %d messages, %d contacts, %d agents", len(s.Tickets), len(s.Messages), len(s.Contacts), len(s.Agents))
	}
	if body := m.get(graph + "/tickets"); body["totalResults"] != float64(1) {
		t.Errorf("the list has %v", body["totalResults"])
	}
	m.Sandbox().Reset()
	if n := len(m.state().Tickets); n != len(before.Tickets) {
		t.Errorf("after a reset there are %d tickets", n)
	}
}

// TestStateComesBack: what one sandbox shows can be given to another.
func TestStateComesBack(t *testing.T) {
	first, second := newMock(t, ""), newMock(t, "")
	first.add(ours)
	shown, err := json.Marshal(first.state())
	if err != nil {
		t.Fatal(err)
	}
	second.add(`{"replace":true,` + strings.TrimPrefix(string(shown), "{"))
	again, err := json.Marshal(second.state())
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(shown) {
		t.Errorf("what came back differs:\n%s\n%s", shown, again)
	}
}

// TestAnyTicketComesBack: what a state shows of tickets at any point of their life can
// be given to another mock, and is the same there.
func TestAnyTicketComesBack(t *testing.T) {
	first, second := newMock(t, ""), newMock(t, "")
	first.add(only(liveTicket + `,"priority":null}`))
	broughtToAnEnd(first)
	first.change("/escalate", `,"supervisorId":"`+threedolphins.KnownSupervisor+`"`)
	shown, err := json.Marshal(first.state())
	if err != nil {
		t.Fatal(err)
	}
	second.add(`{"replace":true,` + strings.TrimPrefix(string(shown), "{"))
	if again, err := json.Marshal(second.state()); err != nil || string(again) != string(shown) {
		t.Errorf("%v: what came back differs:\n%s\n%s", err, shown, again)
	}
	second.Advance(first.Sandbox().Clock().Now().Sub(second.Sandbox().Clock().Now()) + time.Second)
	if got := second.ticket("T"); got["priority"] != nil || got["transactionId"] != nil || got["onlineDuration"] == nil {
		t.Errorf("the ticket is %v", got)
	}
}

func TestStateThatCannotBeAdded(t *testing.T) {
	m := newMock(t, "")
	before := fmt.Sprint(m.state())
	for _, test := range []struct{ state, pointer, want string }{
		{`[]`, "", "can be given"},
		{`{"people":[]}`, "", `unknown field "people"`},
		{`{"tokenLife":"0s"}`, "/tokenLife", "no time above 0"},
		{`{"tokenLife":"-1h"}`, "/tokenLife", "no time above 0"},
		{`{"tokenLife":"long"}`, "/tokenLife", "write it like 90s"},
		{`{"tokenLife":5}`, "", "tokenLife"},
		{`{"agents":[{"id":"a"}]}`, "/agents/0", "an id and a name"},
		{`{"agents":[{"id":"a","nick":"b"}]}`, "/agents/0", `unknown field "nick"`},
		{`{"channels":[{"id":"c"}]}`, "/channels/0", "a type"},
		{`{"files":[{}]}`, "/files/0", "an id"},
		{`{"contacts":[{"members":{}}]}`, "/contacts/0", "an id"},
		{`{"contacts":[{"id":"c","members":{"rating":"many"}}]}`, "/contacts/0/members/rating", "expected"},
		{`{"tickets":[{"members":{}}]}`, "/tickets/0", "a number"},
		{`{"tickets":[5]}`, "/tickets/0", "cannot unmarshal"},
		{`{"tickets":[{"number":"T"}]}`, "/tickets/0/members", "an accountId"},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","status":"Done"}}]}`, "/tickets/0/members/status", "Unassigned, Assigned"},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","channel":"x"}}]}`, "/tickets/0/members/channel", `no channel "x"`},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","channelType":"fax"}}]}`, "/tickets/0/members/channelType", `type "fax"`},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","contactId":"x"}}]}`, "/tickets/0/members/contactId", `no contact "x"`},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","assignedAgent":"x"}}]}`, "/tickets/0/members/assignedAgent", `no agent "x"`},
		{`{"agents":[{"id":"a","name":"A"}],"tickets":[{"number":"T","members":{"accountId":"1","subject":7}}]}`, "/tickets/0/members/subject", "expected"},
		{`{"tickets":[{"number":"T","members":{"accountId":"1","createdDate":1.5}}]}`, "/tickets/0/members/createdDate", "expected"},
		{`{"messages":[{"ticket":"x"}]}`, "/messages/0/ticket", `no ticket "x"`},
		{`{"replace":true,"tickets":[],"messages":[{"ticket":"` + threedolphins.KnownTicket + `"}]}`, "/messages/0/ticket", "no ticket"},
		{`{"messages":[{"ticket":"` + threedolphins.KnownTicket + `","members":{"message":5}}]}`, "/messages/0/members/message", "expected"},
	} {
		err := m.Sandbox().AddState("3dolphins", []byte(test.state))
		var at *mockserver.StateError
		if !errors.As(err, &at) || at.Pointer != test.pointer || !strings.Contains(at.Text, test.want) {
			t.Errorf("%s: %v, want %q at %q", test.state, err, test.want, test.pointer)
		}
	}
	if after := fmt.Sprint(m.state()); after != before {
		t.Error("what was refused changed something")
	}
	if a := m.call("GET", someTicket, ""); a.Status != 200 {
		t.Errorf("what was refused ended a token: %d", a.Status)
	}
}

// TestTheLifeOfTokensChanges: earlier tokens end, later ones live as long as was
// said.
func TestTheLifeOfTokensChanges(t *testing.T) {
	m := newMock(t, "")
	if life := m.state().TokenLife; life != "1h0m0s" {
		t.Errorf("tokens live %s", life)
	}
	m.Advance(time.Second)
	m.add(`{"tokenLife":"2s"}`)
	if a := m.call("GET", someTicket, ""); a.Status != 401 {
		t.Errorf("a token from before: %d", a.Status)
	}
	m.token = m.login()
	m.Advance(1999 * time.Millisecond)
	if a := m.call("GET", someTicket, ""); a.Status != 200 {
		t.Errorf("a new token before its end: %d", a.Status)
	}
	m.Advance(time.Millisecond)
	if a := m.call("GET", someTicket, ""); a.Status != 401 {
		t.Errorf("a new token at its end: %d", a.Status)
	}
	if life := m.state().TokenLife; life != "2s" {
		t.Errorf("now tokens live %s", life)
	}
}
