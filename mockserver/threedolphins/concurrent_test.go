package threedolphins_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// writer does one thing after another to the same ticket.
type writer struct {
	name  string
	write func(*inProcess, int) bool // whether a message was added to the conversation
}

// inProcess calls a mock without sockets.
type inProcess struct {
	t     *testing.T
	mock  *mockserver.Server
	token string
}

func (p *inProcess) call(method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.token)
	w := httptest.NewRecorder()
	p.mock.ServeHTTP(w, request)
	return w
}

func (p *inProcess) must(method, path, body string) bool {
	if w := p.call(method, path, body); w.Code != http.StatusOK {
		p.t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		return false
	}
	return true
}

const number = `"ticketNumber":"` + threedolphins.KnownTicket + `"`

// writers are all that can happen to one ticket from both sides.
var writers = []writer{
	{"third party", func(p *inProcess, i int) bool {
		return p.must("POST", "/dolphin/apiv1/integration/outgoing", fmt.Sprintf(`{%s,"channel":"whatsapp","messageType":"text","message":"bot %d","mediaLink":"","customerName":"","owner":"%s"}`, number, i, threedolphins.KnownOwner))
	}},
	{"agent", func(p *inProcess, i int) bool {
		return p.must("POST", graph+"/tickets/sendMessage", fmt.Sprintf(`{%s,"channelType":"whatsapp","replyAgent":"%s","message":"agent %d"}`, number, threedolphins.KnownAgent, i))
	}},
	{"customer", func(p *inProcess, i int) bool {
		_, err := p.mock.Sandbox().Send(mocktest.Soon(p.t), mockserver.SendRequest{Event: "incoming", Channel: "c", Wait: true, Set: map[string]any{"ticketNumber": threedolphins.KnownTicket, "message": fmt.Sprint("customer ", i)}})
		if err != nil {
			p.t.Error(err)
		}
		return err == nil
	}},
	{"supervisor", func(p *inProcess, i int) bool {
		agent := []string{threedolphins.KnownAgent, "a0000000000000000000000000000002"}[i%2]
		p.must("PUT", graph+"/tickets/update/reassign", fmt.Sprintf(`{%s,"teamMember":{"id":"%s"}}`, number, agent))
		return false
	}},
	{"closer", func(p *inProcess, i int) bool {
		p.must("PUT", graph+"/tickets/update/close", "{"+number+"}")
		return false
	}},
	{"editor", func(p *inProcess, i int) bool {
		p.must("PUT", graph+"/tickets/update/"+threedolphins.KnownTicket, fmt.Sprintf(`{"remark":"%d"}`, i))
		return false
	}},
	{"reader", func(p *inProcess, i int) bool {
		p.must("GET", someTicket, "")
		p.must("GET", graph+"/tickets/conversations/"+threedolphins.KnownTicket, "")
		return false
	}},
}

func newInProcess(t *testing.T, seed uint64, readings string) *inProcess {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{Seed: seed, SelfCheck: true, Transport: answering{}}, mocktest.WithReadings(t, vendor(), strings.Fields(readings)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mock.Close(mocktest.Soon(t)) })
	p := &inProcess{t: t, mock: mock}
	p.token = decoded(t, p.call("POST", graph+"/auth", credentials).Body.String())["token"].(string)
	if _, err := mock.Sandbox().PutChannel(mockserver.Channel{ID: "c", URL: "http://partner.example/hook"}); err != nil {
		t.Fatal(err)
	}
	return p
}

// consistent finds where ticket and conversation do not agree.
func (p *inProcess) consistent(added int) {
	p.t.Helper()
	state := p.mock.Sandbox().State()["3dolphins"].(threedolphins.State)
	var ticket threedolphins.Ticket
	for _, one := range state.Tickets {
		if one.Number == threedolphins.KnownTicket {
			ticket = one
		}
	}
	ids, said := map[string]bool{}, map[any]bool{}
	for _, m := range state.Messages {
		if m.Ticket != threedolphins.KnownTicket {
			continue
		}
		if ids[m.ID] || m.Members["id"] != m.ID || m.Members["ticketNumber"] != m.Ticket {
			p.t.Errorf("message %s is not one of its own: %v", m.ID, m.Members)
		}
		ids[m.ID] = true
		if said[m.Members["message"]] {
			p.t.Errorf("%v stands twice", m.Members["message"])
		}
		said[m.Members["message"]] = true
	}
	if len(ids) != added+1 {
		p.t.Errorf("the conversation has %d messages, want %d and the first", len(ids), added)
	}
	if last := ticket.Members["lastMessage"]; !said[last] {
		p.t.Errorf("the ticket's last message %q is none of its conversation", last)
	}
	status := ticket.Members["status"]
	// A ticket that was closed keeps the date when it is given to somebody again, as
	// the sample of escalate does.
	if status != ticket.Members["timelineStatus"] || status == "Closed" && ticket.Members["closedDate"] == nil {
		p.t.Errorf("the ticket is %v and %v, closed at %v", status, ticket.Members["timelineStatus"], ticket.Members["closedDate"])
	}
	for _, e := range p.mock.Sandbox().Journal().Find(nil) {
		for _, f := range e.Findings {
			p.t.Errorf("%s: %s at %q: expected %s, got %s", e.Operation, f.Code, f.Pointer, f.Expected, f.Actual)
		}
	}
}

// TestWritersAtOnce: whoever writes to a ticket at the same time, nothing is lost,
// doubled or half done.
func TestWritersAtOnce(t *testing.T) {
	const each = 8
	for _, readings := range []string{"", "3D-R-32=reopened", "3D-R-33=reopened 3D-R-12=same-body-is-a-repeat"} {
		p := newInProcess(t, 1, readings)
		added := make([]int, len(writers))
		var group sync.WaitGroup
		for w, one := range writers {
			group.Go(func() {
				for i := range each {
					if one.write(p, i) {
						added[w]++
					}
				}
			})
		}
		group.Wait()
		total := 0
		for _, n := range added {
			total += n
		}
		p.consistent(total)
	}
}

// TestAnyOrderOfWriters: after each order of what can happen ticket and conversation
// agree, and a seed and an order always give the same state.
func TestAnyOrderOfWriters(t *testing.T) {
	for seed := range uint64(6) {
		var states [2]string
		for run := range states {
			p := newInProcess(t, seed, "")
			order, added := rand.New(rand.NewPCG(seed, 0)), 0
			for i := range 25 {
				if writers[order.IntN(len(writers))].write(p, i) {
					added++
				}
			}
			p.consistent(added)
			state := p.mock.Sandbox().State()["3dolphins"].(threedolphins.State)
			for _, m := range state.Messages {
				states[run] += fmt.Sprintln(m.ID, m.Ticket, m.Type, m.Members["message"], m.Members["messageId"])
			}
		}
		if states[0] != states[1] {
			t.Errorf("seed %d gives two states:\n%s\n%s", seed, states[0], states[1])
		}
	}
}
