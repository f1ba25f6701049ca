package threedolphins

import (
	"encoding/json"
	"errors"
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
	t, err := d.tickets.Get(c.Document.Text("/ticketNumber"))
	if err != nil {
		return ""
	}
	return t.Partner
}

// taken answers an event that was taken.
func taken() mockserver.Reply {
	return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"status": "success"}}
}

// outgoing appends a third party's message to the conversation of a ticket. The
// third party is a bot to 3Dolphins. Assumed: that is how a reply that no agent
// wrote is shown.
func (d *dolphins) outgoing(c *mockserver.Call) mockserver.Reply {
	t, err := d.tickets.Get(c.Document.Text("/ticketNumber"))
	if err != nil {
		return d.notFound(c, "ticket")
	}
	m := d.newMessage(t, d.now()).spoken(bot, c.Document.Text("/message"))
	m.Type, m.Media = c.Document.Text("/messageType"), c.Document.Text("/mediaLink")
	if d.stage.Reading("3D-R-12") == "same-body-is-a-repeat" {
		m.ID = d.idOf("outgoing", t.Number, bodyOf(c))
	}
	if err = d.claim(m); errors.Is(err, errRepeated) {
		return taken()
	}
	if err == nil {
		_, err = d.say(t, m)
	}
	if err != nil {
		_ = d.messages.Delete(m.ID) // it may not be there
		return d.unchanged(c, err, "ticket")
	}
	return taken()
}

// bodyOf tells the body of a call from others, however it is spaced.
func bodyOf(c *mockserver.Call) string {
	data, err := json.Marshal(c.Document.Value)
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
	if _, err := d.tickets.Get(number); err != nil {
		return d.notFound(c, "ticket")
	}
	if event != "Close" && !(reading == "any-case" && strings.EqualFold(event, "Close")) {
		if reading == "unknown-ignored" {
			return taken()
		}
		return *d.cannot(c, http.StatusBadRequest, "Unknown event")
	}
	at := d.now()
	_, err := d.tickets.Update(number, func(t *Ticket) error {
		if t.status() == closed {
			return d.closedAlready()
		}
		d.end(t, bot, "Resolved", at)
		return nil
	})
	if err != nil {
		return d.unchanged(c, err, "ticket")
	}
	return taken()
}
