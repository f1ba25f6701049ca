package threedolphins

import (
	"maps"
	"strings"
)

// What became of an answer to the customer; its transactionId tracks it.
const (
	sent       = "sent"
	notSent    = "failed" // the customer had left
	readByThem = "read"
)

// fate is what became of an answer: one that was sent is read when the customer
// writes again. Assumed: no page says when.
func fate(m Message, t Ticket) string {
	if m.Outcome == sent && t.Written > m.Members.moment("createdDate") {
		return readByThem
	}
	return m.Outcome
}

// told shows a message's members, and what of them its ticket decides: the severity
// of the message that opened it, and whether an answer was read.
func (d *dolphins) told(m Message) Members {
	shown := maps.Clone(m.Members)
	shown["createdDateText"] = d.minute(shown.moment("createdDate"))
	opens := shown["parent"] == int64(1)
	if !opens && m.Outcome == "" {
		return shown
	}
	t, err := d.ticketOf(m.Ticket)
	if err != nil {
		return shown // forgotten, while its messages are not yet
	}
	if severity, there := t.Members["severity"]; opens && there {
		shown["severity"] = severity
	}
	if fate(m, t) == readByThem {
		shown["markRead"] = true
	}
	return shown
}

// message shows a message of a conversation.
func (d *dolphins) message(m Message) Members {
	shown := d.told(m)
	shown["statusStyle"] = ""
	shown["dateTimeline"] = shown.moment("createdDate")
	shown["lastMessage"] = shown["message"]
	shown["attachmentExist"] = m.Media != ""
	d.display(shown, shown.text("replyAgent"))
	if shown.text("channelType") == eMail {
		shown["ccListFormattedCut"] = cut(textsIn(shown["ccList"]))
		shown["bccListFormatted"] = strings.Join(textsIn(shown["bccList"]), ", ")
	}
	return shown
}

// inHistory shows a message as the histories of a customer print it.
func (d *dolphins) inHistory(m Message) Members {
	return d.message(m).without("accountScreen", "channelName", "friendlyId", "agentName", "agentAvatar", "lastMessage")
}

// inChannel shows a message as the history by a channel's ID prints it.
func (d *dolphins) inChannel(m Message) Members {
	return d.told(m).without("accountScreen", "channelName", "friendlyId", "severity", "transactionId", "ticketAnswer")
}

// partlyTold shows a message as its update prints it: 3D-R-65.
func (d *dolphins) partlyTold(m Message) Members {
	shown := d.message(m).without("lastMessage")
	shown["partial"] = true
	return shown
}
