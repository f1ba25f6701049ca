package mockserver

import (
	"encoding/json"

	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// Behaviour is what a vendor remembers and does. Every field may be nil. What it
// remembers is in collections that were made with Persist; all that it uses is on its
// Stage, because methods of a Sandbox may wait for the end of the call.
type Behaviour struct {
	// Channel names the channel that a call is made for, for journal and faults.
	// The channel need not exist.
	Channel func(*Call) string
	// Judge adds to Call.Findings what schemas cannot say, such as a CodeDoubtful, or
	// makes one of them graver. It runs before the call is answered, whoever answers.
	Judge func(*Call)
	// Authorize returns the vendor's refusal, or nil to go on. The call has been
	// judged already, and its Operation is nil when none matched.
	Authorize func(*Call) *Reply
	// Invalid returns the answer to a call with findings of severity error, or nil to
	// handle it all the same. Without Invalid the answer is the documented status
	// that fits best.
	Invalid func(*Call) *Reply
	// ErrorBody returns the body of an error that somebody forces, as Reply.Body; nil
	// is none. Without ErrorBody it is the contract's sample for the status.
	ErrorBody func(c *Call, status int) any
	// Operations answer calls, by operation ID; the answer to an operation that is
	// not here comes from samples.
	Operations map[string]func(*Call) Reply
	// Events say how events are completed and recorded, by event ID.
	Events map[string]Event
	// Opened returns what is sent when a channel was created or opened again.
	Opened func(Channel) []Sending
	// Address returns where the partner calls the vendor for a channel, without the
	// mock's base URL.
	Address func(Channel) string
	// Delivered reports whether an answer ends a delivery well; default: a status of
	// the contract's list, or any 2xx when it has none.
	Delivered func(*traffic.Response) bool
	// State returns a snapshot that can be written as JSON.
	State func() any
	// AddState lets the vendor know of more, given in the form of State: an element of
	// a list is added, or takes the place of the one with its ID. After an error
	// nothing has changed; a *StateError in it names the place.
	AddState func(json.RawMessage) error
}

// Event is how a vendor sends one event. Every field may be nil.
type Event struct {
	// Complete fills in what a sample cannot know: token, channel, IDs. It must not
	// record anything, because bodies are also composed without being sent. An error
	// says why the vendor cannot send this.
	Complete func(*Sending) error
	// Record is called once when the event is about to be queued; an error keeps it
	// from being sent, and says what to do.
	Record func(Sending) error
	// Ended is called when a delivery that was queued has ended, with its last
	// exchange, which is nil when there was none.
	Ended func(Sending, outbox.Delivery, *traffic.Exchange)
}
