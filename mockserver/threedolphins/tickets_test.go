package threedolphins_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

// data are the records of a list.
func data(t testing.TB, body map[string]any) []map[string]any {
	t.Helper()
	items, ok := body["data"].([]any)
	if !ok {
		t.Fatalf("data is no array: %v", body["data"])
	}
	var list []map[string]any
	for _, item := range items {
		list = append(list, item.(map[string]any))
	}
	return list
}

func TestTheKnownTicket(t *testing.T) {
	m := newMock(t, "")
	for _, path := range []string{"/tickets/", "/tickets/data/"} {
		got := m.get(graph + path + threedolphins.KnownTicket)["data"].(map[string]any)
		for name, want := range map[string]any{
			"ticketNumber": threedolphins.KnownTicket, "accountId": threedolphins.KnownAccount, "status": "Assigned",
			"assignedAgent": threedolphins.KnownAgent, "agentName": "Agen Contoh", "createdDateText": "2026-03-04 11:45",
			"createdDate": float64(start.Add(-15 * time.Minute).UnixMilli()), "unassignDuration": 1.0, "statusStyle": "ticket-assigned",
			"slaStatusText": "Ongoing", "channelType": "whatsapp", "channel": threedolphins.KnownChannel,
		} {
			if got[name] != want {
				t.Errorf("%s is %v, want %v", name, got[name], want)
			}
		}
		if contact := got["contact"].(map[string]any); contact["id"] != threedolphins.KnownContact || contact["contactFirstName"] != "Contoh" {
			t.Errorf("its contact is %v", contact)
		}
	}
	for _, path := range []string{"/tickets/nobody", "/tickets/data/nobody", "/tickets/data/nobody/status/Open", "/tickets/conversations/nobody"} {
		if a := m.call("GET", graph+path, ""); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestFindATicket(t *testing.T) {
	for _, test := range []struct {
		readings, field, keyword string
		status                   int
	}{
		{"", "status", "Assigned", 200},
		{"", "status", "assigned", 404},
		{"", "status", "Pending", 404},
		{"", "answer", "false", 200},
		{"", "parent", "1", 200},
		{"", "accountName", "Contoh Pelanggan", 200},
		{"", "contact", "x", 404},
		{"", "nothing", "x", 404},
		{"3D-R-57=contains", "status", "sign", 200},
		{"3D-R-56=any-ticket-that-matches", "status", "Closed", 404},
	} {
		m := newMock(t, test.readings)
		path := graph + "/tickets/data/" + threedolphins.KnownTicket + "/" + test.field + "/" + url.PathEscape(test.keyword)
		if a := m.call("GET", path, ""); a.Status != test.status {
			t.Errorf("%s %s: %d %.200s", test.field, test.keyword, a.Status, a.Body)
		}
	}
	m := newMock(t, "3D-R-56=any-ticket-that-matches")
	first := m.state().Tickets[0]
	got := m.get(graph + "/tickets/data/" + first.Number + "/status/Unassigned")["data"].(map[string]any)
	if got["status"] != "Unassigned" || got["ticketNumber"] == first.Number {
		t.Errorf("found %v", got["ticketNumber"])
	}
}

// TestPagesAreHonest reads a list to its end by what the envelope says.
func TestPagesAreHonest(t *testing.T) {
	for _, readings := range []string{"", "3D-R-47=pages"} {
		m := newMock(t, readings)
		total := len(m.state().Tickets)
		var numbers []string
		next, pages := 0, 0
		for more := true; more && pages < 10; pages++ {
			body := m.get(fmt.Sprintf("%s/tickets?start=%d&count=5", graph, next))
			for _, ticket := range data(t, body) {
				numbers = append(numbers, ticket["ticketNumber"].(string))
			}
			if body["totalResults"] != float64(total) {
				t.Errorf("totalResults is %v of %d", body["totalResults"], total)
			}
			more, next = body["hasMore"].(bool), int(body["nextIndex"].(float64))
		}
		slices.Sort(numbers)
		if len(numbers) != total || len(slices.Compact(numbers)) != total || pages != 3 || next != 0 {
			t.Errorf("%q: %d tickets of %d in %d pages, then %d", readings, len(numbers), total, pages, next)
		}
	}
}

func TestPages(t *testing.T) {
	for _, test := range []struct {
		readings, query string
		want            string // items, hasMore, nextIndex, prevIndex, totalResults
	}{
		{"", "", "10 true 10 0 12"},
		{"", "?start=10", "2 false 0 0 12"},
		{"", "?start=10&count=4", "2 false 0 6 12"},
		{"", "?start=99&count=4", "0 false 0 8 12"},
		{"", "?count=0", "0 true 0 0 12"},
		{"", "?start=9223372036854775807&count=9223372036854775807", "0 false 0 0 12"},
		{"3D-R-48=all", "", "12 false 0 0 12"},
		{"3D-R-47=pages", "?start=1&count=5", "5 true 2 0 12"},
		{"3D-R-47=pages", "?start=9223372036854775807&count=3", "0 false 0 3 12"},
		{"3D-R-45=as-sampled", "?count=3", "3 false 0 0 0"},
		{"3D-R-50=closed", "", "3 false 0 0 3"},
	} {
		m := newMock(t, test.readings)
		body := m.get(graph + "/tickets" + test.query)
		got := fmt.Sprintf("%d %v %v %v %v", len(data(t, body)), body["hasMore"], body["nextIndex"], body["prevIndex"], body["totalResults"])
		if got != test.want {
			t.Errorf("%q with %q: %s, want %s", test.query, test.readings, got, test.want)
		}
	}
	m := newMock(t, "")
	for _, query := range []string{"start=x", "count=x", "count=-1", "start=99999999999999999999"} {
		if a := m.call("GET", graph+"/tickets?"+query, ""); a.Status != 400 {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
}

func TestListsOfTickets(t *testing.T) {
	for _, test := range []struct {
		readings, path string
		want           string // statuses in order
	}{
		{"", "/tickets?count=3", "Assigned Assigned Unassigned"},
		{"3D-R-49=oldest-first", "/tickets?count=4", "Closed Closed Closed Assigned"},
		{"", "/tickets/assignment?status=pending&sort=desc&isToday=true&start=0&count=10", "Pending Pending"},
		{"", "/tickets/assignment?status=CLOSED", "Closed Closed Closed"},
		{"", "/tickets/assignment?status=closed&isToday=true", ""},
		{"", "/tickets/assignment?status=unassigned", ""},
		{"", "/tickets/assignment?status=nothing", ""},
		{"3D-R-51=assigned-today 3D-R-52=own", "/tickets/assignment?isToday=true&sort=asc", "Assigned Open Pending Pending Assigned Assigned"},
		{"", "/tickets/priority?start=0&count=10", "Unassigned Assigned"},
		{"3D-R-53=severity", "/tickets/priority", "Unassigned Assigned Closed"},
	} {
		m := newMock(t, test.readings)
		var got []string
		for _, ticket := range data(t, m.get(graph+test.path)) {
			got = append(got, ticket["status"].(string))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s with %q: %v, want %s", test.path, test.readings, got, test.want)
		}
	}
	if a := newMock(t, "").call("GET", graph+"/tickets/assignment?isToday=perhaps", ""); a.Status != 400 {
		t.Errorf("isToday=perhaps: %d", a.Status)
	}
}

func TestQueueLength(t *testing.T) {
	for _, test := range []struct {
		readings, account string
		want              float64
	}{
		{"", "900000001", 1}, {"", threedolphins.KnownAccount, 0}, {"", "nobody", 0},
		{"3D-R-74=ahead", "900000001", 2}, {"3D-R-74=ahead", "900000002", 0}, {"3D-R-74=ahead", "nobody", 0},
	} {
		m := newMock(t, test.readings)
		if got := m.get(graph + "/tickets/queue/" + test.account)["data"]; got != test.want {
			t.Errorf("%s with %q: %v, want %v", test.account, test.readings, got, test.want)
		}
	}
}

func TestDataOfATicket(t *testing.T) {
	for _, test := range []struct {
		readings, body string
		n              int
		member         string // that tells a ticket from a message
	}{
		{"", `{"channel_type":"whatsapp"}`, 1, "lastMessage"},
		{"", `{"channel_type":"webchat"}`, 0, ""},
		{"3D-R-60=camel-case", `{"channelType":"whatsapp"}`, 1, "lastMessage"},
		{"3D-R-59=ticket", `{"channel_type":"whatsapp"}`, 1, "contact"},
		{"3D-R-59=ticket", `{"channel_type":"webchat"}`, 0, ""},
	} {
		m := newMock(t, test.readings)
		list := data(t, m.good("POST", graph+"/tickets/data/"+threedolphins.KnownTicket+"?start=0&count=5", test.body))
		if len(list) != test.n || test.n > 0 && list[0][test.member] == nil {
			t.Errorf("%s with %q: %v", test.body, test.readings, list)
		}
	}
	if a := newMock(t, "").call("POST", graph+"/tickets/data/nobody", `{"channel_type":"whatsapp"}`); a.Status != 404 {
		t.Errorf("an unknown ticket: %d", a.Status)
	}
}
