package threedolphins_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

const (
	liveChat = graph + "/tickets/conversations/webchat/" + threedolphins.LiveChatAccount
	report   = `{"channelFilters":[%s],"channelTypeFilters":[%s],"agentFilters":[%s],"customerFilters":[%s],"ticketTagFilters":[%s],"startDateFilter":"%s","endDateFilter":"%s","ticketNumber":"%s"}`
)

// TestConversations: who said what, the newest first. The customer of the live
// chat wrote on 3 March and again on 4 March, and was answered both times.
func TestConversations(t *testing.T) {
	ticket := graph + "/tickets/conversations/" + threedolphins.KnownTicket
	customer := "/" + threedolphins.KnownAccount
	for _, test := range []struct {
		readings, path, want string
	}{
		{"", ticket, "Halo"},
		{"", liveChat, "Selamat datang, Teladan Pembeli; Halo lagi; Selamat datang, Teladan Pembeli; /start"},
		{"3D-R-49=oldest-first", liveChat, "/start; Selamat datang, Teladan Pembeli; Halo lagi; Selamat datang, Teladan Pembeli"},
		{"", liveChat + "?startDate=2026-03-04", "Selamat datang, Teladan Pembeli; Halo lagi"},
		{"", liveChat + "?endDate=2026-03-03", "Selamat datang, Teladan Pembeli; /start"},
		{"", liveChat + "?startDate=2026-03-03&endDate=2026-03-03", "Selamat datang, Teladan Pembeli; /start"},
		{"3D-R-93=end-excluded", liveChat + "?startDate=2026-03-03&endDate=2026-03-04", "Selamat datang, Teladan Pembeli; /start"},
		{"", graph + "/tickets/conversations/whatsapp" + customer, ""},
		{"3D-R-88=any-channel", graph + "/tickets/conversations/whatsapp" + customer, "Halo"},
		{"", graph + "/tickets/conversations/whatsapp" + customer + "/history?count=1", "Halo"},
		{"", graph + "/tickets/conversations/" + threedolphins.KnownChannel + customer + "/history", "Halo"},
		{"3D-R-89=type", graph + "/tickets/conversations/" + threedolphins.KnownChannel + customer + "/history", ""},
		{"3D-R-89=id", graph + "/tickets/conversations/whatsapp" + customer + "/history", ""},
		{"", graph + "/tickets/conversations/whatsapp/620000009999" + customer + "?count=1", "Halo"},
		{"", graph + "/tickets/conversations/whatsapp/x" + customer + "?count=1", ""},
		{"", graph + "/tickets/conversations/channelId/" + threedolphins.KnownChannel + customer, "Halo"},
		{"", graph + "/tickets/conversations/channelId/whatsapp" + customer, ""},
	} {
		m := newMock(t, test.readings)
		var said []string
		for _, message := range data(t, m.get(test.path)) {
			said = append(said, message["message"].(string))
		}
		if got := strings.Join(said, "; "); got != test.want {
			t.Errorf("%s with %q: %s, want %s", test.path, test.readings, got, test.want)
		}
	}
	m := newMock(t, "")
	for _, query := range []string{"startDate=04-03-2026", "endDate=2026-02-30"} {
		if a := m.call("GET", liveChat+"?"+query, ""); a.Status != 400 {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
}

func TestAMessage(t *testing.T) {
	m := newMock(t, "")
	list := data(t, m.get(liveChat))
	reply, opening := list[0], list[1]
	if reply["answer"] != true || reply["replyAgent"] != threedolphins.KnownAgent || reply["agentName"] != "Agen Contoh" || reply["parent"] != 0.0 {
		t.Errorf("the reply is %v", reply)
	}
	if opening["answer"] != false || opening["replyAgent"] != nil || opening["parent"] != 1.0 || opening["messageId"] == reply["messageId"] || opening["createdDateText"] != "2026-03-04 11:25" {
		t.Errorf("the message that opened the ticket is %v", opening)
	}
}

func TestReport(t *testing.T) {
	quoted := func(text string) string { return `"` + text + `"` }
	for _, test := range []struct {
		readings, channels, kinds, agents, customers, tags, from, to, ticket string
		want                                                                 float64
	}{
		{want: 18},
		{channels: quoted(threedolphins.LiveChatChannel), want: 7},
		{kinds: quoted("webchat") + "," + quoted("whatsapp"), want: 12},
		{agents: quoted(threedolphins.KnownAgent), want: 15},
		{customers: quoted(threedolphins.KnownContact), want: 1},
		{customers: quoted(threedolphins.LiveChatAccount), from: "2026-03-04", want: 2},
		{tags: quoted("none"), want: 0},
		{from: "2026-03-05", want: 0},
		{to: "2026-03-02", want: 2},
		{ticket: threedolphins.KnownTicket, want: 1},
		{readings: "3D-R-94=names", agents: quoted("Agen Contoh"), customers: quoted("Contoh Pelanggan"), channels: quoted("Contoh WhatsApp"), want: 1},
		{readings: "3D-R-94=names", channels: quoted(threedolphins.KnownChannel), want: 0},
	} {
		m := newMock(t, test.readings)
		body := fmt.Sprintf(report, test.channels, test.kinds, test.agents, test.customers, test.tags, test.from, test.to, test.ticket)
		if got := m.good("POST", graph+"/report/conversations?startIndex=0", body); got["totalResults"] != test.want {
			t.Errorf("%s: %v, want %v", body, got["totalResults"], test.want)
		}
	}
	m := newMock(t, "")
	all := fmt.Sprintf(report, "", "", "", "", "", "", "", threedolphins.KnownTicket)
	got := data(t, m.good("POST", graph+"/report/conversations", all))[0]
	if got["collection"] != "master_ticket" || got["assignedAgent"] != threedolphins.KnownAgent || got["contactId"] != threedolphins.KnownContact {
		t.Errorf("the report has %v", got)
	}
	if a := m.call("POST", graph+"/report/conversations", fmt.Sprintf(report, "", "", "", "", "", "2026-02-30", "", "")); a.Status != 400 {
		t.Errorf("a day that there is not: %d", a.Status)
	}
	if a := newMock(t, "3D-R-94=ids-optional").call("POST", graph+"/report/conversations", "{}"); a.Status != 200 {
		t.Errorf("no filter: %d %s", a.Status, a.Body)
	}
}

func TestContacts(t *testing.T) {
	m := newMock(t, "")
	one := graph + "/contacts/contactById?contactId=" + threedolphins.KnownContact
	if got := m.get(one); got["id"] != threedolphins.KnownContact || got["contactLastName"] != "Pelanggan" || got["data"] != nil {
		t.Errorf("the contact is %v", got)
	}
	if got := newMock(t, "3D-R-95=enveloped").get(one)["data"].(map[string]any); got["id"] != threedolphins.KnownContact {
		t.Errorf("the contact in the envelope is %v", got)
	}
	for _, path := range []string{"/contacts/contactById?contactId=nobody", "/contacts/contactById"} {
		if a := m.call("GET", graph+path, ""); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	total := len(m.state().Contacts)
	for path, want := range map[string]int{"/contacts?start=0&count=3": 3, "/contacts/all": total, "/contacts?contactId=" + threedolphins.KnownContact: 1, "/contacts?contactId=nobody": 0} {
		if got := data(t, m.get(graph+path)); len(got) != want {
			t.Errorf("%s gives %d, want %d", path, len(got), want)
		}
	}
	update := graph + "/contacts/update/" + threedolphins.KnownContact
	got := m.good("PUT", update, `{"contactFirstName":"Misal","rating":3,"id":"x","createdDate":5}`)["data"].(map[string]any)
	if got["contactFirstName"] != "Misal" || got["rating"] != 3.0 || got["id"] != threedolphins.KnownContact || got["modifiedBy"] != threedolphins.KnownAgent {
		t.Errorf("updated, the contact is %v", got)
	}
	if contact := m.ticket(threedolphins.KnownTicket)["contact"].(map[string]any); contact["contactFirstName"] != "Misal" {
		t.Errorf("the ticket shows the contact as %v", contact)
	}
	if a := m.call("PUT", update, `{"contactFirstName":5}`); a.Status != 400 {
		t.Errorf("a name that is a number: %d", a.Status)
	}
	if a := m.call("PUT", graph+"/contacts/update/nobody", `{}`); a.Status != 404 {
		t.Errorf("nobody: %d", a.Status)
	}
}

func TestAButtonMessage(t *testing.T) {
	if got := newMock(t, "").good("POST", graph+"/tickets/transformButtonMessage", ""); got["severity"] != "Medium" || len(got) != 20 {
		t.Errorf("bare, it is %v", got)
	}
	if got := newMock(t, "3D-R-77=enveloped").good("POST", graph+"/tickets/transformButtonMessage", "{}")["data"].(map[string]any); len(got) != 20 {
		t.Errorf("in the envelope, it is %v", got)
	}
}
