package outbox

import (
	"context"
	"encoding/json"
	"time"
)

// Delivery is one event on its way to a partner, as it is shown. Each attempt is an
// exchange.
type Delivery struct {
	ID       string          `json:"id"`
	Vendor   string          `json:"vendor"`
	Event    string          `json:"event"` // ID
	Channel  string          `json:"channel,omitempty"`
	URL      string          `json:"url,omitempty"`
	State    State           `json:"state"`
	Status   int             `json:"status,omitempty"` // of the last attempt's answer
	Body     json.RawMessage `json:"body"`
	Attempts []string        `json:"attempts,omitempty"` // IDs of exchanges
	CopyOf   string          `json:"copyOf,omitempty"`   // ID of the delivery that this one sends again
	Faults   []string        `json:"faults,omitempty"`   // IDs of faults that acted
	Error    string          `json:"error,omitempty"`
	Queued   time.Time       `json:"queued"`
	Ended    time.Time       `json:"ended,omitzero"`
}

// State is how far a delivery is.
type State string

// The states of a delivery.
const (
	Queued     State = "queued"
	Delivering State = "delivering"
	Delivered  State = "delivered"
	Failed     State = "failed"    // no attempt ended well: a dead letter
	Lost       State = "lost"      // a fault withheld it
	Cancelled  State = "cancelled" // never tried, or broken off; Error says why
)

// States are all of them, in the order of a delivery's life.
func States() []State {
	return []State{Queued, Delivering, Delivered, Failed, Lost, Cancelled}
}

// Message is a delivery with what is sent.
type Message struct {
	Delivery // its Body is written when it is shown
	Envelope
	Content map[string]any // the event's body; nobody changes it any more
	To      string         // the URL that was chosen instead of the channel's
	Broken  bool           // Content is wrong on purpose
}

// Treatment is what becomes of a message beside being sent. The zero value is nothing.
type Treatment struct {
	After    <-chan struct{} // closed when it may begin; nil: at once
	Late     time.Duration   // it is held up so long, and holds up no other
	Copies   int             // it is sent so many times more
	Together bool            // and all of them at once
	Hold     *Hold
}

// Hold keeps messages of one target back until there are Number, or the window has
// ended, and sends them last first.
type Hold struct {
	Key    string // messages with the same one are held together
	Number int
	Window time.Duration
}

// Entry is a message in an outbox, whose lock guards it.
type Entry struct {
	Message
	outbox   *Outbox
	late     time.Duration
	hold     *Hold
	parallel []*Entry        // copies that are sent at the same time
	leader   *Entry          // whose parallel copy it is; nil: nobody's
	after    <-chan struct{} // closed when it may begin; nil: at once
	done     chan struct{}   // closed when it has ended
	due      time.Time       // of its next attempt, after one that failed or a restart
	turn     uint64          // its place among all that were ever put into lanes
	unsent   bool            // cancelled because the outbox was closed
	told     bool            // a Step has its body

	ctx  context.Context // of its attempts
	stop context.CancelCauseFunc
}

// all are an entry and those that are sent at the same time.
func (e *Entry) all() []*Entry { return append([]*Entry{e}, e.parallel...) }

// untilDue is how long is waited before its first attempt.
func (e *Entry) untilDue() time.Duration {
	if e.due.IsZero() {
		return e.late
	}
	return e.due.Sub(e.outbox.clock.Now())
}

// lane is what an entry waits in. One that is late must hold up no other.
func (e *Entry) lane() string {
	if e.late > 0 {
		return e.ID
	}
	return e.Channel + " " + e.URL
}

// copied is a new entry of the same message.
func (e *Entry) copied() *Entry {
	next := &Entry{Message: e.Message, outbox: e.outbox, late: e.late}
	next.CopyOf = e.ID
	return next
}
