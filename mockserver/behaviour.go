package mockserver

import (
	"net/http"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Behaviour is what a vendor remembers and does. Every field may be nil.
type Behaviour struct {
	// Channel names the channel that a call is made for, for journal and faults.
	// The channel need not exist.
	Channel func(*Call) string
	// Authorize returns the vendor's refusal, or nil to go on. The call has been
	// judged already, and its Operation is nil when none matched.
	Authorize func(*Call) *Reply
	// Invalid returns the answer to a call with findings of severity error, or nil to
	// handle it all the same. Without Invalid the answer is the documented status
	// that fits best.
	Invalid func(*Call) *Reply
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
	// Delivered reports whether a status ends a delivery well; default: the
	// contract's list, or any 2xx when it has none.
	Delivered func(status int) bool
	// State returns a snapshot that can be written as JSON.
	State func() any
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
	Ended func(Sending, Delivery, *traffic.Exchange)
}

// Call is one request of the partner's, as a behaviour sees it.
type Call struct {
	*Stage
	Operation *specs.Operation    // nil when the body or the method matches none
	Params    map[string]string   // of the path, unescaped
	Request   *http.Request       // its body has been read
	Document  *validator.Document // the body; never nil
	Findings  []traffic.Finding   // what breaks the contract
	Channel   string              // what Behaviour.Channel said
}

// Breaks reports whether the call has a finding of severity error.
func (c *Call) Breaks() bool {
	for _, f := range c.Findings {
		if f.Severity.AtLeast(traffic.Error) {
			return true
		}
	}
	return false
}

// Reply is a vendor's answer. Body is nil for none, []byte as it is, anything
// else is written as JSON. Then is queued after the answer has been written.
type Reply struct {
	Status int
	Header http.Header // must not be changed afterwards
	Body   any
	Then   []Sending
	// Undocumented marks a status that the contract does not have and that a reading
	// or a fault asks for; it is then not held against the mock.
	Undocumented bool
}
