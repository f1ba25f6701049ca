package threedolphins_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// good are calls of all operations, each of which must succeed on a fresh mock.
var good = []struct{ operation, method, path, body string }{
	{"outgoing", "POST", "/dolphin/apiv1/integration/outgoing", "sample"},
	{"command", "POST", "/dolphin/apiv1/integration/command", "sample"},
	{"getToken", "POST", graph + "/auth", credentials},
	{"refreshToken", "POST", graph + "/auth/refreshToken", ""},
	{"listConversationByCustomer", "GET", graph + "/tickets/conversations/" + threedolphins.LiveChatChannel + "/" + threedolphins.LiveChatAccount + "?startDate=2026-03-01&endDate=2026-03-04", ""},
	{"getTicket", "GET", someTicket, ""},
	{"findTicket", "GET", graph + "/tickets/data/" + threedolphins.KnownTicket + "/status/Assigned", ""},
	{"getTicketByNumber", "GET", graph + "/tickets/data/" + threedolphins.KnownTicket, ""},
	{"listTicketData", "POST", graph + "/tickets/data/" + threedolphins.KnownTicket + "?start=0&count=1", `{"channel_type":"whatsapp"}`},
	{"listTickets", "GET", graph + "/tickets?start=0&count=1", ""},
	{"sendMessage", "POST", graph + "/tickets/sendMessage", "sample"},
	{"listAssignedTickets", "GET", graph + "/tickets/assignment?status=pending&sort=desc&isToday=true&start=0&count=1", ""},
	{"listPriorityTickets", "GET", graph + "/tickets/priority?start=0&count=1", ""},
	{"listConversationByTicket", "GET", graph + "/tickets/conversations/" + threedolphins.KnownTicket + "?start=0&count=1", ""},
	{"updateTicketByNumber", "PUT", graph + "/tickets/update/" + threedolphins.KnownTicket, "sample"},
	{"updateTicketById", "PUT", graph + "/tickets/update/id/" + threedolphins.KnownTicket, "sample"},
	{"updateTicket", "PUT", graph + "/tickets/update", "sample"},
	{"reassignTicket", "PUT", graph + "/tickets/update/reassign", "sample"},
	{"transferTicket", "PUT", graph + "/tickets/update/transfer", "sample"},
	{"escalateTicket", "PUT", graph + "/tickets/update/escalate", "sample"},
	{"transferTicketToAgent", "PUT", graph + "/tickets/update/transferToAgent", "sample"},
	{"closeTicket", "PUT", graph + "/tickets/update/close", "sample"},
	{"getQueueLength", "GET", graph + "/tickets/queue/900000001", ""},
	{"uploadFile", "POST", graph + "/tickets/files", ""},
	{"uploadMedia", "POST", graph + "/tickets/files/media", ""},
	{"getFile", "GET", graph + "/tickets/files/" + threedolphins.KnownFile, ""},
	{"listConversationByChannelKey", "GET", graph + "/tickets/conversations/whatsapp/620000009999/" + threedolphins.KnownAccount + "?count=1", ""},
	{"listConversationByChannelId", "GET", graph + "/tickets/conversations/channelId/" + threedolphins.KnownChannel + "/" + threedolphins.KnownAccount + "?count=1", ""},
	{"listConversationHistory", "GET", graph + "/tickets/conversations/whatsapp/" + threedolphins.KnownAccount + "/history?count=1", ""},
	{"transformButtonMessage", "POST", graph + "/tickets/transformButtonMessage", "sample"},
	{"reportConversations", "POST", graph + "/report/conversations?startIndex=0", "sample"},
	{"getContact", "GET", graph + "/contacts/contactById?contactId=" + threedolphins.KnownContact, ""},
	{"listContacts", "GET", graph + "/contacts?start=0&count=1", ""},
	{"listAllContacts", "GET", graph + "/contacts/all", ""},
	{"updateContact", "PUT", graph + "/contacts/update/" + threedolphins.KnownContact, "sample"},
}

// bodies are the samples of an operation that name what a fresh mock has; those
// with placeholders can't succeed.
func bodies(o *specs.Operation, body string) []string {
	if body != "sample" {
		return []string{body}
	}
	var list []string
	for _, s := range vendor().Contract.Payloads[o.Payload].Samples {
		if !strings.Contains(string(s.Body), `"[`) {
			list = append(list, string(s.Body))
		}
	}
	return list
}

// TestEveryOperation drives each with all its samples. Neither side breaks the
// contract, and each answer is made here, not taken from a sample.
func TestEveryOperation(t *testing.T) {
	contract := vendor().Contract
	var covered []string
	played := newMock(t, "")
	for _, test := range good {
		covered = append(covered, test.operation)
		o := contract.Operation("operations/" + test.operation)
		list := bodies(o, test.body)
		if len(list) == 0 {
			t.Errorf("%s has no sample that can succeed", test.operation)
		}
		for _, body := range list {
			played.Sandbox().Reset()
			played.token = played.login()
			a := played.call(test.method, test.path, body)
			e, _ := played.Sandbox().Journal().Get(a.Header.Get("Parley-Exchange"))
			if a.Status != 200 || e.Operation != "operations/"+test.operation || a.Header.Get("Parley-Findings") != "0" {
				t.Errorf("%s %s as %s: %d, findings %+v\n%.300s", test.method, test.path, e.Operation, a.Status, e.Findings, a.Body)
			}
			for _, f := range e.Findings {
				if f.Severity.AtLeast(traffic.Warn) || strings.Contains(f.Code, "unknown") {
					t.Errorf("%s: %+v", test.operation, f)
				}
			}
			if strings.Contains(a.Body, `"[`) {
				t.Errorf("%s answers with a placeholder: %.300s", test.operation, a.Body)
			}
			if got := decoded(t, a.Body)["data"]; fmt.Sprint(got) == "[]" && test.operation != "reportConversations" {
				t.Errorf("%s answers with nothing", test.operation)
			}
		}
	}
	for _, o := range contract.Operations {
		if !slices.Contains(covered, o.ID) {
			t.Errorf("%s is not driven", o.ID)
		}
	}
}

// TestEveryOperationRefuses: 401 without a token, 500 and 404 where one asks for
// them, for all operations.
func TestEveryOperationRefuses(t *testing.T) {
	m := newMock(t, "3D-R-05=bearer")
	contract := vendor().Contract
	for _, test := range good {
		body := bodies(contract.Operation("operations/"+test.operation), test.body)[0]
		want := 401
		if test.operation == "getToken" {
			want = 200
		}
		if a := m.Do(test.method, test.path, body); a.Status != want {
			t.Errorf("%s without a token: %d", test.operation, a.Status)
		}
		for _, status := range slices.Sorted(maps.Keys(contract.Operation("operations/" + test.operation).Responses)) {
			request := m.prefer(test.method, test.path, body, fmt.Sprintf("code=%d", status))
			if request.Status != status {
				t.Errorf("%s asked for %d: %d %s", test.operation, status, request.Status, request.Body)
			}
		}
	}
}
