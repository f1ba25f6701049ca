package threedolphins

import (
	"maps"
	"strconv"
	"strings"
)

// bare shows a ticket with what follows from its dates, as some answers print it.
func (d *dolphins) bare(t Ticket) Members {
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
		from, to := shown.moment(dates[0]), shown.moment(dates[1])
		if from != 0 && to >= from {
			shown[name] = (to - from) / 1000
		}
	}
	if _, online := shown["online"]; online {
		shown["customFields"] = visit(shown)
	}
	return shown
}

// visit repeats the members about a visit in snake case.
func visit(shown Members) Members {
	fields := Members{}
	for from, to := range map[string]string{"onlineDate": "online_date", "offlineDate": "offline_date", "onlineDuration": "online_duration"} {
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

// ticket shows a ticket with its contact and the members for display.
func (d *dolphins) ticket(t Ticket) Members {
	shown := d.bare(t)
	shown["statusStyle"] = "ticket-" + strings.ToLower(t.status())
	shown["dateTimeline"] = max(shown.moment("assignedDate"), shown.moment("unassignedDate"))
	if contact, err := d.contacts.Get(shown.text("contactId")); err == nil {
		shown["contact"] = d.contact(contact)
	}
	d.display(shown, shown.text("assignedAgent"))
	return shown
}

// message shows a message of a conversation.
func (d *dolphins) message(m Message) Members {
	shown := maps.Clone(m.Members)
	shown["createdDateText"] = d.minute(shown.moment("createdDate"))
	shown["statusStyle"] = ""
	shown["dateTimeline"] = shown.moment("createdDate")
	shown["lastMessage"] = shown["message"]
	shown["attachmentExist"] = m.Media != ""
	d.display(shown, shown.text("replyAgent"))
	return shown
}

// display adds the members that only say how to show others.
func (d *dolphins) display(shown Members, agent string) {
	if agent == bot {
		shown["agentName"] = bot
	} else if found, err := d.agents.Get(agent); err == nil {
		shown["agentName"], shown["agentAvatar"] = found.Name, ""
	}
	style, text := "ticket-ongoing-sla", "Ongoing"
	if within, ok := shown["withinSla"].(bool); ok && within {
		style, text = "ticket-within-sla", "Within SLA"
	} else if ok {
		style, text = "ticket-over-sla", "Over SLA"
	}
	severity := "severity-low"
	if s := shown.text("severity"); s == "Medium" || s == "High" {
		severity = "severity-" + strings.ToLower(s)
	}
	for name, value := range map[string]any{
		"internalCallRecipient": false, "selected": false, "unreadMessages": 0, "ticketAnswer": false, "friendlyName": shown["accountName"],
		"ccList": []string{}, "ccListFormatted": "", "overReplySla": false, "attachmentExist": false, "emailRecipient": "",
		"conferenceParticipantObject": []any{}, "callParticipantObject": []any{}, "callVariableObject": []any{}, "displayConferenceParticipant": false,
		"severityStyle": severity, "slaStyle": style, "slaStatusText": text,
		"prettyDate":         d.second(shown.moment("createdDate")),
		"prettyDateTimeline": d.second(shown.moment("dateTimeline")),
	} {
		if _, there := shown[name]; !there {
			shown[name] = value
		}
	}
}

func (d *dolphins) second(ms int64) string { return d.local(ms).Format("2006-01-02 15:04:05") }

// contact shows a contact.
func (d *dolphins) contact(c Contact) Members {
	shown := maps.Clone(c.Members)
	shown["prettyCreatedDate"] = d.local(c.Members.moment("createdDate")).Format("2 Jan 2006 03:04")
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
