package threedolphins

// The statuses of a ticket, from its beginning to its end.
const (
	unassigned = "Unassigned"
	assigned   = "Assigned"
	open       = "Open"
	pending    = "Pending"
	closed     = "Closed"
)

func (t *Ticket) enter(status string) {
	t.Members["status"], t.Members["timelineStatus"] = status, status
}

func (t Ticket) status() string { return t.Members.text("status") }

// changed notes who changed a ticket, and when.
func (t *Ticket) changed(by string, at int64) {
	t.Members["modifiedBy"], t.Members["modifiedDate"] = by, at
}

// assign gives a ticket to an agent.
func assign(t *Ticket, agent string, at int64) {
	t.Members["assignedAgent"], t.Members["assignedDate"] = agent, at
	t.enter(assigned)
	t.changed(agent, at)
}

// reply notes an answer to the customer. Assumed: the first one opens a ticket,
// and the ticket then waits for the customer, which is Pending; who answers a
// ticket that nobody has, has it. A closed ticket stays closed: 3D-R-32.
func (d *dolphins) reply(t *Ticket, agent string, at int64) {
	defer t.changed(agent, at)
	t.Members["replyAgent"], t.Members["greetingStatus"] = agent, true
	if _, ok := t.Members["responseTime"]; !ok { // 3D-R-80
		t.Members["responseTime"] = (at - t.Members.moment("createdDate")) / 1000
	}
	if t.status() == closed {
		if d.stage.Reading("3D-R-32") != "reopened" {
			return
		}
		t.reopen()
	}
	if t.Members.moment("assignedDate") == 0 {
		assign(t, agent, at)
	}
	if t.status() != open && t.status() != pending {
		t.Members["openDate"] = at
	}
	t.Members["pendingDate"] = at
	t.enter(pending)
}

// written notes that the customer wrote: who waited for that is at work again.
func (d *dolphins) written(t *Ticket, at int64) {
	if t.status() == pending {
		t.enter(open)
		t.Members["openDate"] = at
		delete(t.Members, "pendingDate")
	}
	t.changed(system, at)
}

// reopen takes back that a ticket was closed.
func (t *Ticket) reopen() {
	for _, name := range []string{"closedBy", "closedDate", "closureType", "withinSla"} {
		delete(t.Members, name)
	}
	t.Members["incoming"], t.Members["notified"] = true, false
}

// within are the seconds in which a ticket should be closed. Assumed: the samples
// agree with these, no page names any.
func within(severity string) int64 {
	switch severity {
	case "High":
		return 60
	case "Medium":
		return 600
	}
	return 3600
}

// end closes a ticket with the members that the closed samples show.
func (d *dolphins) end(t *Ticket, by, closureType string, at int64) {
	t.enter(closed)
	t.Members["closedBy"], t.Members["closedDate"] = by, at
	t.Members["closureType"] = closureType
	t.Members["withinSla"] = (at-t.Members.moment("createdDate"))/1000 <= within(t.Members.text("severity"))
	t.Members["incoming"], t.Members["notified"] = false, true
	if t.Members.text("channelType") == liveChat {
		t.Members["online"] = false
	}
	t.changed(by, at)
}
