package threedolphins

import (
	"errors"
	"fmt"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// events says what 3Dolphins puts into an Incoming Event, and what it remembers
// of it.
func (d *dolphins) events() map[string]mockserver.Event {
	return map[string]mockserver.Event{"incoming": {Complete: d.completeIncoming, Record: d.recordIncoming}}
}

// customer is who writes, and where.
type customer struct {
	channel ServiceChannel
	account string
	ticket  Ticket // without a number when a new one is begun
	contact Contact
	name    string
	tickets int // how many they have there
}

// completeIncoming fills in ticket, customer and dates. A customer who is named by
// accountId, or else by ticketNumber, writes in the newest ticket of theirs;
// without either it is the customer of the sample.
func (d *dolphins) completeIncoming(s *mockserver.Sending) error {
	who := d.writing(s)
	number := who.ticket.Number
	if number == "" {
		number = d.idOf("ticket", who.channel.Type, who.account, fmt.Sprint(who.tickets))
	}
	at := d.now()
	if created := who.ticket.Members.moment("createdDate"); created != 0 && d.stage.Reading("3D-R-25") != "message" {
		at = created
	}
	contact := who.contact.ID
	if contact == "" {
		contact = d.idOf("contact", who.channel.Type, who.account)
	}
	for _, fill := range []struct{ name, value string }{
		{"ticketNumber", number}, {"channel", who.channel.Type}, {"accountId", who.account}, {"contactId", contact},
		{"customerName", who.name}, {"owner", KnownOwner}, {"createdDate", d.local(at).Format("2006-01-02T15:04:05.000")},
	} {
		s.Fill(fill.name, fill.value)
	}
	d.place(s)
	return nil
}

// given returns a text that the caller chose, or "".
func given(s *mockserver.Sending, name string) string {
	if s.Given(name) {
		return s.Text(name)
	}
	return ""
}

// writing finds who writes.
func (d *dolphins) writing(s *mockserver.Sending) customer {
	account, kind := given(s, "accountId"), given(s, "channel")
	t, err := d.ticketOf(given(s, "ticketNumber"))
	if err != nil {
		t = Ticket{}
	}
	if err == nil && account == "" {
		account = t.Members.text("accountId")
	}
	if account == "" {
		account = KnownAccount
	}
	list := d.ticketsThat("asc", func(t Ticket) bool {
		return t.Members.text("accountId") == account && (kind == "" || strings.EqualFold(kind, t.Members.text("channelType")))
	})
	if len(list) > 0 && kind == "" {
		kind = list[len(list)-1].Members.text("channelType")
	}
	who := customer{channel: d.channelOf(kind), account: account, ticket: t, name: account}
	// Counted in the list that was searched: others may store tickets meanwhile,
	// and two who find none must agree on the number of the first.
	for _, t := range list {
		if t.Members.text("channelType") == who.channel.Type {
			who.tickets++
		}
	}
	if len(list) > 0 {
		last := list[len(list)-1]
		who.name = last.Members.text("accountName")
		who.contact, _ = d.contacts.Get(last.Members.text("contactId"))
		if t.Number == "" && (last.status() != closed || d.stage.Reading("3D-R-33") == "reopened") {
			who.ticket = last
		}
	}
	return who
}

// channelOf returns the channel of a type, or a new one that need not be stored.
func (d *dolphins) channelOf(kind string) ServiceChannel {
	for _, c := range store.All(d.channels) {
		if strings.EqualFold(c.Type, kind) || kind == "" {
			return c
		}
	}
	return ServiceChannel{ID: d.idOf("channel", kind), Key: kind, Type: kind, Name: kind}
}

// place writes a location where 3D-R-23 has it.
func (d *dolphins) place(s *mockserver.Sending) {
	latitude, longitude, ok := strings.Cut(s.Text("message"), ",")
	if s.Text("messageType") != "Location" || !ok {
		return
	}
	switch d.stage.Reading("3D-R-23") {
	case "in-message-type":
		s.Fill("messageType", "Location ("+latitude+","+longitude+")")
		s.Fill("message", "")
	case "json-in-message":
		s.Fill("message", `{"latitude":`+latitude+`,"longitude":`+longitude+`}`)
	}
}

var errNoNumber = errors.New("an Incoming Event without ticketNumber can't be remembered; give one, or leave it to the mock")

// recordIncoming stores a customer's message, in a new ticket if there is none of
// its number.
func (d *dolphins) recordIncoming(s mockserver.Sending) error {
	number, text, at := s.Text("ticketNumber"), s.Text("message"), d.now()
	if number == "" {
		return errNoNumber
	}
	channel := d.channelOf(s.Text("channel"))
	if err := store.Put(d.channels, channel.ID, channel); err != nil {
		return err
	}
	contact, err := d.contactOf(account{channel, s.Text("accountId"), s.Text("customerName")}, s.Text("contactId"), at)
	if err != nil {
		return err
	}
	begun := d.newTicket(number, channel, s.Text("accountId"), contact, text, at)
	begun.Members["accountName"], begun.Members["owner"] = s.Text("customerName"), s.Text("owner")
	isNew := false
	t, err := d.tickets.Upsert(number, func(t *Ticket) error {
		if isNew = t.Number == ""; isNew {
			*t = begun
		} else {
			t.own()
			d.again(t, at)
			t.Members["lastMessage"] = text
		}
		t.Partner = s.Channel
		return nil
	})
	if err != nil {
		return err
	}
	m := d.newMessage(t, at)
	m.Type, m.Media, m.Members["message"] = s.Text("messageType"), s.Text("mediaLink"), text
	if isNew {
		d.opening(&m, t)
	}
	return store.Put(d.messages, m.ID, m)
}

// again notes that the customer of a ticket wrote once more: 3D-R-33.
func (d *dolphins) again(t *Ticket, at int64) {
	if t.status() == closed && d.stage.Reading("3D-R-33") == "reopened" {
		t.reopen()
		t.Members["unassignedDate"] = at
		delete(t.Members, "assignedAgent")
		d.forget(t, "assigned")
		t.enter(unassigned)
	}
	t.comeBack(at)
	d.written(t, at)
}
