package threedolphins_test

import (
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

// ticketSteps each change what the read of a ticket shows: the ticket itself, its
// contact, or the agent who has it.
var ticketSteps = []func(m *mock){
	func(m *mock) { m.good("PUT", graph+"/tickets/update/"+threedolphins.KnownTicket, `{"remark":"one"}`) },
	func(m *mock) { m.good("PUT", graph+"/tickets/update/"+threedolphins.KnownTicket, `{"remark":"two"}`) },
	func(m *mock) {
		m.good("PUT", graph+"/contacts/update/"+threedolphins.KnownContact, `{"contactFirstName":"Misal"}`)
	},
	func(m *mock) { m.add(`{"agents":[{"id":"` + threedolphins.KnownAgent + `","name":"Agen Lain"}]}`) },
	func(m *mock) {
		m.good("POST", graph+"/tickets/sendMessage", `{`+number+`,"channelType":"whatsapp","replyAgent":"`+threedolphins.KnownAgent+`","message":"Halo"}`)
	},
	func(m *mock) {
		m.add(ours)
		m.good("PUT", graph+"/tickets/update/reassign", `{`+number+`,"teamMember":{"id":"agent-1"}}`)
	},
	func(m *mock) { m.add(`{"agents":[{"id":"agent-1","name":"Agen Baru"}]}`) },
	func(m *mock) { m.good("PUT", graph+"/tickets/update/close", `{`+number+`}`) },
}

// readsOf are both reads of the ticket, as texts.
func (m *mock) readsOf() [2]string {
	m.t.Helper()
	var texts [2]string
	for i, path := range []string{someTicket, graph + "/tickets/data/" + threedolphins.KnownTicket} {
		a := m.call("GET", path, "")
		if a.Status != 200 || a.Header.Get("Content-Type") != "application/json" {
			m.t.Fatalf("%s: %d %v %s", path, a.Status, a.Header, a.Body)
		}
		texts[i] = a.Body
	}
	return texts
}

// TestPreparedReads polls a ticket while it changes, and compares each answer with
// that of a mock that went the same way and was never asked.
func TestPreparedReads(t *testing.T) {
	polled := newMock(t, "")
	before := polled.readsOf()
	for i, step := range ticketSteps {
		polled.Advance(time.Minute)
		step(polled)
		got := polled.readsOf()
		if got == before {
			t.Errorf("step %d changes nothing", i+1)
		}
		if again := polled.readsOf(); again != got {
			t.Errorf("step %d: the same read says\n%s\nand then\n%s", i+1, got, again)
		}
		before = got

		fresh := newMock(t, "")
		for _, step := range ticketSteps[:i+1] {
			fresh.Advance(time.Minute)
			step(fresh)
		}
		if want := fresh.readsOf(); got != want {
			t.Errorf("step %d: the read says\n%s\nwant\n%s", i+1, got, want)
		}
	}
}

// TestManyPreparedReads asks for more tickets than are kept ready, again and again.
func TestManyPreparedReads(t *testing.T) {
	m := newMock(t, "")
	m.add(ours)
	first := map[string]string{}
	for range 3 {
		for _, one := range m.state().Tickets {
			text := m.call("GET", graph+"/tickets/"+one.Number, "").Body
			if known, ok := first[one.Number]; ok && known != text {
				t.Errorf("ticket %s is\n%s\nand then\n%s", one.Number, known, text)
			}
			first[one.Number] = text
		}
	}
	if len(first) < 9 {
		t.Errorf("%d tickets are too few", len(first))
	}
}
