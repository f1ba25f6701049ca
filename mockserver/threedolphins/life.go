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

// assign gives a ticket to an agent. Assumed: a rule routes it then, and it has a
// supervisor from then on, as all samples of tickets that were ever assigned have.
func (d *dolphins) assign(t *Ticket, agent string, at int64) {
	t.Members["assignedAgent"], t.Members["assignedDate"] = agent, at
	t.Members.add("ruleId", KnownRule)
	t.Members.add("supervisor", d.knownOr(KnownSupervisor))
	t.enter(assigned)
	t.changed(agent, at)
}

// handedOn forgets that a ticket was transferred before, when it gets to somebody
// else. The texts stay, as in the samples.
func (d *dolphins) handedOn(t *Ticket) {
	t.Members.without("reassigned", "transfered", "transferedTo")
	d.forget(t, "transfered")
}

// reply notes an answer to the customer. Assumed: the first one opens a ticket,
// and the ticket then waits for the customer, which is Pending; who answers a
// ticket that nobody has, has it. A closed ticket stays closed: 3D-R-32.
func (d *dolphins) reply(t *Ticket, agent string, at int64) {
	defer t.changed(agent, at)
	t.Members["greetingStatus"] = true
	if t.Members.text("channelType") == liveChat { // as the samples of answered ones have it
		t.Members.without("transactionId", "markRead")
		t.Members.add("document", noItems)
		t.Members.add("mention", false)
		t.Members.add("post", false)
	}
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
		if _, given := t.Members["transfered"]; given {
			t.Members["transferedTo"] = agent
		}
		d.assign(t, agent, at)
	}
	if t.status() != open && t.status() != pending {
		t.Members["openDate"] = at
	}
	t.Members["pendingDate"] = at
	t.enter(pending)
}

// written notes that the customer wrote: who waited for that is at work again.
func (d *dolphins) written(t *Ticket, at int64) {
	t.Written = max(t.Written, at)
	if t.status() == pending {
		t.enter(open)
		t.Members["openDate"] = at
		delete(t.Members, "pendingDate")
	}
	t.changed(system, at)
}

// reopen takes back that a ticket was closed.
func (t *Ticket) reopen() {
	t.Members.without("closedBy", "closedDate", "closureType", "withinSla", "remark")
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
	t.Members.add("remark", "")
	if seconds, ok := t.Members.between("assignedDate", "closedDate"); ok && t.Members["transferedFrom"] != nil {
		t.Members["transferInterval"] = seconds // two of three samples agree
	}
	t.Members["withinSla"] = (at-t.Members.moment("createdDate"))/1000 <= within(t.Members.text("severity"))
	t.Members["incoming"], t.Members["notified"] = false, true
	t.leave(at)
	t.changed(by, at)
}

// leave takes the customer of a live chat offline. Assumed: that happens when the
// chat is closed, as in the samples.
func (t *Ticket) leave(at int64) {
	if t.Members.text("channelType") != liveChat || !t.Members.is("online") {
		return
	}
	t.Members["online"], t.Members["offlineDate"] = false, at
	if seconds, ok := t.Members.between("onlineDate", "offlineDate"); ok {
		t.Members["onlineDuration"] = seconds
	}
}

// comeBack notes that the customer of a live chat is online again.
func (t *Ticket) comeBack(at int64) {
	if t.Members.text("channelType") == liveChat && !t.Members.is("online") {
		t.Members["online"], t.Members["onlineDate"] = true, at
	}
}
