package threedolphins

import (
	"reflect"
	"sync"

	"github.com/parleykit/parley/mockserver"
)

// maxPrepared is how many answers a sandbox keeps ready: a partner polls few tickets.
const maxPrepared = 8

// answers are reads of tickets that were answered, ready for those that ask again: to
// make one anew and to sort and write its hundred members is more than half of a read.
type answers struct {
	mu   sync.Mutex
	made map[question]answer
}

type question struct{ operation, number string }

// answer holds what it was made of. Stored members are never changed, so that what is
// remembered is the same as long as they are the same map.
type answer struct {
	ticket, contact Members
	agent           Agent
	body            *mockserver.Prepared
}

// prepared is the answer to the read of a ticket, made by show unless it was made of
// the same before. All that show looks at is compared here: the ticket, its contact,
// the agent who has it, and a contract's readings, which stay.
func (d *dolphins) prepared(q question, t Ticket, show func(Ticket) Members) *mockserver.Prepared {
	contact, _ := d.contacts.Get(t.Members.text("contactId"))
	agent, _ := d.agents.Get(t.Members.text("assignedAgent"))
	d.answers.mu.Lock()
	defer d.answers.mu.Unlock()
	one, ok := d.answers.made[q]
	if ok && sameMap(one.ticket, t.Members) && sameMap(one.contact, contact.Members) && one.agent == agent {
		return one.body
	}
	if len(d.answers.made) >= maxPrepared {
		clear(d.answers.made)
	}
	body := mockserver.Prepare(envelope(show(t)))
	d.answers.made[q] = answer{t.Members, contact.Members, agent, body}
	return body
}

// sameMap tells whether two members are one map; both are kept, so that none can take
// the place of another.
func sameMap(a, b Members) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }
