package expertflow

import (
	"net/http"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// invalid answers a call that breaks the contract: EF-R-03 for activities, and 400
// for token requests, as OAuth 2.0 has it.
func (x *expertflow) invalid(c *mockserver.Call) *mockserver.Reply {
	switch {
	case c.Operation == nil:
		return nil // no status is documented for another method
	case c.Operation.ID == pushActivity && x.stage.Reading("EF-R-03") == "silent":
		return &mockserver.Reply{Status: http.StatusOK}
	}
	return &mockserver.Reply{Status: http.StatusBadRequest}
}

// pushActivity makes an event of an activity and puts it where it belongs.
func (x *expertflow) pushActivity(c *mockserver.Call) mockserver.Reply {
	owner := x.ownerOf(selectorsOf(c.Document))
	if owner.unknown != "" && x.stage.Reading("EF-R-04") == "not-found" {
		return *refused(http.StatusNotFound, owner.unknown)
	}
	if err := x.keep(c, owner); err != nil {
		return mockserver.Reply{Status: http.StatusInternalServerError}
	}
	x.gateway.answer(c)
	return mockserver.Reply{Status: http.StatusOK}
}

// keep publishes or stores an activity.
func (x *expertflow) keep(c *mockserver.Call, o owner) error {
	id, text, err := x.completed(c)
	if err != nil {
		return err
	}
	event, err := x.event(c.Document, text, o)
	if err != nil {
		return err
	}
	arrived := Activity{
		ID: id, Place: o.place, Conversation: o.conversation, ChannelSession: o.session, Customer: o.customer,
		Received: x.stage.Now(), Event: event, Copies: 1,
	}
	if x.stage.Reading("EF-R-05") == "one-activity" {
		return x.keepOnce(arrived)
	}
	return store.Put(x.activities, x.stage.NewID(), arrived)
}

// keepOnce stores an activity, or counts it where it is there: EF-R-05.
func (x *expertflow) keepOnce(arrived Activity) error {
	_, err := x.activities.Upsert(arrived.ID, func(a *Activity) error {
		if a.Copies++; a.Copies == 1 {
			*a = arrived
		}
		return nil
	})
	return err
}
