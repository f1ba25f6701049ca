package threedolphins

import (
	"github.com/parleykit/parley/mockserver"
)

// spoken makes a message an answer to the customer.
func (m Message) spoken(agent, text string) Message {
	m.Members["answer"], m.Members["ticketAnswer"] = true, true
	m.Members["replyAgent"], m.Members["message"] = agent, text
	return m
}

// say appends an answer to the conversation of a ticket, and notes it there.
func (d *dolphins) say(t Ticket, m Message) (Ticket, error) {
	agent, text, at := m.Members.text("replyAgent"), m.Members.text("message"), m.Members.moment("createdDate")
	t, err := d.tickets.Update(t.Number, func(t *Ticket) error {
		if t.status() == closed {
			if err := d.closedAlready(); err != nil {
				return err
			}
		}
		t.own()
		d.reply(t, agent, at)
		d.offline(t)
		t.Members["lastMessage"] = text
		return nil
	})
	if err != nil {
		return t, err
	}
	return t, put(d.messages, m.ID, m)
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
		t, err = d.say(t, d.newMessage(t, d.now()).spoken(agent, c.Document.Text("/message")))
	}
	if err != nil {
		return d.unchanged(c, err, "ticket")
	}
	return success([]Members{d.bare(t)})
}

// offline: 3D-R-62.
func (d *dolphins) offline(t *Ticket) {
	if t.Members.text("channelType") != liveChat || t.Members.is("online") || d.stage.Reading("3D-R-62") == "never" {
		return
	}
	t.Members["errorCode"], t.Members["errorShown"] = "WC-Driver Exception", false
	t.Members["errorMessage"] = "User is no longer online we’ll keep this message to his/her inbox"
}
