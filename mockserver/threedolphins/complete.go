package threedolphins

import (
	"cmp"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
)

// complete gives what a user gave the members that it lacks, and finds what it
// can't be. Nothing is stored.
func (d *dolphins) complete(g *addition) error {
	for i, a := range g.agents {
		if a.ID == "" || a.Name == "" {
			return wrong("agents", i, "", "an agent has an id and a name")
		}
	}
	for i := range g.channels {
		c := &g.channels[i]
		if c.ID == "" || c.Type == "" {
			return wrong("channels", i, "", "a channel has an id and a type, such as whatsapp")
		}
		c.Key, c.Name = cmp.Or(c.Key, c.ID), cmp.Or(c.Name, c.Type)
	}
	for i, f := range g.files {
		if f.ID == "" {
			return wrong("files", i, "", "a file has an id")
		}
	}
	for i := range g.contacts {
		if err := d.completeContact(g, i); err != nil {
			return err
		}
	}
	for i := range g.tickets {
		if err := d.completeTicket(g, i); err != nil {
			return err
		}
	}
	for i := range g.messages {
		if err := d.completeMessage(g, i); err != nil {
			return err
		}
	}
	return nil
}

func (d *dolphins) completeContact(g *addition, i int) error {
	c := &g.contacts[i]
	if c.ID == "" {
		return wrong("contacts", i, "", "a contact has an id")
	}
	whole := person(c.ID, "", d.now())
	whole["additionalFieldValueAsMap"], whole["haveAnySocialAccounts"] = map[string]any{}, false
	own := c.Members
	c.Members = onto(whole, own)
	c.Members["id"] = c.ID
	return d.judged("contacts", i, "parts/contact", d.contact(*c), own)
}

// completeTicket makes a ticket go through its life as far as its status.
func (d *dolphins) completeTicket(g *addition, i int) error {
	t := &g.tickets[i]
	if t.Number == "" {
		return wrong("tickets", i, "", "a ticket has a number")
	}
	own := plainMembers(t.Members)
	account := own.text("accountId")
	if account == "" {
		return wrong("tickets", i, "/members", "a ticket has an accountId: the customer's on the channel")
	}
	channel, err := d.channelGiven(g, i, own)
	if err != nil {
		return err
	}
	contact, err := d.contactGiven(g, i, channel, own)
	if err != nil {
		return err
	}
	status, agent := cmp.Or(own.text("status"), unassigned), own.text("assignedAgent")
	if !slices.Contains([]string{unassigned, assigned, open, pending, closed}, status) {
		return wrong("tickets", i, "/members/status", "%q is no status of a ticket; there are Unassigned, Assigned, Open, Pending and Closed", status)
	}
	if agent == "" {
		agent = bot
	} else if !isKnown(d.agents, g.agents, agent, g.replace, func(a Agent) string { return a.ID }) && agent != bot {
		return wrong("tickets", i, "/members/assignedAgent", "there is no agent %q; add one as well", agent)
	}
	at := d.now()
	if created := own.moment("createdDate"); created != 0 {
		at = created
	}
	whole := d.newTicket(t.Number, channel, account, contact, own.text("message"), at)
	whole.Members["severity"] = cmp.Or(own.text("severity"), "Not Set")
	whole.Members["priority"] = own.is("priority")
	d.lived(&whole, status, agent, max(at, own.moment("closedDate")))
	whole.Partner, whole.Written = t.Partner, cmp.Or(t.Written, whole.Written)
	if s := whole.Members.text("supervisor"); s != "" && len(g.agents) > 0 && !isKnown(d.agents, g.agents, s, g.replace, func(a Agent) string { return a.ID }) {
		whole.Members["supervisor"] = g.agents[0].ID
	}
	if isWhole(own) {
		whole.Members = Members{}
	}
	whole.Members = onto(whole.Members, own)
	whole.Members["status"], whole.Members["ticketNumber"], whole.Members["timelineStatus"] = status, t.Number, status
	*t = whole
	return d.judged("tickets", i, "parts/ticket", d.dated(whole), own)
}

// isWhole reports whether members are all that every ticket has, as those that State
// shows: then it is known what they lack, too.
func isWhole(own Members) bool {
	for name := range record("", 0, nil) {
		if own[name] == nil {
			return false
		}
	}
	return own["status"] != nil
}

// lived takes a fresh ticket to a status.
func (d *dolphins) lived(t *Ticket, status, agent string, at int64) {
	if status == unassigned {
		return
	}
	d.assign(t, agent, at)
	if status == assigned {
		return
	}
	d.reply(t, agent, at)
	switch status {
	case open:
		d.written(t, at)
	case closed:
		d.end(t, agent, "Resolved", at)
	}
}

// channelGiven is the channel that a ticket names by its ID or its type; the first
// one when it names none.
func (d *dolphins) channelGiven(g *addition, i int, own Members) (ServiceChannel, error) {
	list := slices.Clone(g.channels)
	if !g.replace || g.channels == nil {
		list = append(list, store.All(d.channels)...)
	}
	id, kind := own.text("channel"), own.text("channelType")
	for _, c := range list {
		if c.ID == id || id == "" && (kind == "" || strings.EqualFold(c.Type, kind)) {
			return c, nil
		}
	}
	if id != "" {
		return ServiceChannel{}, wrong("tickets", i, "/members/channel", "there is no channel %q; add it as well, or name its channelType", id)
	}
	return ServiceChannel{}, wrong("tickets", i, "/members/channelType", "there is no channel of type %q; add one as well", kind)
}

// contactGiven is the contact that a ticket names, or a new one of its account,
// which is then given too.
func (d *dolphins) contactGiven(g *addition, i int, channel ServiceChannel, own Members) (Contact, error) {
	id := own.text("contactId")
	named := id != ""
	if !named {
		id = d.idOf("contact", channel.Type, own.text("accountId"))
	}
	for _, c := range slices.Concat(g.contacts, g.made) {
		if c.ID == id {
			return c, nil
		}
	}
	if c, err := d.contacts.Get(id); err == nil && (!g.replace || g.contacts == nil) {
		return c, nil
	}
	if named {
		return Contact{}, wrong("tickets", i, "/members/contactId", "there is no contact %q; add it as well", id)
	}
	name := cmp.Or(own.text("accountName"), own.text("accountId"))
	c := d.newContact(id, account{channel, own.text("accountId"), name}, d.now())
	g.made = append(g.made, c)
	return c, nil
}

func (d *dolphins) completeMessage(g *addition, i int) error {
	m := &g.messages[i]
	var of Ticket
	if at := slices.IndexFunc(g.tickets, func(t Ticket) bool { return t.Number == m.Ticket }); at >= 0 {
		of = g.tickets[at]
	} else if t, err := d.ticketOf(m.Ticket); err == nil && (!g.replace || g.tickets == nil) {
		of = t
	} else {
		return wrong("messages", i, "/ticket", "there is no ticket %q; add it as well", m.Ticket)
	}
	own := plainMembers(m.Members)
	at := of.Members.moment("createdDate")
	if created := own.moment("createdDate"); created != 0 {
		at = created
	}
	whole := d.newMessage(of, at)
	whole.ID, whole.Type, whole.Media = cmp.Or(m.ID, whole.ID), cmp.Or(m.Type, "text"), m.Media
	whole.Outcome = m.Outcome
	whole.Members = onto(whole.Members, own)
	whole.Members["id"], whole.Members["ticketNumber"] = whole.ID, of.Number
	*m = whole
	return d.judged("messages", i, "parts/conversationMessage", d.message(whole), own)
}

// judged finds what the contract does not allow in an element as it will be shown;
// in a member that was given before one that follows from it.
func (d *dolphins) judged(list string, i int, payload string, shown, own Members) error {
	findings, err := d.stage.Judge(payload, shown)
	if err != nil {
		return wrong(list, i, "", "%w", err)
	}
	findings = slices.DeleteFunc(findings, func(f traffic.Finding) bool { return !f.Severity.AtLeast(traffic.Error) })
	if len(findings) == 0 {
		return nil
	}
	isOwn := func(f traffic.Finding) bool {
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		_, there := own[name]
		return there
	}
	f := findings[max(0, slices.IndexFunc(findings, isOwn))]
	return wrong(list, i, "/members"+f.Pointer, "expected %s, got %s", f.Expected, f.Actual)
}

// isKnown reports whether an ID is among those given, or those that stay.
func isKnown[T any](stored store.Collection[T], list []T, id string, replace bool, idOf func(T) string) bool {
	if slices.ContainsFunc(list, func(one T) bool { return idOf(one) == id }) {
		return true
	}
	_, err := stored.Get(id)
	return err == nil && (!replace || list == nil)
}
