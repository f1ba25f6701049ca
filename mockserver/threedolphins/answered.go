package threedolphins

import (
	"maps"
	"sync"

	"github.com/parleykit/parley/internal/plainjson"
)

// Who answers a ticket again changes three of its forty members, and the answer has a
// third of its own: the others are those of the answer before. To copy both was half of
// an Outgoing Event, and most of what it left to the collector. So what an answer changes
// is kept beside the members that were there, and laid over them when somebody looks.

// answered is in a ticket that waits for its customer since an agent's answer, where a
// further one of theirs changes nothing but what lastAnswer has. What else changes the
// ticket takes it out: see own.
type answered struct {
	agent string
	like  Members // of that answer
}

// lastAnswer is what the last of several answers in a row changes of a ticket.
type lastAnswer struct {
	at      int64
	message string

	once    sync.Once
	members Members
}

// over lays it over a ticket's members, always the same.
func (a *lastAnswer) over(members Members) Members {
	a.once.Do(func() {
		a.members = maps.Clone(members)
		moment := any(a.at)
		a.members["modifiedDate"], a.members["pendingDate"], a.members["lastMessage"] = moment, moment, a.message
	})
	return a.members
}

// draft is an answer of the third party's that nobody looked at yet.
type draft struct {
	last                         lastAnswer // what it changes of its ticket
	like                         Members    // of another one there
	id, messageID, transactionID string
	seconds                      int64 // that it took: 3D-R-80

	once    sync.Once
	members Members
}

// written are the members of the answer, always the same.
func (a *draft) written() Members {
	a.once.Do(func() {
		a.members = maps.Clone(a.like)
		moment, seconds := any(a.last.at), any(a.seconds)
		a.members["id"], a.members["messageId"], a.members["transactionId"] = a.id, a.messageID, a.transactionID
		a.members["createdDate"], a.members["modifiedDate"], a.members["message"] = moment, moment, a.last.message
		a.members["responseTime"], a.members["responseTimeAgent"] = seconds, seconds
	})
	return a.members
}

// draftTo is answerTo of the third party, where that is in order: it has the same IDs, in
// the same order. Nothing that an answer changes of its ticket is in the next one.
func (d *dolphins) draftTo(t Ticket, text string, at int64) (Message, bool) {
	if t.answered == nil || t.answered.agent != bot {
		return Message{}, false
	}
	made := &draft{last: lastAnswer{at: at, message: text}, like: t.answered.like, seconds: responseTime(t, at)}
	var room [3 * 32]byte
	ids := string(d.appendID(d.appendID(d.appendID(room[:0])))) // one piece of memory instead of three
	made.id, made.messageID, made.transactionID = ids[:32], ids[32:64], ids[64:]
	return Message{ID: made.id, Ticket: t.Number, Type: "text", Outcome: sent, draft: made}, true
}

// lastOf is what an answer changes of its ticket; a draft has it.
func lastOf(made *draft, text string, at int64) *lastAnswer {
	if made != nil {
		return &made.last
	}
	return &lastAnswer{at: at, message: text}
}

// answeredBy says of a ticket, to which an answer was noted, whether the next one of the
// same agent changes no more than lastAnswer has.
func (t Ticket) answeredBy(agent string, like Members) *answered {
	if t.status() != pending || t.Members.text("channelType") == liveChat || t.Members.moment("assignedDate") == 0 || like == nil {
		return nil
	}
	return &answered{agent, like}
}

// whole is the ticket with all of its members.
func (t Ticket) whole() Ticket {
	if t.last != nil {
		t.Members = t.last.over(t.Members)
	}
	t.answered, t.last = nil, nil
	return t
}

// whole is the message with its members.
func (m Message) whole() Message {
	if m.draft != nil {
		m.Members = m.draft.written()
	}
	m.draft = nil
	return m
}

func wholeOf[T interface{ whole() T }](list []T) []T {
	for i := range list {
		list[i] = list[i].whole()
	}
	return list
}

// ticketOf returns a ticket with all of its members.
func (d *dolphins) ticketOf(number string) (Ticket, error) {
	t, err := d.tickets.Get(number)
	return t.whole(), err
}

// MarshalJSON writes the whole ticket.
func (t Ticket) MarshalJSON() ([]byte, error) {
	type plain Ticket
	return plainjson.Marshal(plain(t.whole()))
}

// MarshalJSON writes the whole message.
func (m Message) MarshalJSON() ([]byte, error) {
	type plain Message
	return plainjson.Marshal(plain(m.whole()))
}
