package threedolphins

import (
	"net/http"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// getContact: 3D-R-95. No contact is deleted or merged into another here, so that
// the other three parameters change nothing.
func (d *dolphins) getContact(c *mockserver.Call) mockserver.Reply {
	contact, err := d.contacts.Get(pairs.InQuery(c.Request.URL).Get("contactId"))
	if err != nil {
		return d.notFound(c, "contact")
	}
	if d.stage.Reading("3D-R-95") == "enveloped" {
		return success(d.contact(contact))
	}
	return mockserver.Reply{Status: http.StatusOK, Body: d.contact(contact)}
}

func (c Contact) members() Members { return c.Members }

// contactsThat lists contacts in order; with an ID, that one alone.
func (d *dolphins) contactsThat(id string) []Contact {
	list := ordered(d, store.All(d.contacts), Contact.members, "")
	if id == "" {
		return list
	}
	for _, c := range list {
		if c.ID == id {
			return []Contact{c}
		}
	}
	return nil
}

// listContacts: 3D-R-96.
func (d *dolphins) listContacts(c *mockserver.Call) mockserver.Reply {
	return listed(d, c, "start", d.contactsThat(pairs.InQuery(c.Request.URL).Get("contactId")), d.contact)
}

// listAllContacts answers with one page that holds all.
func (d *dolphins) listAllContacts(*mockserver.Call) mockserver.Reply {
	data := []Members{}
	for _, contact := range d.contactsThat("") {
		data = append(data, d.contact(contact))
	}
	body := envelope(data)
	if d.stage.Reading("3D-R-45") == "honest" {
		body["totalResults"] = len(data)
	}
	return mockserver.Reply{Status: http.StatusOK, Body: body}
}

// fixed are the members of a contact that no update changes.
var fixed = map[string]bool{"id": true, "owner": true, "createdDate": true, "createdBy": true, "modifiedDate": true, "modifiedBy": true, "prettyCreatedDate": true}

// updateContact puts the members of the body in the place of those that there
// are. Their types have been judged.
func (d *dolphins) updateContact(c *mockserver.Call) mockserver.Reply {
	body, _ := c.Document.Value().(map[string]any)
	at, by := d.now(), d.user(c)
	contact, err := d.contacts.Update(c.Params["id"], func(contact *Contact) error {
		contact.own()
		for name, value := range body {
			if !fixed[name] {
				contact.Members[name] = value
			}
		}
		contact.Members["modifiedDate"], contact.Members["modifiedBy"] = at, by
		return nil
	})
	if err != nil {
		return d.unchanged(c, err, "contact")
	}
	return success(d.contact(contact))
}
