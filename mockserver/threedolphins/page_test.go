package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

// messagesOf lists a ticket's conversation, the newest first.
func (m *mock) messagesOf(number string) []map[string]any {
	m.t.Helper()
	return data(m.t, m.get(tickets+"/conversations/"+number))
}

// TestFriendlyNameFollowsAnswer: the channel's name of an answer, and the customer's
// otherwise.
func TestFriendlyNameFollowsAnswer(t *testing.T) {
	m := newMock(t, "")
	m.good("POST", tickets+"/sendMessage", greeting)
	list := m.messagesOf(threedolphins.KnownTicket)
	if list[0]["answer"] != true || list[0]["friendlyName"] != "Contoh WhatsApp" || list[1]["answer"] != false || list[1]["friendlyName"] != "Contoh Pelanggan" {
		t.Errorf("an answer is of %v, a question of %v", list[0]["friendlyName"], list[1]["friendlyName"])
	}
	for _, path := range []string{"/conversations/whatsapp/620000009999/" + threedolphins.KnownAccount, "/conversations/whatsapp/" + threedolphins.KnownAccount + "/history"} {
		if got := data(t, m.get(tickets+path))[0]["friendlyName"]; got != "Contoh WhatsApp" {
			t.Errorf("%s has an answer of %v", path, got)
		}
	}
	if got := m.ticket(threedolphins.KnownTicket)["friendlyName"]; got != "Contoh Pelanggan" {
		t.Errorf("the ticket is of %v", got)
	}
}

// TestPartialIsOfTheAnswerAlone: 3D-R-65.
func TestPartialIsOfTheAnswerAlone(t *testing.T) {
	m := newMock(t, "")
	for path, want := range map[string]any{"/update/" + threedolphins.KnownTicket: true, "/update/id/" + threedolphins.KnownTicket: true, "/update": nil} {
		answered := m.good("PUT", tickets+path, named+`,"channelType":"whatsapp","replyAgent":"`+other+`"}`)["data"].(map[string]any)
		if answered["partial"] != want {
			t.Errorf("%s is answered with partial %v", path, answered["partial"])
		}
		if got := m.ticket(threedolphins.KnownTicket)["partial"]; got != nil {
			t.Errorf("after %s the ticket is partial %v", path, got)
		}
	}
	id := m.theMessage()
	m.good("PUT", tickets+"/update/id/"+id, `{"markRead":true}`)
	for _, message := range m.messagesOf(threedolphins.KnownTicket) {
		if message["partial"] != nil {
			t.Errorf("after its update a message has partial: %v", message)
		}
	}
}

// TestSeverityIsOnTheParentMessage: the message that opened a ticket has the ticket's
// severity, and no other has one.
func TestSeverityIsOnTheParentMessage(t *testing.T) {
	m := newMock(t, "")
	m.good("POST", tickets+"/sendMessage", greeting)
	check := func(want, style string) {
		t.Helper()
		list := m.messagesOf(threedolphins.KnownTicket)
		if list[0]["severity"] != "Not Set" || list[1]["severity"] != want || list[1]["severityStyle"] != style {
			t.Errorf("the severities are %v and %v (%v), want %s", list[0]["severity"], list[1]["severity"], list[1]["severityStyle"], want)
		}
		if got := m.ticket(threedolphins.KnownTicket)["severity"]; got != want {
			t.Errorf("the ticket's is %v, want %s", got, want)
		}
	}
	check("Not Set", "severity-low")
	m.good("PUT", tickets+"/update/"+threedolphins.KnownTicket, `{"severity":"High"}`)
	check("High", "severity-high")
	parent := m.messagesOf(threedolphins.KnownTicket)[1]["id"].(string)
	m.good("PUT", tickets+"/update/id/"+parent, `{"severity":"Medium"}`)
	check("Medium", "severity-medium")
	for _, ticket := range m.state().Tickets {
		for _, message := range m.messagesOf(ticket.Number) {
			if message["parent"] == 1.0 && message["severity"] != ticket.Members["severity"] {
				t.Errorf("a ticket is %v, the message that opened it %v", ticket.Members["severity"], message["severity"])
			}
		}
	}
}

// TestContactsAreWholePeople: one of them has all keys that the samples' contacts
// have together, and none is without name, account and fields.
func TestContactsAreWholePeople(t *testing.T) {
	wanted := map[string]bool{}
	for _, s := range vendor().Contract.Payloads["answers/ticket"].Samples {
		for _, key := range keysOf(t, s.Body) {
			if name, ok := strings.CutPrefix(key, "data.contact."); ok {
				wanted[name] = true
			}
		}
	}
	m := newMock(t, "")
	whole, most := map[string]any{}, 0
	for _, contact := range data(t, m.get(graph+"/contacts/all")) {
		maps.Copy(whole, contact)
		most = max(most, len(contact))
		if contact["contactFirstName"] == "" || len(contact["contactAccountIds"].([]any)) == 0 || len(contact["additionalFieldsObject"].([]any)) != 16 || contact["haveAnySocialAccounts"] != true {
			t.Errorf("a contact is %v", contact)
		}
	}
	names := 0
	for name := range wanted {
		if strings.Contains(name, "[]") {
			continue
		}
		if names++; whole[name] == nil {
			t.Errorf("no contact has %s", name)
		}
	}
	if names != 39 || most < names {
		t.Errorf("the samples' contacts have %d keys, and the fullest here %d", names, most)
	}
	known := m.ticket(threedolphins.KnownTicket)["contact"].(map[string]any)
	for name, want := range map[string]any{
		"contactEmailString": "contoh.pelanggan@example.com", "phonesString": threedolphins.KnownAccount, "contactPhoneFormatted": threedolphins.KnownAccount,
		"socialIdWhatsapp": []any{threedolphins.KnownAccount}, "phoneTypes": []any{"Mobile"}, "liveChatAccount": false,
	} {
		if fmt.Sprint(known[name]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, known[name], want)
		}
	}
}

// TestACustomerHasAnIDInEachChannel: one contact, a socialId for each of its channels,
// and a history of each.
func TestACustomerHasAnIDInEachChannel(t *testing.T) {
	m := newMock(t, "")
	contact := m.ticket(threedolphins.KnownTicket)["contact"].(map[string]any)["id"]
	const live = threedolphins.KnownAccount + "-CONTOH"
	m.partnerOf(200)
	m.writes(map[string]any{"accountId": live, "channel": "webchat", "contactId": contact, "customerName": "Contoh Pelanggan", "message": "Dari situs"})
	got := m.get(graph + "/contacts/contactById?contactId=" + fmt.Sprint(contact))
	if fmt.Sprint(got["socialIdWhatsapp"], got["socialIdWebchat"]) != "["+threedolphins.KnownAccount+"] ["+live+"]" || got["liveChatAccount"] != true {
		t.Errorf("the customer is %v in WhatsApp and %v in live chat", got["socialIdWhatsapp"], got["socialIdWebchat"])
	}
	for path, want := range map[string]string{"whatsapp/" + threedolphins.KnownAccount: "Halo", "webchat/" + live: "Dari situs", "webchat/" + threedolphins.KnownAccount: "", "whatsapp/" + live: ""} {
		list := data(t, m.get(tickets+"/conversations/"+path+"/history"))
		if said := ""; len(list) > 0 {
			said = list[0]["message"].(string)
			if said != want || len(list) != 1 {
				t.Errorf("%s: %v", path, list)
			}
		} else if want != "" {
			t.Errorf("%s is empty", path)
		}
	}
}

// TestATransactionIsTracked: an answer was sent, has failed because the customer had
// left, or was read when they wrote again.
func TestATransactionIsTracked(t *testing.T) {
	m := newMock(t, "")
	m.add(only(liveTicket + "}"))
	m.partnerOf(200)
	outcome := func() (transaction any, outcome string, markRead any) {
		shown := m.messagesOf("T")
		i := slices.IndexFunc(shown, func(message map[string]any) bool { return message["answer"] == true })
		for _, message := range m.state().Messages {
			if message.ID == shown[i]["id"] {
				outcome = message.Outcome
			}
		}
		return shown[i]["transactionId"], outcome, shown[i]["markRead"]
	}
	m.speaks()
	first, became, markRead := outcome()
	if first == nil || first == "" || became != "sent" || markRead != false {
		t.Errorf("said, %v is %q, markRead %v", first, became, markRead)
	}
	m.writesToT("Terima kasih")
	if again, became, markRead := outcome(); again != first || became != "read" || markRead != true {
		t.Errorf("after the customer wrote, %v is %q, markRead %v", again, became, markRead)
	}
	m.change("/close", "")
	m.speaks()
	if second, became, markRead := outcome(); second == first || became != "failed" || markRead != false {
		t.Errorf("said to nobody, %v is %q, markRead %v", second, became, markRead)
	}
	if got := m.ticket("T")["errorCode"]; got != "WC-Driver Exception" {
		t.Errorf("the ticket's error is %v", got)
	}
}

// TestTheKeyOfLiveChat combines the message's ID with the channel's key, and finds
// the message, as the channel's key alone does.
func TestTheKeyOfLiveChat(t *testing.T) {
	m := newMock(t, "")
	all := data(t, m.get(tickets+"/conversations/webchat/contoh-webchat/"+threedolphins.LiveChatAccount))
	if len(all) != 4 {
		t.Fatalf("the channel's key finds %d messages", len(all))
	}
	key := all[0]["channelKey"].(string)
	if key != all[0]["messageId"].(string)+"-contoh-webchat" {
		t.Errorf("the message %v has the key %s", all[0]["messageId"], key)
	}
	if one := data(t, m.get(tickets+"/conversations/webchat/"+key+"/"+threedolphins.LiveChatAccount)); len(one) != 1 || one[0]["id"] != all[0]["id"] {
		t.Errorf("%s finds %v", key, one)
	}
	if got := m.messagesOf(threedolphins.KnownTicket)[0]["channelKey"]; got != "620000009999" {
		t.Errorf("a message of WhatsApp has the key %v", got)
	}
}

// TestListsOfCopies: of e-mails, one text of all addresses, and a short one.
func TestListsOfCopies(t *testing.T) {
	for _, test := range []struct {
		list       []string
		whole, cut string
	}{
		{[]string{"1@example.com", "2@example.com", "3@example.com"}, "1@example.com, 2@example.com, 3@example.com", "1@example.com and 2 others"},
		{[]string{"1@example.com", "2@example.com"}, "1@example.com, 2@example.com", "1@example.com and 1 other"},
		{[]string{"1@example.com"}, "1@example.com", "1@example.com"},
		{[]string{}, "", ""},
	} {
		m := newMock(t, "")
		list, err := json.Marshal(test.list)
		if err != nil {
			t.Fatal(err)
		}
		m.add(only(`{"accountId":"contoh@example.com","channelType":"email","message":"Halo","ccList":` + string(list) + `,"bccList":` + string(list) + `}`))
		m.speaks()
		got := m.messagesOf("T")[0]
		if got["ccListFormatted"] != test.whole || got["ccListFormattedCut"] != test.cut || got["bccListFormatted"] != test.whole || got["emailRecipient"] != "layanan@example.com" {
			t.Errorf("%v: %q, %q, %q, to %v", test.list, got["ccListFormatted"], got["ccListFormattedCut"], got["bccListFormatted"], got["emailRecipient"])
		}
	}
	if got := newMock(t, "").messagesOf(threedolphins.KnownTicket)[0]; got["ccListFormattedCut"] != nil {
		t.Errorf("a message of WhatsApp has copies: %v", got["ccListFormattedCut"])
	}
}
