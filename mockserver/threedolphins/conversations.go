package threedolphins

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/mockserver"
)

// listConversationByTicket answers with the messages of a ticket.
func (d *dolphins) listConversationByTicket(c *mockserver.Call) mockserver.Reply {
	number := c.Params["ticketNumber"]
	if _, err := d.tickets.Get(number); err != nil {
		return d.notFound(c, "ticket")
	}
	return listed(d, c, "start", d.messagesThat(func(m Message) bool { return m.Ticket == number }), d.message)
}

// isChannel: 3D-R-89.
func (d *dolphins) isChannel(m Message, named string) bool {
	byID, byType := m.Members.text("channel") == named, strings.EqualFold(m.Members.text("channelType"), named)
	switch d.stage.Reading("3D-R-89") {
	case "id":
		return byID
	case "type":
		return byType
	}
	return byID || byType
}

// customers lists the messages of a customer for which want is true.
func (d *dolphins) customers(c *mockserver.Call, want func(Message) bool) []Message {
	return d.messagesThat(func(m Message) bool { return m.Members.text("accountId") == c.Params["socialId"] && want(m) })
}

// listConversationByCustomer: 3D-R-88 and 3D-R-93.
func (d *dolphins) listConversationByCustomer(c *mockserver.Call) mockserver.Reply {
	query := pairs.InQuery(c.Request.URL)
	days, ok := d.daysOf(query.Get("startDate"), query.Get("endDate"))
	if !ok {
		return *d.cannot(c, http.StatusBadRequest, "startDate and endDate must be written as yyyy-MM-dd")
	}
	liveOnly := d.stage.Reading("3D-R-88") == "live-chat"
	list := d.customers(c, func(m Message) bool {
		return d.isChannel(m, c.Params["channel"]) && (!liveOnly || m.Members.text("channelType") == liveChat) && days(m)
	})
	return listed(d, c, "start", list, d.message)
}

// daysOf reads two days, both of which may be empty: 3D-R-93.
func (d *dolphins) daysOf(first, last string) (within func(Message) bool, ok bool) {
	for _, day := range []string{first, last} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
			return nil, false
		}
	}
	excluded := d.stage.Reading("3D-R-93") == "end-excluded"
	return func(m Message) bool {
		day := d.day(m.Members.moment("createdDate"))
		return day >= first && (last == "" || day < last || day == last && !excluded)
	}, true
}

// hasKey reports whether a key is the message's or its channel's.
func (m Message) hasKey(key string) bool {
	own := m.Members.text("channelKey")
	return own == key || m.Members.text("channelType") == liveChat && own == m.Members.text("messageId")+"-"+key
}

func (d *dolphins) listConversationByChannelKey(c *mockserver.Call) mockserver.Reply {
	return listed(d, c, "start", d.customers(c, func(m Message) bool {
		return d.isChannel(m, c.Params["channel"]) && m.hasKey(c.Params["channelKey"])
	}), d.inHistory)
}

func (d *dolphins) listConversationByChannelID(c *mockserver.Call) mockserver.Reply {
	return listed(d, c, "start", d.customers(c, func(m Message) bool { return m.Members.text("channel") == c.Params["channelId"] }), d.inChannel)
}

func (d *dolphins) listConversationHistory(c *mockserver.Call) mockserver.Reply {
	return listed(d, c, "start", d.customers(c, func(m Message) bool { return d.isChannel(m, c.Params["channel"]) }), d.inHistory)
}

// reportConversations answers with the messages that pass all filters: 3D-R-94.
func (d *dolphins) reportConversations(c *mockserver.Call) mockserver.Reply {
	days, ok := d.daysOf(c.Document.Text("/startDateFilter"), c.Document.Text("/endDateFilter"))
	if !ok {
		return *d.cannot(c, http.StatusBadRequest, "startDateFilter and endDateFilter must be written as yyyy-MM-dd")
	}
	number := c.Document.Text("/ticketNumber")
	list := d.messagesThat(func(m Message) bool {
		if !days(m) || number != "" && m.Ticket != number {
			return false
		}
		for filter, values := range d.filtered(m) {
			if wanted := textsAt(c, filter); len(wanted) > 0 && !slices.ContainsFunc(values, func(v string) bool { return v != "" && slices.Contains(wanted, v) }) {
				return false
			}
		}
		return true
	})
	return listed(d, c, "startIndex", list, d.reported)
}

// filtered are the values of a message that the filters of a report compare:
// 3D-R-94.
func (d *dolphins) filtered(m Message) map[string][]string {
	t, err := d.ticketOf(m.Ticket)
	if err != nil {
		t.Members = Members{} // forgotten, while its messages are not yet
	}
	agents := []string{m.Members.text("replyAgent"), t.Members.text("assignedAgent")}
	values := map[string][]string{
		"/channelFilters": {m.Members.text("channel")}, "/channelTypeFilters": {m.Members.text("channelType")}, "/agentFilters": agents,
		"/customerFilters": {m.Members.text("accountId"), t.Members.text("contactId")}, "/ticketTagFilters": tagsOf(t),
	}
	if d.stage.Reading("3D-R-94") == "names" {
		values["/channelFilters"] = []string{m.Members.text("channelName")}
		values["/customerFilters"] = []string{m.Members.text("accountName")}
		for i, id := range agents {
			if a, err := d.agents.Get(id); err == nil {
				agents[i] = a.Name
			}
		}
	}
	return values
}

// textsAt reads an array of texts of a call's body.
func textsAt(c *mockserver.Call, pointer string) []string {
	value, _ := c.Document.Lookup(pointer)
	return textsIn(value)
}

func tagsOf(t Ticket) []string { return textsIn(t.Members["ticketTags"]) }

func textsIn(value any) []string {
	if list, ok := value.([]string); ok {
		return list
	}
	items, _ := value.([]any)
	var list []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

// reported shows a message with members of its ticket.
func (d *dolphins) reported(m Message) Members {
	shown := d.message(m)
	shown["collection"], shown["cleanedMessage"] = "master_ticket", shown["message"]
	shown["customerName"] = shown["accountName"]
	shown.add("bccList", noItems)
	shown.add("bccListFormatted", "")
	t, err := d.ticketOf(m.Ticket)
	if err != nil {
		return shown
	}
	ticket := d.dated(t)
	maps.DeleteFunc(ticket, func(name string, _ any) bool {
		return !slices.Contains([]string{"assignDuration", "assignedAgent", "assignedDate", "assignedDateText", "closeInterval", "closedBy", "closedDate", "closedDateText", "contactId", "correlationId"}, name)
	})
	maps.Copy(shown, ticket)
	return shown
}
