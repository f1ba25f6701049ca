package threedolphins

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// getTicket answers with the ticket whose number is in the path.
func (d *dolphins) getTicket(c *mockserver.Call) mockserver.Reply { return d.read(c, d.single) }

func (d *dolphins) getTicketByNumber(c *mockserver.Call) mockserver.Reply { return d.read(c, d.ticket) }

func (d *dolphins) read(c *mockserver.Call, show func(Ticket) Members) mockserver.Reply {
	t, err := d.ticketOf(c.Params["ticketNumber"])
	if err != nil {
		return d.notFound(c, "ticket")
	}
	q := question{c.Operation.ID, t.Number}
	return mockserver.Reply{Status: http.StatusOK, Body: d.prepared(q, t, show)}
}

// findTicket: 3D-R-56.
func (d *dolphins) findTicket(c *mockserver.Call) mockserver.Reply {
	number := c.Params["ticketNumber"]
	_, err := d.tickets.Get(number)
	if err != nil {
		return d.notFound(c, "ticket")
	}
	further, begun := d.stage.Reading("3D-R-56") == "any-ticket-that-matches", false
	for _, t := range wholeOf(store.All(d.tickets)) {
		begun = begun || t.Number == number
		if !begun || t.Number != number && !further {
			continue
		}
		if shown := d.ticket(t); d.matches(shown[c.Params["fieldName"]], c.Params["keyword"]) {
			return success(shown)
		}
	}
	return d.notFound(c, "ticket with that value")
}

// matches: 3D-R-57.
func (d *dolphins) matches(value any, keyword string) bool {
	text, ok := plain(value)
	if ok && d.stage.Reading("3D-R-57") == "contains" {
		return strings.Contains(strings.ToLower(text), strings.ToLower(keyword))
	}
	return ok && text == keyword
}

// listTickets: 3D-R-50.
func (d *dolphins) listTickets(c *mockserver.Call) mockserver.Reply {
	closedOnly := d.stage.Reading("3D-R-50") == "closed"
	list := d.ticketsThat("", func(t Ticket) bool { return !closedOnly || t.status() == closed })
	return listed(d, c, "start", list, d.inList)
}

// listAssignedTickets: 3D-R-51 and 3D-R-52.
func (d *dolphins) listAssignedTickets(c *mockserver.Call) mockserver.Reply {
	query := pairs.InQuery(c.Request.URL)
	status, user := query.Get("status"), ""
	if d.stage.Reading("3D-R-52") == "own" {
		user = d.user(c)
	}
	onlyToday, date := false, "createdDate"
	if text := query.Get("isToday"); text != "" {
		var err error
		if onlyToday, err = strconv.ParseBool(text); err != nil {
			return *d.cannot(c, http.StatusBadRequest, "isToday must be true or false")
		}
	}
	if d.stage.Reading("3D-R-51") == "assigned-today" {
		date = "assignedDate"
	}
	today := d.day(d.now())
	list := d.ticketsThat(strings.ToLower(query.Get("sort")), func(t Ticket) bool {
		agent := t.Members.text("assignedAgent")
		return agent != "" && (user == "" || agent == user) && (status == "" || strings.EqualFold(status, t.status())) &&
			(!onlyToday || d.day(t.Members.moment(date)) == today)
	})
	return listed(d, c, "start", list, d.ticket)
}

// listPriorityTickets: 3D-R-53.
func (d *dolphins) listPriorityTickets(c *mockserver.Call) mockserver.Reply {
	bySeverity := d.stage.Reading("3D-R-53") == "severity"
	list := d.ticketsThat("", func(t Ticket) bool {
		if bySeverity {
			return t.Members.text("severity") == "High"
		}
		return t.Members.is("priority")
	})
	return listed(d, c, "start", list, d.ticket)
}

// getQueueLength: 3D-R-74.
func (d *dolphins) getQueueLength(c *mockserver.Call) mockserver.Reply {
	account := c.Params["accountId"]
	waiting := d.ticketsThat("asc", func(t Ticket) bool { return t.status() == unassigned })
	own, ahead, oldest := 0, 0, int64(0)
	for _, t := range waiting {
		if t.Members.text("accountId") == account {
			if own == 0 {
				oldest = t.Members.moment("createdDate")
			}
			own++
		}
	}
	if d.stage.Reading("3D-R-74") != "ahead" {
		return success(own)
	}
	for _, t := range waiting {
		if t.Members.moment("createdDate") < oldest {
			ahead++
		}
	}
	return success(ahead)
}

// listTicketData: 3D-R-59, with the type of channel of 3D-R-60.
func (d *dolphins) listTicketData(c *mockserver.Call) mockserver.Reply {
	t, err := d.ticketOf(c.Params["ticketNumber"])
	if err != nil {
		return d.notFound(c, "ticket")
	}
	member := "/channel_type"
	if d.stage.Reading("3D-R-60") == "camel-case" {
		member = "/channelType"
	}
	fits := strings.EqualFold(c.Document.Text(member), t.Members.text("channelType"))
	if d.stage.Reading("3D-R-59") == "ticket" {
		list := []Ticket{t}
		if !fits {
			list = nil
		}
		return listed(d, c, "start", list, d.ticket)
	}
	list := d.messagesThat(func(m Message) bool { return fits && m.Ticket == t.Number })
	return listed(d, c, "start", list, d.message)
}
