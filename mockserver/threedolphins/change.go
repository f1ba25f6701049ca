package threedolphins

import (
	"errors"
	"net/http"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// What keeps a ticket from being changed.
var (
	errNobody = errors.New("agent") // 3D-R-67
	errClosed = errors.New("open ticket")
	errBody   = errors.New("a member has a wrong type")
)

// change changes a ticket in one step and answers with it. Shown says how.
func (d *dolphins) change(c *mockserver.Call, number string, shown func(Ticket) Members, how func(*Ticket, int64) error) mockserver.Reply {
	at := d.now()
	t, err := d.tickets.Update(number, func(t *Ticket) error { t.own(); return how(t, at) })
	if err != nil {
		return d.unchanged(c, err, "ticket")
	}
	return success(shown(t))
}

// unchanged answers a call that changed nothing.
func (d *dolphins) unchanged(c *mockserver.Call, err error, what string) mockserver.Reply {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return d.notFound(c, what)
	case errors.Is(err, errNobody), errors.Is(err, errClosed):
		return d.notFound(c, err.Error())
	case errors.Is(err, errBody):
		return *d.cannot(c, http.StatusBadRequest, err.Error())
	}
	return d.failure(c, err)
}

// known reports whether an agent may be named: 3D-R-67.
func (d *dolphins) known(agent string) error {
	if agent == bot || d.stage.Reading("3D-R-67") == "accepted" {
		return nil
	}
	if _, err := d.agents.Get(agent); err != nil {
		return errNobody
	}
	return nil
}

// reassignTicket gives a ticket to the agent of the body.
func (d *dolphins) reassignTicket(c *mockserver.Call) mockserver.Reply {
	agent := c.Document.Text("/teamMember/id")
	return d.change(c, c.Document.Text("/ticketNumber"), d.ticket, func(t *Ticket, at int64) error {
		if err := d.known(agent); err != nil {
			return err
		}
		d.handedOn(t)
		t.Members["unassignedDate"] = at
		d.assign(t, agent, at)
		t.changed(d.user(c), at)
		return nil
	})
}

// transferTicket takes a ticket from its agent: 3D-R-68.
func (d *dolphins) transferTicket(c *mockserver.Call) mockserver.Reply {
	return d.change(c, c.Document.Text("/ticketNumber"), d.transferring, func(t *Ticket, at int64) error {
		d.release(t, d.user(c), at)
		if group := c.Document.Text("/toGroup"); group != "" {
			t.Members["toGroup"], t.Members["group"] = group, group
		}
		return nil
	})
}

// forget takes a moment from a ticket. Its text stays, as in the samples.
func (d *dolphins) forget(t *Ticket, name string) {
	if at := t.Members.moment(name + "Date"); at != 0 {
		t.Members[name+"DateText"] = d.minute(at)
		delete(t.Members, name+"Date")
	}
}

// release takes a ticket from whoever has it.
func (d *dolphins) release(t *Ticket, by string, at int64) {
	t.Members["transferedFrom"] = bot
	if agent := t.Members.text("assignedAgent"); agent != "" {
		t.Members["transferedFrom"] = agent
	}
	if seconds, ok := t.Members.between("unassignedDate", "assignedDate"); ok {
		t.Members["unassignDuration"] = seconds // it stays, as in the sample of a ticket that was transferred
	}
	delete(t.Members, "assignedAgent")
	d.forget(t, "assigned")
	t.Members["unassignedDate"] = at
	t.enter(unassigned)
	t.changed(by, at)
}

// transferTicketToAgent: 3D-R-69 and 3D-R-70.
func (d *dolphins) transferTicketToAgent(c *mockserver.Call) mockserver.Reply {
	agent := c.Document.Text("/teamMember/id")
	return d.change(c, c.Document.Text("/ticketNumber"), d.transferred, func(t *Ticket, at int64) error {
		if agent != "" {
			if err := d.known(agent); err != nil {
				return err
			}
		}
		by := d.user(c)
		d.release(t, by, at)
		t.Members["reassigned"], t.Members["reassignedText"] = true, "true"
		t.Members["transfered"], t.Members["transferedText"] = false, "false"
		t.Members["transferedDate"], t.Members["group"] = at, bot
		if agent != "" && d.stage.Reading("3D-R-70") == "assigned" {
			d.assign(t, agent, at)
			t.Members["transferedTo"] = agent
			t.changed(by, at)
		}
		return nil
	})
}

// escalateTicket gives a ticket to a supervisor: 3D-R-73.
func (d *dolphins) escalateTicket(c *mockserver.Call) mockserver.Reply {
	supervisor := c.Document.Text("/supervisorId")
	return d.change(c, c.Document.Text("/ticketNumber"), d.ticket, func(t *Ticket, at int64) error {
		if err := d.known(supervisor); err != nil {
			return err
		}
		if t.status() == closed && d.stage.Reading("3D-R-73") == "refused" {
			return errClosed
		}
		by := d.user(c)
		d.handedOn(t)
		delete(t.Members, "transferedFrom")
		t.Members["incoming"], t.Members["notified"] = true, false
		t.Members["escalated"], t.Members["escalatedDate"] = true, at
		t.Members["escalatedFrom"], t.Members["escalatedTo"] = by, supervisor
		if agent := t.Members.text("assignedAgent"); agent != "" {
			t.Members["escalatedFrom"] = agent
		}
		t.Members["supervisor"], t.Members["unassignedDate"] = supervisor, at
		d.forget(t, "open")
		d.forget(t, "pending")
		d.assign(t, supervisor, at)
		t.changed(by, at)
		return nil
	})
}

// closeTicket: 3D-R-71, 3D-R-72 and, for one that is closed, 3D-R-32.
func (d *dolphins) closeTicket(c *mockserver.Call) mockserver.Reply {
	return d.change(c, c.Document.Text("/ticketNumber"), d.ended, func(t *Ticket, at int64) error {
		if t.status() == closed {
			return d.closedAlready()
		}
		kind := "Resolved"
		if d.stage.Reading("3D-R-72") == "taken" {
			if given := c.Document.Text("/closureType"); given != "" {
				kind = given
			}
			if remark := c.Document.Text("/remark"); remark != "" {
				t.Members["remark"] = remark
			}
		}
		d.end(t, d.user(c), kind, at)
		return nil
	})
}

// closedAlready: 3D-R-32.
func (d *dolphins) closedAlready() error {
	if d.stage.Reading("3D-R-32") == "refused" {
		return errClosed
	}
	return nil
}
