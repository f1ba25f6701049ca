package elma365_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

func TestAMessageIsStoredAndItsOutcomeTold(t *testing.T) {
	m := newMock(t, "")
	m.connected(mocktest.NewPartner(t, says(200, "")))
	for range 3 {
		if a := m.post(elma365.DefaultChannel, message("m1", "Hi")); a.Status != 200 || a.Body != "" {
			t.Fatalf("answered %d %q", a.Status, a.Body)
		}
	}
	for _, body := range m.events(3, "messageOutcome") {
		if got := fmt.Sprint(body); got != "map[data:map[messageId:m1 success:true] token:confirm type:messageOutcome]" {
			t.Errorf("the outcome is %s", got)
		}
	}
	s := m.state()
	if len(s.Messages) != 1 {
		t.Fatalf("stored %d messages: a repeat is the same message", len(s.Messages))
	}
	got := s.Messages[0]
	if got.Copies != 3 || got.ExternalID != "m1" || got.Text != "Hi" || got.From != elma365.FromClient || got.Channel != elma365.DefaultChannel || got.User != "user1" {
		t.Errorf("stored %+v", got)
	}
	if len(s.Chats) != 1 || s.Chats[0].ID != "chat-of-m1" || s.Chats[0].Messages != 1 || len(s.Clients) != 1 || s.Clients[0].ID != "user1" {
		t.Errorf("remembered chats %+v, clients %+v", s.Chats, s.Clients)
	}
}

func TestTheOutcomeComesAfterTheAnswer(t *testing.T) {
	m := newMock(t, "")
	m.connected(mocktest.NewPartner(t, says(200, "")))
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	m.events(1, "messageOutcome")
	var order []string
	for _, e := range m.Sandbox().Journal().Find(nil) {
		order = append(order, e.Operation)
	}
	if want := []string{"events/connect", "operations/message", "events/messageOutcome"}; !slices.Equal(order, want) {
		t.Errorf("the journal has %v, want %v", order, want)
	}
}

func TestTheOutcomeCanBeFalseOrWithheld(t *testing.T) {
	m := newMock(t, "")
	m.connected(mocktest.NewPartner(t, says(200, "")))
	for _, f := range []fault.Rule{
		{Event: "messageOutcome", Set: map[string]any{"data.success": false}, Times: 2},
		{Event: "messageOutcome", Lose: true, Times: 1},
	} {
		m.Fault(f)
	}
	for range 4 {
		m.post(elma365.DefaultChannel, message("m1", "Hi"))
	}
	var told []any
	for _, body := range m.events(3, "messageOutcome") {
		told = append(told, body["data"].(map[string]any)["success"])
	}
	if want := []any{false, false, true}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	var states []outbox.State
	for _, d := range m.Sandbox().Deliveries() {
		if d.Event == "messageOutcome" {
			states = append(states, d.State)
		}
	}
	if states[2] != outbox.Lost {
		t.Errorf("the deliveries are %v", states)
	}
	if s := m.state(); len(s.Messages) != 1 || s.Messages[0].Copies != 4 {
		t.Errorf("stored %+v", s.Messages)
	}
}

func TestWithoutAURLNothingIsSent(t *testing.T) {
	m := newMock(t, "")
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	list := m.Sandbox().Deliveries()
	if len(list) != 1 || list[0].State != outbox.Cancelled || !strings.HasPrefix(list[0].Error, "no URL") {
		t.Errorf("the deliveries are %+v", list)
	}
	if n := len(m.Sandbox().Journal().Find(nil)); n != 1 {
		t.Errorf("%d exchanges, want the message alone", n)
	}
}

func TestConnect(t *testing.T) {
	m := newMock(t, "")
	p := mocktest.NewPartner(t, says(200, ""))
	c, deliveries, err := m.Sandbox().OpenChannel(mocktest.Soon(t), mockserver.Channel{Token: "tok", URL: p.URL, Name: "Mine"})
	if err != nil {
		t.Fatal(err)
	}
	if c.State != mockserver.ChannelActive || len(deliveries) != 1 || deliveries[0].Status != 200 || c.Address != m.URL+"/api/messengers/external/other/webhook/"+c.ID {
		t.Errorf("opened %+v with %+v", c, deliveries)
	}
	body := m.events(1, "connect")[0]
	want := fmt.Sprintf("map[channelId:%s data:map[webhook:%s] token:tok type:connect]", c.ID, c.Address)
	if got := fmt.Sprint(body); got != want {
		t.Errorf("connect is %s, want %s", got, want)
	}
	p.Answers(says(500, ""))
	if c, _, _ := m.Sandbox().OpenChannel(mocktest.Soon(t), c); c.State != mockserver.ChannelError {
		t.Errorf("a messenger that answers 500 is %s", c.State)
	}
	p.Answers(says(204, ""))
	if c, _, _ := m.Sandbox().OpenChannel(mocktest.Soon(t), c); c.State != mockserver.ChannelError {
		t.Errorf("a messenger that answers 204 is %s", c.State)
	}
	lenient := newMock(t, "ELMA365-R-02=any-2xx")
	if c, _, _ := lenient.Sandbox().OpenChannel(mocktest.Soon(t), mockserver.Channel{URL: p.URL}); c.State != mockserver.ChannelActive {
		t.Errorf("where any 2xx is good, a messenger that answers 204 is %s", c.State)
	}
}

func TestTheOperatorAnswersTheClient(t *testing.T) {
	m := newMock(t, "")
	p := mocktest.NewPartner(t, says(200, ""))
	p.Answers(says(200, `{"fullName":"Client Example","phone":"+12025550199"}`))
	m.connected(p)
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	m.post(elma365.DefaultChannel, message("m2", "Hi again"))
	m.events(2, "messageOutcome")
	for _, event := range []string{"message", "userInfo", "markAsRead"} {
		if d := m.send(mockserver.SendRequest{Event: event}); d.State != outbox.Delivered {
			t.Fatalf("%s: %s %s", event, d.State, d.Error)
		}
	}
	m.send(mockserver.SendRequest{Event: "message", Set: map[string]any{"data.text": "Hello", "data.targetChatId": "elsewhere"}})
	sent := m.events(2, "message")
	first, second := sent[0]["data"].(map[string]any), sent[1]["data"].(map[string]any)
	if first["targetChatId"] != "chat-of-m2" || second["targetChatId"] != "elsewhere" || second["text"] != "Hello" {
		t.Errorf("the operator wrote %v and %v", first, second)
	}
	if got := m.events(1, "userInfo")[0]["data"].(map[string]any)["userId"]; got != "user1" {
		t.Errorf("asked for user %v", got)
	}
	if got := m.events(1, "markAsRead")[0]["data"].(map[string]any)["messageId"]; got != "m2" {
		t.Errorf("marked %v", got)
	}
	s := m.state()
	if len(s.Messages) != 4 || s.Messages[0].Read || !s.Messages[1].Read || s.Messages[3].From != elma365.FromOperator || s.Messages[3].Chat != "elsewhere" || s.Messages[3].Files[0].Size != 12345 {
		t.Errorf("stored %+v", s.Messages)
	}
	if s.Clients[0].Data["fullName"] != "Client Example" {
		t.Errorf("remembered the client as %+v", s.Clients)
	}
	data, err := json.Marshal(s)
	if err != nil || !json.Valid(data) {
		t.Errorf("the state is no JSON: %v", err)
	}
}

func TestSendOverridesWhatTheBehaviourFillsIn(t *testing.T) {
	m := newMock(t, "")
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	compose := func(r mockserver.SendRequest) string {
		t.Helper()
		r.Channel = elma365.DefaultChannel
		body, err := m.Sandbox().Compose(r)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, test := range []struct {
		request mockserver.SendRequest
		want    string
	}{
		{mockserver.SendRequest{Event: "markAsRead"}, `{"data":{"messageId":"m1"},"token":"confirm","type":"markAsRead"}`},
		{mockserver.SendRequest{Event: "markAsRead", Set: map[string]any{"token": "foreign", "data.messageId": "m9"}}, `{"data":{"messageId":"m9"},"token":"foreign","type":"markAsRead"}`},
		{mockserver.SendRequest{Event: "markAsRead", Set: map[string]any{"data": map[string]any{"x": 1}}}, `{"data":{"x":1},"token":"confirm","type":"markAsRead"}`},
		{mockserver.SendRequest{Event: "markAsRead", Body: map[string]any{"token": "", "data": 5}}, `{"data":5,"token":"","type":"markAsRead"}`},
		{mockserver.SendRequest{Event: "markAsRead", Sample: "with-channel"}, `{"channelId":"` + elma365.DefaultChannel + `","data":{"messageId":"m1"},"token":"confirm","type":"markAsRead"}`},
	} {
		if got := compose(test.request); got != test.want {
			t.Errorf("composed %s, want %s", got, test.want)
		}
	}
}

func TestUserInfoOfAnOperator(t *testing.T) {
	ask := func(id string) string {
		return fmt.Sprintf(`{"type":"userInfo","token":"confirm","data":{"userId":%q}}`, id)
	}
	for _, test := range []struct {
		reading, user string
		status        int
		body          string
	}{
		{"", elma365.KnownOperator, 200, `"fullName":"Vera Example"`},
		{"", "nobody", 200, "{}"},
		{"ELMA365-R-25=not-found", "nobody", 404, ""},
		{"ELMA365-R-24=empty", elma365.KnownOperator, 200, ""},
		{"ELMA365-R-24=empty", "nobody", 200, ""},
		{"ELMA365-R-24=empty ELMA365-R-25=not-found", "nobody", 404, ""},
	} {
		m := newMock(t, test.reading)
		a := m.post(elma365.DefaultChannel, ask(test.user))
		if a.Status != test.status || !strings.Contains(a.Body, test.body) || test.body == "" && a.Body != "" {
			t.Errorf("%s with %q: %d %s", test.user, test.reading, a.Status, a.Body)
		}
		if a.Body != "" && a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("the answer has the content type %q", a.Header.Get("Content-Type"))
		}
	}
}

// TestReadingsOfBodies: what the mock sends follows the reading in force.
func TestReadingsOfBodies(t *testing.T) {
	for _, test := range []struct{ reading, event, has string }{
		{"ELMA365-R-12=required", "userInfo", "channelId"},
		{"ELMA365-R-13=required", "messageOutcome", "channelId"},
		{"ELMA365-R-13=required", "markAsRead", "channelId"},
		{"ELMA365-R-18=required", "disconnect", "data"},
		{"ELMA365-R-16=both-required", "message", "data"},
		{"ELMA365-R-17=required-from-elma365", "message", "data"},
	} {
		t.Run(test.reading+" "+test.event, func(t *testing.T) {
			m := newMock(t, test.reading)
			m.connected(mocktest.NewPartner(t, says(200, "")))
			if test.event == "messageOutcome" {
				m.post(elma365.DefaultChannel, `{"type":"message","token":"confirm","data":{"externalMessageId":"m1","externalChatId":"c","externalUserId":"u","text":"Hi","files":[]}}`)
			} else {
				m.send(mockserver.SendRequest{Event: test.event})
			}
			if body := m.events(1, test.event)[0]; body[test.has] == nil {
				t.Errorf("%s has no %s: %v", test.event, test.has, body)
			}
		})
	}
}

func TestOwnIDs(t *testing.T) {
	m := newMock(t, "ELMA365-R-21=own-id")
	m.connected(mocktest.NewPartner(t, says(200, "")))
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	m.send(mockserver.SendRequest{Event: "markAsRead"})
	stored := m.state().Messages[0]
	for _, event := range []string{"messageOutcome", "markAsRead"} {
		if got := m.events(1, event)[0]["data"].(map[string]any)["messageId"]; got != stored.ID {
			t.Errorf("%s names %v, ELMA365's own ID is %s", event, got, stored.ID)
		}
	}
	if !stored.Read {
		t.Error("the message is not marked as read")
	}
}

func TestEachArrivalIsAMessage(t *testing.T) {
	m := newMock(t, "ELMA365-R-29=each-is-a-message")
	for range 2 {
		m.post(elma365.DefaultChannel, message("m1", "Hi"))
	}
	if s := m.state(); len(s.Messages) != 2 || s.Messages[0].Copies != 1 || s.Messages[0].ID == s.Messages[1].ID || s.Chats[0].Messages != 2 {
		t.Errorf("stored %+v in %+v", s.Messages, s.Chats)
	}
}

func TestTwoMessengersMayUseTheSameIDs(t *testing.T) {
	m := newMock(t, "")
	m.post(elma365.DefaultChannel, message("m1", "one"))
	m.post(elma365.UserChannel, message("m1", "other"))
	if s := m.state(); len(s.Messages) != 2 || len(s.Chats) != 2 || len(s.Clients) != 2 {
		t.Errorf("stored %+v", s)
	}
}

func TestContentsComeThroughUnchanged(t *testing.T) {
	m := newMock(t, "")
	m.connected(mocktest.NewPartner(t, says(200, "")))
	for i, text := range []string{"😀 <b>&amp;</b> \"quoted\" \\ \u2028", "שלום עולם", strings.Repeat("x", 64<<10), ""} {
		if a := m.post(elma365.DefaultChannel, message(fmt.Sprintf("m%d", i), text)); a.Status != 200 {
			t.Fatalf("text %d: %d", i, a.Status)
		}
		m.send(mockserver.SendRequest{Event: "message", Set: map[string]any{"data.text": text}})
		if got := m.events(i+1, "message")[i]["data"].(map[string]any)["text"]; got != text {
			t.Errorf("text %d was sent as %.80q", i, got)
		}
		for _, stored := range m.state().Messages[2*i:] {
			if stored.Text != text {
				t.Errorf("text %d of the %s was stored as %.80q", i, stored.From, stored.Text)
			}
		}
	}
}

func TestAMessageWithoutChatAndUser(t *testing.T) {
	m := newMock(t, "ELMA365-R-15=envelope-only")
	m.post(elma365.DefaultChannel, message("m1", "Hi"))
	m.post(elma365.DefaultChannel, `{"type":"message","token":"confirm","data":{"externalMessageId":"m2","text":"t"}}`)
	if s := m.state(); len(s.Messages) != 2 || len(s.Chats) != 1 || len(s.Clients) != 1 {
		t.Errorf("remembered %+v", s)
	}
	body, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "message", Channel: elma365.DefaultChannel})
	if err != nil || body["data"].(map[string]any)["targetChatId"] != "chat-of-m1" {
		t.Errorf("the operator would write %v, %v", body, err)
	}
}
