package threedolphins

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/mockserver"
)

// channel names the mock's channel of a third party's event: the one to which the
// ticket's events went.
func (d *dolphins) channel(c *mockserver.Call) string {
	if c.Operation == nil || c.Operation.ID != "outgoing" && c.Operation.ID != "command" {
		return ""
	}
	t, err := d.tickets.Get(c.Document.Peek("/ticketNumber"))
	if err != nil {
		return ""
	}
	return t.Partner
}

// taken answers an event of a ticket that was taken. A channel or owner that is
// not the ticket's is 3D-R-20.
func (d *dolphins) taken(c *mockserver.Call, t Ticket) mockserver.Reply {
	reply := mockserver.Reply{Status: http.StatusOK, Body: d.done}
	if d.stage.Reading("3D-R-20") != "as-received" {
		return reply
	}
	for _, one := range [...]struct{ pointer, expected string }{{"/channel", t.Members.text("channelType")}, {"/owner", t.Members.text("owner")}} {
		if c.Document.Says(one.pointer, one.expected) {
			continue
		}
		if given, there := c.Document.Lookup(one.pointer); there {
			reply.Doubt = fmt.Sprintf("%s is %q, and that of the ticket's Incoming Event is %q", one.pointer[1:], given, one.expected)
		}
	}
	return reply
}

// outgoing appends a third party's message to the conversation of a ticket. The
// third party is a bot to 3Dolphins. Assumed: that is how a reply that no agent
// wrote is shown.
func (d *dolphins) outgoing(c *mockserver.Call) mockserver.Reply {
	t, err := d.tickets.Get(c.Document.Peek("/ticketNumber"))
	if err != nil {
		return d.notFound(c, "ticket")
	}
	text, at, once := c.Document.Text("/message"), d.now(), d.stage.Reading("3D-R-12") == "same-body-is-a-repeat"
	m, drafted := Message{}, false
	if !once {
		m, drafted = d.draftTo(t, text, at)
	}
	if !drafted {
		m = d.answerTo(t, bot, text, at)
	}
	m.Type, m.Media = c.Document.Text("/messageType"), c.Document.Text("/mediaLink")
	if once {
		m.ID = d.idOf("outgoing", t.Number, bodyOf(c))
		m.Members["id"] = m.ID
		err = d.claim(m)
	}
	if errors.Is(err, errRepeated) {
		return d.taken(c, t)
	}
	if err == nil {
		_, err = d.say(t, m, bot, text, at)
	}
	if err != nil {
		_ = d.messages.Delete(m.ID) // it may not be there
		return d.unchanged(c, err, "ticket")
	}
	return d.taken(c, t)
}

// bodyOf tells the body of a call from others, however it is spaced.
func bodyOf(c *mockserver.Call) string {
	data, err := json.Marshal(c.Document.Value())
	if err != nil { // decoded JSON can be written
		return string(c.Body)
	}
	return string(data)
}

var errRepeated = errors.New("this message was sent before")

// claim stores a message that must not be there yet, in one step, so that of two
// copies at once only one is new: 3D-R-12.
func (d *dolphins) claim(m Message) error {
	_, err := d.messages.Upsert(m.ID, func(stored *Message) error {
		if stored.ID != "" {
			return errRepeated
		}
		*stored = m
		return nil
	})
	return err
}

// command changes the status of a ticket: 3D-R-27.
func (d *dolphins) command(c *mockserver.Call) mockserver.Reply {
	number, event, reading := c.Document.Text("/ticketNumber"), c.Document.Text("/event"), d.stage.Reading("3D-R-27")
	t, err := d.tickets.Get(number)
	if err != nil {
		return d.notFound(c, "ticket")
	}
	if event != "Close" && !(reading == "any-case" && strings.EqualFold(event, "Close")) {
		if reading == "exact" || reading == "any-case" {
			return *d.cannot(c, http.StatusBadRequest, "Unknown event")
		}
		return d.taken(c, t)
	}
	at := d.now()
	_, err = d.tickets.Update(number, func(t *Ticket) error {
		if t.status() == closed {
			return d.closedAlready()
		}
		t.own()
		d.end(t, bot, "Resolved", at)
		return nil
	})
	if err != nil {
		return d.unchanged(c, err, "ticket")
	}
	return d.taken(c, t)
}
