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

// record are the members that tickets and messages have in common.
func record(id string, at int64, channel ServiceChannel, account, name string) Members {
	return Members{
		"id": id, "owner": KnownOwner, "createdDate": at, "createdBy": system, "modifiedDate": at, "modifiedBy": system,
		"accountId": account, "accountName": name, "accountScreen": name, "answer": false,
		"channel": channel.ID, "channelKey": channel.Key, "channelType": channel.Type, "channelName": channel.Name,
		"friendlyId": account, "severity": "Not Set", "parent": 0,
	}
}

// newTicket makes a ticket of a customer's first message. Nobody has it yet.
func (d *dolphins) newTicket(number string, channel ServiceChannel, account string, contact Contact, message string, at int64) Ticket {
	t := Ticket{Number: number, Members: record(d.idOf("ticket", number), at, channel, account, contact.name())}
	maps.Copy(t.Members, Members{
		"ticketNumber": number, "contactId": contact.ID, "correlationId": "", "greetingStatus": false, "incoming": true,
		"message": message, "messageId": d.idOf("message", number), "notified": false, "parent": 1, "priority": false,
		"redistribute": false, "subject": message, "unassignedDate": at, "ticketTags": []string{}, "markRead": false,
	})
	if channel.Type == liveChat {
		t.Members["online"], t.Members["onlineDate"] = true, at
	}
	t.enter(unassigned)
	return t
}

// newMessage makes a message of the customer's in a ticket's conversation.
func (d *dolphins) newMessage(t Ticket, at int64) Message {
	id := d.newID()
	channel := ServiceChannel{t.Members.text("channel"), t.Members.text("channelKey"), t.Members.text("channelType"), t.Members.text("channelName")}
	m := Message{ID: id, Ticket: t.Number, Type: "text", Members: record(id, at, channel, t.Members.text("accountId"), t.Members.text("accountName"))}
	maps.Copy(m.Members, Members{
		"ticketNumber": t.Number, "messageId": d.newID(), "subject": t.Members["subject"], "message": "", "transactionId": d.newID(), "markRead": false,
	})
	return m
}

// contactOf returns the contact of a customer, made if there is none. ID is "" for
// one that follows from the customer.
func (d *dolphins) contactOf(channel ServiceChannel, account, name, id string, at int64) (Contact, error) {
	if id == "" {
		id = d.idOf("contact", channel.Type, account)
	}
	return d.contacts.Upsert(id, func(c *Contact) error {
		if c.ID == "" {
			*c = Contact{ID: id, Members: newContact(id, channel, account, name, at)}
		}
		return nil
	})
}

// newContact is a customer of whom no more is known than an account.
func newContact(id string, channel ServiceChannel, account, name string, at int64) Members {
	first, last, _ := strings.Cut(name, " ")
	return Members{
		"id": id, "owner": KnownOwner, "createdDate": at, "createdBy": system, "modifiedDate": at, "modifiedBy": system,
		"contactFirstName": first, "contactLastName": last, "username": name, "spell": strings.Fields(name), "rating": 0, "ageMin": 0, "ageMax": 0, "maxFollower": 0,
		"contactAccountIds": []string{account}, "socialAccounts": []string{"images/channel/ic_" + channel.Type + ".png"},
		"additionalFieldsObject": []any{}, "additionalFieldValueAsMap": map[string]any{}, "availableTouchpoints": []string{}, "contactTouchpoints": []any{},
		"contactPhoneFormatted": "", "haveAnySocialAccounts": true, "liveChatAccount": channel.Type == liveChat,
	}
}

// name is the first and the last name.
func (c Contact) name() string {
	return strings.TrimSpace(c.Members.text("contactFirstName") + " " + c.Members.text("contactLastName"))
}
