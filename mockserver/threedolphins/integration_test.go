package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// partnerOf opens the integration to a third party that answers with a status,
// and returns the bodies that it was sent.
func (m *mock) partnerOf(status int, answer ...string) func() []map[string]any {
	m.t.Helper()
	p := mocktest.NewPartner(m.t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.Join(answer, "")) // who left sees nothing
	})
	c := m.Connect(mockserver.Channel{ID: threedolphins.IntegrationChannel, URL: p.URL})
	if c.Address != m.URL+"/dolphin/apiv1/integration/outgoing" {
		m.t.Errorf("the third party is told to call %s", c.Address)
	}
	return func() []map[string]any {
		received := p.Received()
		bodies := make([]map[string]any, len(received))
		for i, text := range received {
			_ = json.Unmarshal([]byte(text), &bodies[i]) // what is no JSON is seen as nil
		}
		return bodies
	}
}

func (m *mock) writes(set map[string]any) outbox.Delivery {
	m.t.Helper()
	d, err := m.Sandbox().Send(mocktest.Soon(m.t), mockserver.SendRequest{Event: "incoming", Set: set, Wait: true})
	if err != nil {
		m.t.Fatal(err)
	}
	return d
}

// answers sends an Outgoing Event with some of the sample's members changed.
func (m *mock) answers(path string, set map[string]any) mocktest.Answer {
	m.t.Helper()
	body := map[string]any{
		"ticketNumber": threedolphins.KnownTicket, "channel": "whatsapp", "messageType": "text", "message": "Selamat datang", "mediaLink": "",
		"customerName": "Contoh Pelanggan", "owner": threedolphins.KnownOwner,
	}
	for name, value := range set {
		body[name] = value
	}
	data, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	return m.Do("POST", "/dolphin/apiv1/integration/"+path, string(data))
}

func (m *mock) conversation(number string) []string {
	var said []string
	for _, message := range m.state().Messages {
		if message.Ticket == number {
			said = append(said, fmt.Sprintf("%v %s: %v", message.Members["answer"], message.Type, message.Members["message"]))
		}
	}
	return said
}

// TestOneStateBehindBothHalves: a customer writes, the third party answers and
// closes, and the Ticket API shows it.
func TestOneStateBehindBothHalves(t *testing.T) {
	m := newMock(t, "")
	received := m.partnerOf(200)
	m.writes(map[string]any{"accountId": "620000000010", "customerName": "Contoh Baru", "message": "Halo 😀"})
	m.Advance(time.Second)
	m.writes(map[string]any{"accountId": "620000000010", "messageType": "image", "message": "", "mediaLink": "https://media.example.com/a.jpg"})
	first, second := received()[0], received()[1]
	number := first["ticketNumber"].(string)
	if second["ticketNumber"] != number || second["contactId"] != first["contactId"] || second["customerName"] != "Contoh Baru" || second["createdDate"] != first["createdDate"] || first["createdDate"] != "2026-03-04T12:00:00.000" {
		t.Errorf("sent %v and %v", first, second)
	}
	got := m.ticket(number)
	if got["status"] != "Unassigned" || got["accountName"] != "Contoh Baru" || got["subject"] != "Halo 😀" || got["contactId"] != first["contactId"] {
		t.Errorf("the ticket is %v", got)
	}
	if a := m.answers("outgoing", map[string]any{"ticketNumber": number}); a.Status != 200 || a.Body != `{"status":"success"}` {
		t.Errorf("the reply was answered %d %s", a.Status, a.Body)
	}
	if said := strings.Join(m.conversation(number), "; "); said != "false text: Halo 😀; false image: ; true text: Selamat datang" {
		t.Errorf("the conversation is %s", said)
	}
	if got := m.ticket(number); got["status"] != "Pending" || got["assignedAgent"] != "Bot" {
		t.Errorf("answered, the ticket is %v", got)
	}
	if a := m.answers("command", map[string]any{"ticketNumber": number, "event": "Close"}); a.Status != 200 || a.Body != `{"status":"success"}` {
		t.Errorf("the command was answered %d %s", a.Status, a.Body)
	}
	if got := m.ticket(number); got["status"] != "Closed" || got["closureType"] != "Resolved" || got["closeInterval"] != 1.0 {
		t.Errorf("closed, the ticket is %v", got)
	}
	m.writes(map[string]any{"accountId": "620000000010", "message": "Satu lagi"})
	if again := received()[2]["ticketNumber"]; again == number || again == "" {
		t.Errorf("after its end the customer writes in ticket %v", again)
	}
	for _, e := range m.Sandbox().Journal().Find(nil) {
		if strings.HasPrefix(e.Operation, "operations/outgoing") && e.Channel != threedolphins.IntegrationChannel {
			t.Errorf("the journal has %s for channel %q", e.Operation, e.Channel)
		}
	}
}

func TestTheSampleIsSentAsPrinted(t *testing.T) {
	m := newMock(t, "")
	for _, s := range vendor().Contract.Payloads["events/incoming"].Samples {
		body, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "incoming", Sample: s.Name})
		if err != nil {
			t.Fatal(err)
		}
		want := decoded(t, string(s.Body))
		want["createdDate"] = "2026-03-04T11:45:00.000"
		if fmt.Sprint(body) != fmt.Sprint(want) {
			t.Errorf("%s: composed %v, want %v", s.Name, body, want)
		}
	}
	if n := len(m.conversation(threedolphins.KnownTicket)); n != 1 {
		t.Errorf("composing stored messages: %d", n)
	}
}

func TestReadingsOfIncoming(t *testing.T) {
	location := map[string]any{"messageType": "Location"}
	for _, test := range []struct {
		readings   string
		set        map[string]any
		name, want string
	}{
		{"3D-R-25=message", nil, "createdDate", "2026-03-04T12:00:00.000"},
		{"3D-R-26=utc", nil, "createdDate", "2026-03-04T04:45:00.000"},
		{"", map[string]any{"accountId": "x", "channel": "line"}, "channel", "line"},
		{"", map[string]any{"accountId": threedolphins.LiveChatAccount}, "channel", "webchat"},
		{"", map[string]any{"ticketNumber": "own"}, "ticketNumber", "own"},
		{"3D-R-23=in-message-type", location, "message", "Halo"},
	} {
		m := newMock(t, test.readings)
		body, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "incoming", Set: test.set})
		if err != nil || body[test.name] != test.want {
			t.Errorf("%s: %v %v", test.readings, body, err)
		}
	}
	for reading, want := range map[string]string{"in-message": "Location -6.175392,106.827153", "in-message-type": "Location (-6.175392,106.827153) ", "json-in-message": `Location {"latitude":-6.175392,"longitude":106.827153}`} {
		m := newMock(t, "3D-R-23="+reading)
		body, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "incoming", Sample: "location"})
		if got := fmt.Sprint(body["messageType"], " ", body["message"]); err != nil || got != want {
			t.Errorf("%s: %s %v", reading, got, err)
		}
	}
	m := newMock(t, "3D-R-33=reopened")
	m.partnerOf(200)
	m.answers("command", map[string]any{"event": "Close"})
	m.writes(nil)
	if got := m.ticket(threedolphins.KnownTicket); got["status"] != "Unassigned" || got["closedDate"] != nil {
		t.Errorf("written to after its end, the ticket is %v", got)
	}
}

func TestWhatEndsADelivery(t *testing.T) {
	for _, test := range []struct {
		readings string
		status   int
		answer   string
		want     outbox.State
	}{
		{"", 204, "", outbox.Delivered},
		{"", 500, "", outbox.Failed},
		{"", 200, `{"status":"failed"}`, outbox.Delivered},
		{"3D-R-06=only-200", 204, "", outbox.Failed},
		{"3D-R-06=only-200", 200, "", outbox.Delivered},
		{"3D-R-06=status-success", 200, `{"status":"success"}`, outbox.Delivered},
		{"3D-R-06=status-success", 200, `{"status":"failed"}`, outbox.Failed},
		{"3D-R-06=status-success", 200, `{"status":"success",}`, outbox.Failed},
		{"3D-R-06=status-success", 200, "", outbox.Failed},
		{"3D-R-06=status-success", 201, `{"status":"success"}`, outbox.Failed},
	} {
		m := newMock(t, test.readings)
		m.partnerOf(test.status, test.answer)
		if d := m.writes(nil); d.State != test.want || len(d.Attempts) != 1 {
			t.Errorf("%d %s with %q: %+v", test.status, test.answer, test.readings, d)
		}
	}
}

// TestTheThirdPartysEvents is what 3Dolphins answers to them.
func TestTheThirdPartysEvents(t *testing.T) {
	event := func(name string) map[string]any { return map[string]any{"event": name} }
	for _, test := range []struct {
		readings, path string
		set            map[string]any
		status         int
		after          string // status of the ticket
	}{
		{"", "outgoing", nil, 200, "Pending"},
		{"", "outgoing", map[string]any{"messageType": "sticker", "message": ""}, 200, "Pending"},
		{"", "outgoing", map[string]any{"ticketNumber": "nobody"}, 404, "Assigned"},
		{"", "outgoing", map[string]any{"message": 5}, 400, "Assigned"},
		{"3D-R-09=server-error", "outgoing", map[string]any{"message": 5}, 500, "Assigned"},
		{"3D-R-05=bearer", "outgoing", nil, 401, "Assigned"},
		{"", "command", event("Close"), 200, "Closed"},
		{"", "command", event("close"), 200, "Assigned"},
		{"", "command", event("Pending"), 200, "Assigned"},
		{"3D-R-27=any-case", "command", event("close"), 200, "Closed"},
		{"3D-R-27=any-case", "command", event("Pending"), 400, "Assigned"},
		{"3D-R-27=exact", "command", event("close"), 400, "Assigned"},
		{"", "command", map[string]any{"ticketNumber": "nobody", "event": "Close"}, 404, "Assigned"},
		{"", "command", nil, 400, "Assigned"},
		{"3D-R-01=headings", "command", event("Close"), 200, "Closed"},
	} {
		m := newMock(t, test.readings)
		if a := m.answers(test.path, test.set); a.Status != test.status {
			t.Errorf("%s %v with %q: %d %s", test.path, test.set, test.readings, a.Status, a.Body)
		}
		if got := m.ticket(threedolphins.KnownTicket)["status"]; got != test.after {
			t.Errorf("%s %v with %q: the ticket is %v", test.path, test.set, test.readings, got)
		}
	}
}

func TestAMethodThatTheIntegrationDoesNotTake(t *testing.T) {
	for readings, want := range map[string]int{"": 405, "3D-R-09=server-error": 500, "3D-R-05=bearer": 401} {
		a := newMock(t, readings).Do("GET", "/dolphin/apiv1/integration/command", "")
		if a.Status != want || want == 405 && a.Header.Get("Allow") != "POST" {
			t.Errorf("with %q: %d, Allow %q", readings, a.Status, a.Header.Get("Allow"))
		}
	}
}

func TestAnotherChannelOrOwner(t *testing.T) {
	for _, set := range []map[string]any{{"channel": "line"}, {"owner": "x"}} {
		for readings, want := range map[string]string{"": "1", "3D-R-20=not-compared": "0"} {
			for _, path := range []string{"outgoing", "command"} {
				m := newMock(t, readings)
				set["event"] = "Close"
				a := m.answers(path, set)
				if a.Status != 200 || path == "command" && a.Header.Get("Parley-Findings") != want {
					t.Errorf("%s %v with %q: %d, %s findings", path, set, readings, a.Status, a.Header.Get("Parley-Findings"))
				}
				if got := m.ticket(threedolphins.KnownTicket)["status"]; got == "Assigned" {
					t.Errorf("%s %v had no effect", path, set)
				}
			}
		}
	}
}

// TestAnotherTenant: a ticket has the owner of its first Incoming Event.
func TestAnotherTenant(t *testing.T) {
	m := newMock(t, "")
	m.partnerOf(200)
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "incoming", Wait: true, Set: map[string]any{"ticketNumber": "tenant-2", "owner": "o2"}}); err != nil {
		t.Fatal(err)
	}
	for owner, want := range map[string]string{"o2": "0", threedolphins.KnownOwner: "1"} {
		a := m.answers("outgoing", map[string]any{"ticketNumber": "tenant-2", "owner": owner})
		if a.Status != 200 || a.Header.Get("Parley-Findings") != want {
			t.Errorf("owner %s: %d, %s findings, want %s", owner, a.Status, a.Header.Get("Parley-Findings"), want)
		}
	}
}

func TestAReplyThatComesTwice(t *testing.T) {
	for readings, want := range map[string]int{"": 3, "3D-R-12=same-body-is-a-repeat": 2} {
		m := newMock(t, readings)
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				if a := m.answers("outgoing", nil); a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		group.Wait()
		if said := m.conversation(threedolphins.KnownTicket); len(said) != want {
			t.Errorf("with %q the conversation is %v", readings, said)
		}
	}
}

func TestManyCustomersAtOnce(t *testing.T) {
	m := newMock(t, "")
	received := m.partnerOf(200)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			_, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "incoming", Wait: true, Set: map[string]any{"accountId": "many", "message": fmt.Sprint(i)}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	numbers := map[any]bool{}
	for _, body := range received() {
		numbers[body["ticketNumber"]] = true
	}
	if len(received()) != 20 || len(numbers) != 1 {
		t.Errorf("%d events of %d tickets", len(received()), len(numbers))
	}
	if said := m.conversation(received()[0]["ticketNumber"].(string)); len(said) != 20 {
		t.Errorf("the ticket has %d messages", len(said))
	}
}

// TestOtherPaths: where an installation takes calls is said with the contract.
func TestOtherPaths(t *testing.T) {
	contract := vendor().Contract
	for _, move := range [][2]string{{"outgoing", "/hooks/out"}, {"command", "/hooks/status"}, {"/dolphin/apiv1", "/crm"}} {
		var err error
		if contract, err = contract.WithPath(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	m := newMockOf(t, contract, threedolphins.Settings{})
	m.token = decoded(t, m.Do("POST", "/crm/graph/auth", credentials).Body)["token"].(string)
	if c, _ := m.Sandbox().Channel(threedolphins.IntegrationChannel); c.Address != m.URL+"/hooks/out" {
		t.Errorf("the third party is told %s", c.Address)
	}
	reply := `{"ticketNumber":"` + threedolphins.KnownTicket + `","channel":"whatsapp","messageType":"text","message":"Halo","mediaLink":"","customerName":"","owner":"` + threedolphins.KnownOwner + `"}`
	if a := m.Do("POST", "/hooks/out", reply); a.Status != 200 {
		t.Errorf("an Outgoing Event: %d %s", a.Status, a.Body)
	}
	if a := m.Do("GET", "/hooks/status", ""); a.Status != 405 {
		t.Errorf("a wrong method, without a token: %d %s", a.Status, a.Body)
	}
	if got := data(t, m.get("/crm/graph/tickets/conversations/"+threedolphins.KnownTicket))[0]; got["message"] != "Halo" || got["answer"] != true {
		t.Errorf("the ticket's last message is %v", got)
	}
	for _, path := range []string{"/dolphin/apiv1/integration/outgoing", "/dolphin/apiv1/graph/auth"} {
		if a := m.Do("POST", path, "{}"); a.Status != 404 {
			t.Errorf("%s, where nothing is any more: %d", path, a.Status)
		}
	}
}
