package threedolphins

import (
	"encoding/json"
	"errors"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// updatable are the members that an update may change, by the type that the
// samples show: 3D-R-63.
var updatable = map[string]func(any) (any, bool){
	"accountName": aText, "accountScreen": aText, "correlationId": aText, "fromGroup": aText, "group": aText, "message": aText,
	"profileLink": aText, "remark": aText, "replyAgent": aText, "replyCc": aText, "ruleId": aText, "severity": aText,
	"subject": aText, "supervisor": aText, "toGroup": aText,
	"greetingStatus": aFlag, "guest": aFlag, "ignoreMaxAssignment": aFlag, "markRead": aFlag, "mention": aFlag, "notified": aFlag,
	"online": aFlag, "post": aFlag, "priority": aFlag, "redistribute": aFlag, "subjectChanged": aFlag,
	"followerCount": aNumber, "friendCount": aNumber,
	"document": texts, "ticketTags": texts,
}

func aText(value any) (any, bool) { text, ok := value.(string); return text, ok }

func aFlag(value any) (any, bool) { flag, ok := value.(bool); return flag, ok }

func aNumber(value any) (any, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return nil, false
	}
	n, err := number.Int64()
	return n, err == nil
}

func texts(value any) (any, bool) {
	items, ok := value.([]any)
	for _, item := range items {
		if _, isText := item.(string); !isText {
			return nil, false
		}
	}
	return items, ok
}

// update puts the members of a body in the place of those that there are: 3D-R-63.
func (d *dolphins) update(c *mockserver.Call, into Members, at int64) error {
	body, _ := c.Document.Value().(map[string]any)
	printedOnly := d.stage.Reading("3D-R-63") == "printed-only"
	for name, value := range body {
		read, ok := updatable[name]
		if !ok || printedOnly && name != "replyAgent" {
			continue
		}
		if into[name], ok = read(value); !ok {
			return errBody
		}
	}
	if agent, given := body["replyAgent"].(string); given {
		if err := d.known(agent); err != nil {
			return err
		}
	}
	into["modifiedBy"], into["modifiedDate"] = d.user(c), at
	return nil
}

// updateTicket updates the ticket that the body names.
func (d *dolphins) updateTicket(c *mockserver.Call) mockserver.Reply {
	return d.change(c, c.Document.Text("/ticketNumber"), d.ticket, func(t *Ticket, at int64) error {
		return d.update(c, t.Members, at)
	})
}

// updateTicketByNumber updates the ticket that the path names.
func (d *dolphins) updateTicketByNumber(c *mockserver.Call) mockserver.Reply {
	return d.updatePartly(c, c.Params["ticketNumber"])
}

func (d *dolphins) updatePartly(c *mockserver.Call, number string) mockserver.Reply {
	return d.change(c, number, d.partly, func(t *Ticket, at int64) error { return d.update(c, t.Members, at) })
}

// updateTicketByID updates a ticket or a message: 3D-R-64.
func (d *dolphins) updateTicketByID(c *mockserver.Call) mockserver.Reply {
	id, reading := c.Params["ticketNumber"], d.stage.Reading("3D-R-64")
	if reading == "number-only" {
		return d.updatePartly(c, id)
	}
	for _, t := range store.All(d.tickets) {
		if t.Members.text("id") == id {
			return d.updatePartly(c, t.Number)
		}
	}
	at := d.now()
	m, err := d.messages.Update(id, func(m *Message) error {
		m.own()
		return d.update(c, m.Members, at)
	})
	if err == nil {
		if err = d.severityOf(m, c.Document.Text("/severity")); err == nil {
			return success(d.partlyTold(m))
		}
	}
	if !errors.Is(err, store.ErrNotFound) || reading == "id-only" {
		return d.unchanged(c, err, "ticket or message")
	}
	return d.updatePartly(c, id)
}

// severityOf gives a ticket the severity that its opening message was given: the
// message has the ticket's.
func (d *dolphins) severityOf(m Message, severity string) error {
	if severity == "" || m.Members["parent"] != int64(1) || m.Members["severity"] != severity {
		return nil
	}
	_, err := d.tickets.Update(m.Ticket, func(t *Ticket) error {
		t.own()
		t.Members["severity"] = severity
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // forgotten, while its messages are not yet
	}
	return err
}
