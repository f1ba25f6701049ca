package threedolphins

import (
	"fmt"
	"strings"
)

// noItems is a list without items, which nobody changes.
var noItems = []any{}

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
	shown.add("internalCallRecipient", false)
	shown.add("selected", false)
	shown.add("unreadMessages", 0)
	shown.add("ticketAnswer", false)
	shown.add("friendlyName", friendlyName(shown))
	shown.add("ccList", noItems)
	shown.add("ccListFormatted", strings.Join(textsIn(shown["ccList"]), ", "))
	shown.add("overReplySla", false)
	shown.add("attachmentExist", false)
	shown.add("emailRecipient", "")
	shown.add("conferenceParticipantObject", noItems)
	shown.add("callParticipantObject", noItems)
	shown.add("callVariableObject", noItems)
	shown.add("displayConferenceParticipant", false)
	shown.add("severityStyle", severity)
	shown.add("slaStyle", style)
	shown.add("slaStatusText", text)
	shown.add("prettyDate", d.second(shown.moment("createdDate")))
	shown.add("prettyDateTimeline", d.second(shown.moment("dateTimeline")))
}

// add gives a member where there is none.
func (m Members) add(name string, value any) {
	if _, there := m[name]; !there {
		m[name] = value
	}
}

// friendlyName is the channel's name where answer is true, and the customer's where
// it is false.
func friendlyName(shown Members) any {
	if shown.is("answer") {
		return shown["channelName"]
	}
	return shown["accountName"]
}

// cut writes a list of addresses in short: "1@example.com and 2 others".
func cut(addresses []string) string {
	switch n := len(addresses) - 1; n {
	case -1:
		return ""
	case 0:
		return addresses[0]
	case 1:
		return addresses[0] + " and 1 other"
	default:
		return fmt.Sprintf("%s and %d others", addresses[0], n)
	}
}

func (d *dolphins) second(ms int64) string { return d.local(ms).Format("2006-01-02 15:04:05") }
