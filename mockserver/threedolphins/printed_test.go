package threedolphins_test

import (
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

// printed is one operation in the state that its printed sample shows.
type printed struct {
	operation    string
	state        string            // that the mock is given
	steps        func(m *mock)     // that bring it further; nil: none
	method, path string            // of the call
	body         string            // of the call
	differs      map[string]string // why a key is sent beyond the sample's (+), or is not sent (-); what ends with a dot is all below
}

const (
	liveChatID = "620000000020-CONTOH"
	liveTicket = `{"accountId":"` + liveChatID + `","accountName":"CONTOH","channelType":"webchat","message":"cs"`
	neverSeen  = `{"accountId":"` + liveChatID + `","accountName":"Contoh Tamu","channelType":"webchat","message":"menu","online":false,"onlineDate":null,"guest":false,"ticketTags":["Fitur - Live Chat","default"],"status":"Assigned","assignedAgent":"Bot","unassignedDate":null}`
	telegram   = `{"accountId":"900000020","accountName":"Contoh Penulis","channelType":"telegrambot","message":"/start","ticketTags":["default","default"]}`
	mentioned  = `{"accountId":"contoh","accountName":"Contoh","channelType":"twitter","message":"@contoh_twitter time2","severity":"Low","priority":null,` +
		`"mention":true,"followerCount":6,"friendCount":6,"profileLink":"https://pictures.example.com/contoh.png","ticketTags":["default","default"]}`
	mailed = `{"accountId":"contoh@example.com","accountName":"Contoh","channelType":"email","message":"Halo","subject":"Tanggapan","subjectChanged":true,"status":"Closed",` +
		`"assignedAgent":"` + threedolphins.KnownAgent + `","group":"g1","toGroup":"g1","remark":"CAS-19","replyCc":"arsip@example.com","ccList":["arsip@example.com"]}`

	tickets = graph + "/tickets"
	inT     = `{"ticketNumber":"T"`
)

// only is a state with one ticket, T.
func only(members string) string {
	return `{"replace":true,"tickets":[{"number":"T","members":` + members + `}]}`
}

// writesToT lets the customer of T write once more.
func (m *mock) writesToT(text string) {
	m.Advance(2 * time.Second)
	m.writes(map[string]any{"ticketNumber": "T", "message": text})
}

// replies lets the third party's bot answer in T.
func (m *mock) replies() {
	m.t.Helper()
	m.Advance(2 * time.Second)
	if a := m.answers("outgoing", map[string]any{"ticketNumber": "T"}); a.Status != 200 {
		m.t.Fatalf("the bot's answer: %d %s", a.Status, a.Body)
	}
}

func (m *mock) change(path, members string) {
	m.t.Helper()
	m.Advance(time.Second)
	m.good("PUT", tickets+"/update"+path, inT+members+"}")
}

func (m *mock) speaks() {
	m.t.Helper()
	m.Advance(time.Second)
	m.good("POST", tickets+"/sendMessage", inT+`,"channelType":"webchat","replyAgent":"`+threedolphins.KnownAgent+`","message":"Halo"}`)
}

// broughtToAnEnd is the past of three samples: the bot gives the ticket away, an
// agent gets it, answers and closes it.
func broughtToAnEnd(m *mock) {
	m.t.Helper()
	m.change("/transferToAgent", "")
	m.change("/reassign", `,"teamMember":{"id":"`+threedolphins.KnownAgent+`"}`)
	m.speaks()
	m.change("/close", "")
}

// botAnswers: the customer of T wrote, and the third party's bot has answered.
func botAnswers(m *mock) {
	m.partnerOf(200)
	m.writesToT("cyvb")
	m.replies()
}

// theMessage is the ID of the newest message.
func (m *mock) theMessage() string {
	list := m.state().Messages
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1].ID
}

func theSamples() []printed {
	return []printed{
		{operation: "getTicket", state: only(telegram), method: "GET", path: tickets + "/T"},
		{operation: "findTicket", state: only(telegram), method: "GET", path: tickets + "/data/T/status/Unassigned"},
		{
			operation: "listTicketData", state: only(telegram),
			steps:  func(m *mock) { botAnswers(m); m.writesToT("/start") },
			method: "POST", path: tickets + "/data/T?start=0&count=1", body: `{"channel_type":"telegrambot"}`,
		},
		{operation: "listTickets", state: only(mailed), method: "GET", path: tickets + "?start=0&count=1"},
		{
			operation: "sendMessage", state: only(liveTicket + "}"), steps: broughtToAnEnd,
			method: "POST", path: tickets + "/sendMessage", body: inT + `,"channelType":"webchat","replyAgent":"` + threedolphins.KnownAgent + `","message":"Halo"}`,
		},
		{operation: "listAssignedTickets", state: `{"replace":true,"tickets":[]}`, method: "GET", path: tickets + "/assignment?status=pending&sort=desc&isToday=true&start=0&count=1"},
		{operation: "listPriorityTickets", state: `{"replace":true,"tickets":[]}`, method: "GET", path: tickets + "/priority?start=0&count=1"},
		{
			operation: "listConversationByTicket", state: only(mentioned), steps: (*mock).speaks,
			method: "GET", path: tickets + "/conversations/T?start=0&count=1",
		},
		{
			operation: "updateTicketByNumber", state: only(mentioned),
			steps: func(m *mock) {
				m.change("/reassign", `,"teamMember":{"id":"`+threedolphins.KnownAgent+`"}`)
				m.change("/transfer", `,"toGroup":"g1"`)
				m.add(`{"replace":true,"contacts":[]}`)
			},
			method: "PUT", path: tickets + "/update/T",
		},
		{operation: "updateTicketById", state: only(mentioned), steps: (*mock).speaks, method: "PUT", path: tickets + "/update/id/{message}"},
		{
			operation: "updateTicket", state: only(liveTicket + "}"),
			steps: func(m *mock) {
				broughtToAnEnd(m)
				m.speaks()
				m.good("PUT", graph+"/contacts/update/"+m.ticket("T")["contactId"].(string), `{"correlationId":"`+liveChatID+`"}`)
			},
			method: "PUT", path: tickets + "/update", body: inT + `,"channelType":"webchat","replyAgent":"` + threedolphins.KnownAgent + `"}`,
			differs: map[string]string{"+data.agentName": "the page prints the agent's avatar without a name here alone; escalate and reassign print both"},
		},
		{
			operation: "reassignTicket", state: only(liveTicket + `,"botId":"b1","ticketTags":["default"]}`),
			steps: func(m *mock) {
				m.change("/transfer", "")
				m.good("PUT", graph+"/contacts/update/"+m.ticket("T")["contactId"].(string), `{"additionalField":[],"birthdayFormatted":"11 August 1995"}`)
			},
			method: "PUT", path: tickets + "/update/reassign", body: inT + `,"teamMember":{"id":"` + threedolphins.KnownAgent + `"}}`,
			differs: map[string]string{"+data.contact.": "the page prints this contact broken, with most of it cut out (3D-R-66); all that it prints is sent"},
		},
		{operation: "transferTicket", state: only(neverSeen), method: "PUT", path: tickets + "/update/transfer", body: inT + "}"},
		{
			operation: "escalateTicket", state: only(liveTicket + `,"priority":null}`), steps: broughtToAnEnd,
			method: "PUT", path: tickets + "/update/escalate", body: inT + `,"supervisorId":"` + threedolphins.KnownSupervisor + `"}`,
		},
		{operation: "transferTicketToAgent", state: only(neverSeen), method: "PUT", path: tickets + "/update/transferToAgent", body: inT + "}"},
		{
			operation: "closeTicket", state: only(liveTicket + "}"),
			steps: func(m *mock) {
				m.change("/transfer", `,"toGroup":"g1"`)
				m.change("/transferToAgent", "")
				m.speaks()
			},
			method: "PUT", path: tickets + "/update/close", body: inT + "}",
		},
		{operation: "getQueueLength", state: only(telegram), method: "GET", path: tickets + "/queue/900000020"},
		{operation: "uploadFile", method: "POST", path: tickets + "/files"},
		{operation: "uploadMedia", method: "POST", path: tickets + "/files/media"},
		{operation: "transformButtonMessage", method: "POST", path: tickets + "/transformButtonMessage"},
		{operation: "listConversationByChannelKey", state: only(liveTicket + "}"), steps: botAnswers, method: "GET", path: tickets + "/conversations/webchat/contoh-webchat/" + liveChatID + "?count=1"},
		{operation: "listConversationByChannelId", state: only(liveTicket + "}"), steps: botAnswers, method: "GET", path: tickets + "/conversations/channelId/" + threedolphins.LiveChatChannel + "/" + liveChatID + "?count=1"},
		{operation: "listConversationHistory", state: only(liveTicket + "}"), steps: botAnswers, method: "GET", path: tickets + "/conversations/webchat/" + liveChatID + "/history?count=1"},
	}
}
