package threedolphins_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

const (
	other    = "a0000000000000000000000000000002"
	named    = `{"ticketNumber":"` + threedolphins.KnownTicket + `"`
	toOther  = named + `,"teamMember":{"id":"` + other + `"}}`
	raised   = named + `,"supervisorId":"` + threedolphins.KnownSupervisor + `"}`
	greeting = named + `,"channelType":"whatsapp","replyAgent":"` + threedolphins.KnownAgent + `","message":"Selamat datang"}`
)

func (m *mock) ticket(number string) map[string]any {
	m.t.Helper()
	return m.get(graph + "/tickets/data/" + number)["data"].(map[string]any)
}

// differences are the names of members that changed, in order.
func differences(before, after map[string]any) []string {
	var names []string
	for name := range maps.Keys(before) {
		if _, still := after[name]; !still {
			names = append(names, "-"+name)
		}
	}
	for name, value := range after {
		old, there := before[name]
		if !there {
			names = append(names, "+"+name)
		} else if !reflect.DeepEqual(old, value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestWhatChanges: each change of a ticket changes what the samples show, and
// nothing else.
func TestWhatChanges(t *testing.T) {
	for _, test := range []struct{ method, path, body, want string }{
		{"PUT", "/update/" + threedolphins.KnownTicket, "", "modifiedDate"},
		{"PUT", "/update/" + threedolphins.KnownTicket, `{"severity":"High","status":"Closed","id":"x"}`, "modifiedDate severity severityStyle"},
		{"PUT", "/update/id/" + threedolphins.KnownTicket, `{"remark":"r"}`, "+remark modifiedDate"},
		{"PUT", "/update", named + `,"channelType":"whatsapp","replyAgent":"` + other + `"}`, "+replyAgent modifiedDate"},
		{"PUT", "/update/reassign", toOther, "agentName assignedAgent assignedDate assignedDateText dateTimeline modifiedDate prettyDateTimeline unassignDuration unassignedDate unassignedDateText"},
		{"PUT", "/update/transfer", named + "}", "+transferedFrom -agentAvatar -agentName -assignedAgent -assignedDate dateTimeline modifiedDate prettyDateTimeline status statusStyle timelineStatus unassignedDate unassignedDateText"},
		{"PUT", "/update/transferToAgent", named + "}", "+group +reassigned +reassignedText +transfered +transferedDate +transferedDateText +transferedFrom +transferedText -agentAvatar -agentName -assignedAgent -assignedDate dateTimeline modifiedDate prettyDateTimeline status statusStyle timelineStatus unassignedDate unassignedDateText"},
		{"PUT", "/update/escalate", raised, "+escalated +escalatedDate +escalatedFrom +escalatedTo agentName assignedAgent assignedDate assignedDateText dateTimeline modifiedDate prettyDateTimeline unassignDuration unassignedDate unassignedDateText"},
		{"PUT", "/update/close", named + "}", "+closeInterval +closedBy +closedDate +closedDateText +closureType +remark +withinSla incoming modifiedDate notified slaStatusText slaStyle status statusStyle timelineStatus"},
		{"POST", "/sendMessage", greeting, "+assignDuration +openDate +openDateText +openDuration +pendingDate +pendingDateText +responseTime greetingStatus modifiedDate status statusStyle timelineStatus"},
	} {
		m := newMock(t, "")
		before := m.ticket(threedolphins.KnownTicket)
		m.Advance(90 * time.Second)
		answered := m.good(test.method, graph+"/tickets"+test.path, test.body)["data"]
		after := m.ticket(threedolphins.KnownTicket)
		if got := strings.Join(differences(before, after), " "); got != test.want {
			t.Errorf("%s changed\n%s, want\n%s", test.path, got, test.want)
		}
		if list, ok := answered.([]any); ok {
			answered = list[0]
		}
		for name, value := range answered.(map[string]any) {
			if name == "partial" && strings.HasPrefix(test.path, "/update/") {
				continue // it is of the answer, not of the ticket
			}
			if !reflect.DeepEqual(value, after[name]) {
				t.Errorf("%s answered %s %v, and then it is %v", test.path, name, value, after[name])
			}
		}
	}
}

// TestALife takes a ticket from its assignment to its end.
func TestALife(t *testing.T) {
	m := newMock(t, "")
	step := func(method, path, body string) map[string]any {
		t.Helper()
		m.Advance(30 * time.Second)
		m.good(method, graph+"/tickets"+path, body)
		return m.ticket(threedolphins.KnownTicket)
	}
	if got := step("PUT", "/update/transfer", named+`,"toGroup":"g1"}`); got["status"] != "Unassigned" || got["transferedFrom"] != threedolphins.KnownAgent || got["toGroup"] != "g1" || got["assignedDateText"] != "2026-03-04 11:45" {
		t.Errorf("transferred, it is %v", got)
	}
	if got := step("PUT", "/update/reassign", toOther); got["status"] != "Assigned" || got["assignedAgent"] != other || got["agentName"] != "Agen Misal" {
		t.Errorf("reassigned, it is %v", got)
	}
	if got := step("POST", "/sendMessage", greeting); got["status"] != "Pending" || got["assignDuration"] != 30.0 || got["responseTime"] != 990.0 {
		t.Errorf("answered, it is %v", got)
	}
	got := step("PUT", "/update/close", named+`,"closureType":"Spam","remark":"Selesai"}`)
	for name, want := range map[string]any{
		"status": "Closed", "closureType": "Spam", "remark": "Selesai", "closedBy": threedolphins.KnownAgent, "closeInterval": 1020.0, "pendingDuration": 30.0,
		"closedDateText": "2026-03-04 12:02", "withinSla": true, "slaStyle": "ticket-within-sla", "slaStatusText": "Within SLA", "statusStyle": "ticket-closed",
	} {
		if got[name] != want {
			t.Errorf("closed, its %s is %v, want %v", name, got[name], want)
		}
	}
	if again := step("PUT", "/update/close", named+"}"); again["closedDate"] != got["closedDate"] || again["modifiedDate"] != got["modifiedDate"] {
		t.Error("a second close changed the ticket")
	}
	if kept := step("POST", "/sendMessage", greeting); kept["status"] != "Closed" {
		t.Errorf("answered after its end, it is %v", kept["status"])
	}
	if up := step("PUT", "/update/escalate", raised); up["status"] != "Assigned" || up["closedDate"] == nil || up["openDate"] != nil || up["openDateText"] == nil || up["escalatedFrom"] != other {
		t.Errorf("escalated after its end, it is %v", up)
	}
}

// TestChangesThatAreRefused: the call is answered so, and changes nothing.
func TestChangesThatAreRefused(t *testing.T) {
	for _, test := range []struct {
		readings, method, path, body string
		status                       int
	}{
		{"", "PUT", "/update/nobody", "", 404},
		{"", "PUT", "/update/id/nobody", "", 404},
		{"3D-R-64=id-only", "PUT", "/update/id/" + threedolphins.KnownTicket, "", 404},
		{"3D-R-64=number-only", "PUT", "/update/id/" + threedolphins.KnownTicket, "", 200},
		{"", "PUT", "/update", `{"ticketNumber":"nobody","channelType":"whatsapp","replyAgent":"Bot"}`, 404},
		{"", "PUT", "/update/reassign", named + `,"teamMember":{"id":"nobody"}}`, 404},
		{"3D-R-67=accepted", "PUT", "/update/reassign", named + `,"teamMember":{"id":"nobody"}}`, 200},
		{"3D-R-61=as-printed", "PUT", "/update/reassign", named + "}", 400},
		{"", "PUT", "/update/escalate", named + `,"supervisorId":"nobody"}`, 404},
		{"", "PUT", "/update/transfer", "", 404},
		{"", "PUT", "/update/transfer", "{}", 404},
		{"3D-R-68=ticket-number", "PUT", "/update/transfer", "{}", 400},
		{"", "PUT", "/update/transferToAgent", named + `,"teamMember":{"id":"nobody"}}`, 404},
		{"", "PUT", "/update/close", "{}", 404},
		{"", "PUT", "/update/close", "[]", 400},
		{"", "PUT", "/update/" + threedolphins.KnownTicket, `{"severity":5}`, 400},
		{"", "PUT", "/update/" + threedolphins.KnownTicket, `{"ticketTags":[5]}`, 400},
		{"", "PUT", "/update/" + threedolphins.KnownTicket, `{"replyAgent":"nobody"}`, 404},
		{"", "POST", "/sendMessage", `{"ticketNumber":"nobody","channelType":"whatsapp","replyAgent":"Bot","message":"x"}`, 404},
		{"", "POST", "/sendMessage", strings.Replace(greeting, threedolphins.KnownAgent, "nobody", 1), 404},
		{"3D-R-61=as-printed", "POST", "/sendMessage", named + `,"message":"x"}`, 400},
		{"3D-R-61=least", "POST", "/sendMessage", named + `,"message":"x"}`, 200},
	} {
		m := newMock(t, test.readings)
		before := fmt.Sprint(m.state())
		if a := m.call(test.method, graph+"/tickets"+test.path, test.body); a.Status != test.status {
			t.Errorf("%s %s with %q: %d %s", test.path, test.body, test.readings, a.Status, a.Body)
		}
		if after := fmt.Sprint(m.state()); (after == before) != (test.status != 200) {
			t.Errorf("%s %s: the state is changed, or should be", test.path, test.body)
		}
	}
}

func TestReadingsOfALife(t *testing.T) {
	m := newMock(t, "3D-R-70=assigned")
	m.good("PUT", graph+"/tickets/update/transferToAgent", toOther)
	if got := m.ticket(threedolphins.KnownTicket); got["status"] != "Assigned" || got["assignedAgent"] != other {
		t.Errorf("transferred to an agent, it is %v", got)
	}
	m = newMock(t, "3D-R-72=fixed 3D-R-78=since-unassigned 3D-R-32=refused 3D-R-73=refused")
	m.good("PUT", graph+"/tickets/update/transfer", named+"}")
	m.Advance(5 * time.Second)
	m.good("PUT", graph+"/tickets/update/close", named+`,"closureType":"Spam","remark":"r"}`)
	if got := m.ticket(threedolphins.KnownTicket); got["closureType"] != "Resolved" || got["remark"] != "" || got["closeInterval"] != 5.0 {
		t.Errorf("closed, it is %v", got)
	}
	for path, body := range map[string]string{"close": named + "}", "escalate": raised} {
		if a := m.call("PUT", graph+"/tickets/update/"+path, body); a.Status != 404 {
			t.Errorf("%s of a closed ticket: %d", path, a.Status)
		}
	}
	if a := m.call("POST", graph+"/tickets/sendMessage", greeting); a.Status != 404 {
		t.Errorf("a message to a closed ticket: %d", a.Status)
	}
	m = newMock(t, "3D-R-32=reopened")
	m.good("PUT", graph+"/tickets/update/close", named+"}")
	m.good("POST", graph+"/tickets/sendMessage", greeting)
	if got := m.ticket(threedolphins.KnownTicket); got["status"] != "Pending" || got["closedDate"] != nil {
		t.Errorf("opened again, it is %v", got)
	}
	m = newMock(t, "3D-R-63=printed-only")
	m.good("PUT", graph+"/tickets/update/"+threedolphins.KnownTicket, `{"severity":"High","replyAgent":"`+other+`"}`)
	if got := m.ticket(threedolphins.KnownTicket); got["severity"] != "Not Set" || got["replyAgent"] != other {
		t.Errorf("updated, it is %v", got)
	}
}

func TestACustomerWhoIsOffline(t *testing.T) {
	for readings, want := range map[string]any{"": "WC-Driver Exception", "3D-R-62=never": nil} {
		m := newMock(t, readings)
		number := m.state().Tickets[1].Number // a closed live chat
		m.good("POST", graph+"/tickets/sendMessage", strings.Replace(greeting, threedolphins.KnownTicket, number, 1))
		if got := m.ticket(number); got["errorCode"] != want {
			t.Errorf("with %q the errorCode is %v", readings, got["errorCode"])
		}
	}
}

func TestAMessageIsUpdated(t *testing.T) {
	m := newMock(t, "")
	id := m.state().Messages[0].ID
	got := m.good("PUT", graph+"/tickets/update/id/"+id, `{"severity":"Low"}`)["data"].(map[string]any)
	if got["id"] != id || got["severity"] != "Low" || got["partial"] != true {
		t.Errorf("the message is %v", got)
	}
}
