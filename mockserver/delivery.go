package mockserver

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parleykit/parley/mockserver/fault"
)

// Delivery is one event on its way to a partner. Each attempt is an exchange.
type Delivery struct {
	ID       string          `json:"id"`
	Vendor   string          `json:"vendor"`
	Event    string          `json:"event"` // ID
	Channel  string          `json:"channel,omitempty"`
	URL      string          `json:"url,omitempty"`
	State    string          `json:"state"`
	Status   int             `json:"status,omitempty"` // of the last attempt's answer
	Body     json.RawMessage `json:"body"`
	Attempts []string        `json:"attempts,omitempty"` // IDs of exchanges
	CopyOf   string          `json:"copyOf,omitempty"`   // ID of the delivery that this one sends again
	Faults   []string        `json:"faults,omitempty"`   // IDs of faults that acted
	Error    string          `json:"error,omitempty"`
	Queued   time.Time       `json:"queued"`
	Ended    time.Time       `json:"ended,omitzero"`
}

// The states of a delivery.
const (
	DeliveryQueued     = "queued"
	DeliveryDelivering = "delivering"
	DeliveryDelivered  = "delivered"
	DeliveryFailed     = "failed"    // no attempt ended well: a dead letter
	DeliveryLost       = "lost"      // a fault withheld it
	DeliveryCancelled  = "cancelled" // never tried, or broken off; Error says why
)

// deliveryStates are all of them, in the order of a delivery's life.
var deliveryStates = []string{DeliveryQueued, DeliveryDelivering, DeliveryDelivered, DeliveryFailed, DeliveryLost, DeliveryCancelled}

// delivery is a Delivery with what is needed to carry it out. The outbox's lock
// guards it.
type delivery struct {
	Delivery
	sending Sending
	stage   *Stage
	broken  bool            // the body is wrong on purpose
	effect  *fault.Effect   // of the faults that act; nil: none does
	twins   []*delivery     // copies that are sent at the same time
	after   <-chan struct{} // closed when it may begin; nil: at once
	done    chan struct{}   // closed when it has ended
	due     time.Time       // of its next attempt, after one that failed or a restart
	turn    uint64          // its place among all that were ever put into lanes
	left    bool            // cancelled because the mock was closed

	ctx  context.Context // of its attempts
	stop context.CancelCauseFunc
}

// written is the event's body as it goes over the wire.
func (d *delivery) written() ([]byte, error) {
	var o *order
	if event := d.stage.vendor.event(d.Event); event != nil {
		o = d.stage.vendor.orders.of(event.Payload, "")
	}
	return o.encode(d.sending.Body)
}

// late is how long a fault holds a delivery up.
func (d *delivery) late() time.Duration {
	if d.effect == nil {
		return 0
	}
	return d.effect.Late
}

// withTwins are a delivery and those that are sent at the same time.
func (d *delivery) withTwins() []*delivery { return append([]*delivery{d}, d.twins...) }

// wait is how long is waited before its first attempt.
func (d *delivery) wait() time.Duration {
	if d.due.IsZero() {
		return d.late()
	}
	return d.due.Sub(d.stage.Now())
}

// copies is how many a fault sends beside a delivery.
func (d *delivery) copies() int {
	if d.effect == nil || d.State != DeliveryQueued {
		return 0
	}
	return d.effect.Copies
}

// again is a new delivery of the same body.
func (d *delivery) again() *delivery {
	next := d.stage.world.newDelivery(d.stage, d.sending)
	next.URL, next.broken, next.CopyOf = d.URL, d.broken, d.ID
	return next
}
