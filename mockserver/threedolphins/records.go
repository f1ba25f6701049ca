package threedolphins

import (
	"maps"
	"strings"

	"github.com/parleykit/parley/mockserver"
)

var integration = mockserver.Channel{ID: IntegrationChannel, Name: "Third-party integration"}

// liveChat is the type of channels on which a customer is online or not.
const liveChat = "webchat"

// theSalt is the ID of the one salt.
const theSalt = "ids"

// idOf makes an ID that follows from what it names, so that the same is made
// whether or not it was made before.
func (d *dolphins) idOf(parts ...string) string {
	salt, _ := d.salts.Get(theSalt) // it is put there at the start, and memory does not fail
	return digest(salt + "\n" + strings.Join(parts, "\n"))[:32]
}

// record are the members that tickets and messages have in common. What says who the
// customer is and where they wrote is taken as it is kept, so that a message shares it
// with its ticket: to make each value anew was a fifth of the allocations of an Outgoing
// Event.
func record(id string, at int64, customer Members) Members {
	moment, account, name := any(at), customer.kept("accountId"), customer.kept("accountName")
	return Members{
		"id": id, "owner": KnownOwner, "createdDate": moment, "createdBy": system, "modifiedDate": moment, "modifiedBy": system,
		"accountId": account, "accountName": name, "accountScreen": name, "answer": false,
		"channel": customer.kept("channel"), "channelKey": customer.kept("channelKey"),
		"channelType": customer.kept("channelType"), "channelName": customer.kept("channelName"),
		"friendlyId": account, "severity": "Not Set", "parent": int64(0),
	}
}

// newTicket makes a ticket of a customer's first message. Nobody has it yet.
func (d *dolphins) newTicket(number string, channel ServiceChannel, account string, contact Contact, message string, at int64) Ticket {
	customer := Members{
		"accountId": account, "accountName": contact.name(),
		"channel": channel.ID, "channelKey": channel.Key, "channelType": channel.Type, "channelName": channel.Name,
	}
	t := Ticket{Number: number, Written: at, Members: record(d.idOf("ticket", number), at, customer)}
	maps.Copy(t.Members, Members{
		"ticketNumber": number, "contactId": contact.ID, "correlationId": "", "greetingStatus": false, "incoming": true,
		"message": message, "messageId": d.idOf("message", number), "notified": false, "parent": int64(1), "priority": false,
		"redistribute": false, "subject": message, "unassignedDate": at, "lastMessage": message,
	})
	switch channel.Type {
	case liveChat:
		t.Members["online"], t.Members["onlineDate"] = true, at
		t.Members["transactionId"], t.Members["markRead"] = d.idOf("transaction", number), false
	case eMail:
		t.Members["emailRecipient"] = channel.Key
	}
	t.enter(unassigned)
	return t
}

// inherited are the members that a message has where its ticket has them.
var inherited = []string{"ccList", "bccList", "emailRecipient"}

// newMessage makes a message of the customer's in a ticket's conversation. Where the
// third party's bot has the ticket, the message is its to answer.
func (d *dolphins) newMessage(t Ticket, at int64) Message {
	id := d.newID()
	channel := ServiceChannel{Key: t.Members.text("channelKey"), Type: t.Members.text("channelType")}
	m := Message{ID: id, Ticket: t.Number, Type: "text", Members: record(id, at, t.Members)}
	m.Members["ticketNumber"], m.Members["subject"], m.Members["message"] = t.Number, t.Members["subject"], ""
	m.called(d.newID(), channel)
	for _, name := range inherited {
		if value, there := t.Members[name]; there {
			m.Members[name] = value
		}
	}
	if t.Members.is("mention") {
		m.Members["mention"] = true
	}
	if channel.Type == liveChat {
		m.Members["transactionId"], m.Members["markRead"] = d.newID(), false
	}
	if t.Members.text("assignedAgent") == bot {
		m.Members["assignedAgent"], m.Members["assignedDate"] = bot, t.Members["assignedDate"]
		m.Members["replyAgent"], m.Members["botId"] = bot, KnownBot
	}
	return m
}

// called gives a message its messageId. The channelKey of live chat combines it with
// the channel's key. Assumed: joined by a hyphen.
func (m *Message) called(messageID string, channel ServiceChannel) {
	m.Members["messageId"] = messageID
	if channel.Type == liveChat {
		m.Members["channelKey"] = messageID + "-" + channel.Key
	}
}

// opening makes a message the one that a ticket begins with.
func (d *dolphins) opening(m *Message, t Ticket) {
	m.called(t.Members.text("messageId"), ServiceChannel{Key: t.Members.text("channelKey"), Type: t.Members.text("channelType")})
	m.Members["parent"], m.Members["message"] = int64(1), t.Members["message"]
	if id, there := t.Members["transactionId"]; there {
		m.Members["transactionId"] = id
	}
}

// contactOf returns the contact of a customer, made if there is none, with the
// account if it is a new one of theirs. ID is "" for one that follows from the
// customer.
func (d *dolphins) contactOf(a account, id string, at int64) (Contact, error) {
	if id == "" {
		id = d.idOf("contact", a.channel.Type, a.id)
	}
	return d.contacts.Upsert(id, func(c *Contact) error {
		switch {
		case c.ID == "":
			*c = d.newContact(id, a, at)
		case !c.knows(a):
			c.own()
			d.join(c, a)
		}
		return nil
	})
}

// name is the first and the last name.
func (c Contact) name() string {
	return strings.TrimSpace(c.Members.text("contactFirstName") + " " + c.Members.text("contactLastName"))
}
