package threedolphins

import (
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// answerTo makes an answer to the customer of a ticket. Its transactionId tracks
// whether it was sent, failed or was read.
func (d *dolphins) answerTo(t Ticket, agent, text string, at int64) Message {
	m := d.newMessage(t, at)
	m.Members.without("assignedAgent", "assignedDate", "botId")
	m.Members["answer"], m.Members["ticketAnswer"] = true, true
	m.Members["replyAgent"], m.Members["message"] = agent, text
	m.Members.add("transactionId", d.newID())
	m.Members.add("markRead", false)
	m.Outcome = sent
	if agent == bot {
		m.Members["botId"] = KnownBot
		seconds := any(responseTime(t, at))
		m.Members["responseTime"], m.Members["responseTimeAgent"] = seconds, seconds
	}
	return m
}

// responseTime is how many seconds a customer waited: 3D-R-80.
func responseTime(t Ticket, at int64) int64 { return max(0, at-t.Written) / 1000 }

// say appends an agent's answer to the conversation of a ticket, and notes it there.
func (d *dolphins) say(t Ticket, m Message, agent, text string, at int64) (Ticket, error) {
	last, like, away := lastOf(m.draft, text, at), m.Members, false
	t, err := d.tickets.Update(t.Number, func(t *Ticket) error {
		if t.answered != nil && t.answered.agent == agent {
			t.last = last
			return nil
		}
		if t.status() == closed {
			if err := d.closedAlready(); err != nil {
				return err
			}
		}
		t.own()
		d.reply(t, agent, at)
		away = t.away()
		d.offline(t)
		t.Members["lastMessage"] = text
		t.answered = t.answeredBy(agent, like)
		return nil
	})
	if err != nil {
		return t, err
	}
	if away {
		m.Outcome = notSent
	}
	return t, store.Put(d.messages, m.ID, m)
}

// sendMessage sends an agent's message to the customer of a ticket.
func (d *dolphins) sendMessage(c *mockserver.Call) mockserver.Reply {
	agent := c.Document.Text("/replyAgent")
	if agent == "" {
		agent = d.user(c)
	}
	t, err := d.tickets.Get(c.Document.Text("/ticketNumber"))
	if err == nil {
		err = d.known(agent)
	}
	if err == nil {
		text, at := c.Document.Text("/message"), d.now()
		t, err = d.say(t, d.answerTo(t, agent, text, at), agent, text, at)
	}
	if err != nil {
		return d.unchanged(c, err, "ticket")
	}
	return success([]Members{d.bare(t.whole())})
}

// away reports whether the customer of a live chat has left.
func (t Ticket) away() bool {
	return t.Members.text("channelType") == liveChat && !t.Members.is("online")
}

// offline: 3D-R-62.
func (d *dolphins) offline(t *Ticket) {
	if !t.away() || d.stage.Reading("3D-R-62") == "never" {
		t.Members.without("errorCode", "errorMessage", "errorShown") // they are of the last message
		return
	}
	t.Members["errorCode"], t.Members["errorShown"] = "WC-Driver Exception", false
	t.Members["errorMessage"] = "User is no longer online we’ll keep this message to his/her inbox"
}
