package threedolphins

import (
	"maps"
	"strconv"
	"strings"
)

// The answers show more or less of a ticket, as their samples print it. All begin
// with this: its members with what follows from its dates.
func (d *dolphins) dated(t Ticket) Members {
	shown := maps.Clone(t.Members)
	for _, name := range []string{"created", "assigned", "open", "pending", "closed", "unassigned", "transfered"} {
		if at := shown.moment(name + "Date"); at != 0 {
			shown[name+"DateText"] = d.minute(at)
		}
	}
	for name, dates := range map[string][2]string{
		"unassignDuration": {"unassignedDate", "assignedDate"}, "assignDuration": {"assignedDate", "openDate"},
		"openDuration": {"openDate", "pendingDate"}, "pendingDuration": {"pendingDate", "closedDate"},
		"closeInterval":  {d.closeFrom(), "closedDate"},
		"onlineDuration": {"onlineDate", "offlineDate"},
	} {
		if seconds, ok := t.Members.between(dates[0], dates[1]); ok {
			shown[name] = seconds
		}
	}
	if _, online := shown["online"]; online {
		shown["customFields"] = visit(shown)
	}
	return shown
}

// between are the seconds from one date to another, rounded down.
func (m Members) between(first, last string) (int64, bool) {
	from, to := m.moment(first), m.moment(last)
	return (to - from) / 1000, from != 0 && to >= from
}

// visit repeats the members about a visit in snake case.
func visit(shown Members) Members {
	fields := Members{}
	for from, to := range map[string]string{"onlineDate": "online_date", "offlineDate": "offline_date", "onlineDuration": "online_duration", "guest": "guest"} {
		if value, ok := shown[from]; ok {
			fields[to] = value
		}
	}
	return fields
}

// closeFrom: 3D-R-78.
func (d *dolphins) closeFrom() string {
	if d.stage.Reading("3D-R-78") == "since-unassigned" {
		return "unassignedDate"
	}
	return "createdDate"
}

// without takes members away.
func (m Members) without(names ...string) Members {
	for _, name := range names {
		delete(m, name)
	}
	return m
}

// bare shows a ticket as sendMessage prints it: without its contact, what is for
// display, and what came of the message.
func (d *dolphins) bare(t Ticket) Members {
	shown := d.dated(t).without("channelName", "friendlyId", "correlationId", "replyAgent", "lastMessage", "emailRecipient", "ccList", "bccList",
		"errorCode", "errorMessage", "errorShown")
	if shown["remark"] == "" {
		delete(shown, "remark")
	}
	return shown
}

// transferred shows a ticket as transferToAgent prints it.
func (d *dolphins) transferred(t Ticket) Members { return d.bare(t).without("severity") }

// ended shows a ticket as close prints it: the customer goes offline afterwards.
func (d *dolphins) ended(t Ticket) Members {
	t.own()
	shown := d.bare(Ticket{Members: t.Members.without("offlineDate", "onlineDuration")})
	return shown.without("onlineDate")
}

// shown shows a ticket with the members for display.
func (d *dolphins) shown(t Ticket) Members {
	shown := d.dated(t)
	shown["statusStyle"] = "ticket-" + strings.ToLower(t.status())
	shown["dateTimeline"] = max(shown.moment("assignedDate"), shown.moment("unassignedDate"))
	d.display(shown, shown.text("assignedAgent"))
	return shown
}

// ticket shows a ticket with its contact and the members for display, as most
// answers print it.
func (d *dolphins) ticket(t Ticket) Members {
	shown := d.shown(t).without("lastMessage")
	if contact, err := d.contacts.Get(shown.text("contactId")); err == nil {
		shown["contact"] = d.contact(contact)
	} else {
		shown["contact"] = unknownContact()
	}
	return shown
}

// single shows a ticket as its read prints it: its sample alone lacks slaStyle.
func (d *dolphins) single(t Ticket) Members { return d.ticket(t).without("slaStyle") }

// inList shows a ticket as the list of tickets prints it.
func (d *dolphins) inList(t Ticket) Members {
	return d.shown(t).without("channelName", "correlationId", "priority")
}

// partly shows a ticket as the updates that have its number in their path do:
// 3D-R-65.
func (d *dolphins) partly(t Ticket) Members {
	shown := d.ticket(t)
	shown["partial"] = true
	return shown
}

// transferring shows a ticket as transfer prints it.
func (d *dolphins) transferring(t Ticket) Members { return d.ticket(t).without("unassignedDateText") }

// contact shows a contact.
func (d *dolphins) contact(c Contact) Members {
	shown := maps.Clone(c.Members)
	shown["prettyCreatedDate"] = d.local(c.Members.moment("createdDate")).Format("2 Jan 2006 03:04")
	return shown
}

// unknownContact shows that there is no contact, as the update by number prints it.
func unknownContact() Members {
	shown := unknownPerson()
	shown["prettyCreatedDate"] = "moments ago"
	return shown
}

// plain writes a member as it stands in JSON, a text without its quotes. It
// reports false for what is no single value.
func plain(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case int:
		return strconv.Itoa(value), true
	case int64:
		return strconv.FormatInt(value, 10), true
	}
	return "", false
}
