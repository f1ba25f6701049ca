package mockserver

import (
	"encoding/json"
	"time"
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
	DeliveryFailed     = "failed"    // no attempt ended well
	DeliveryLost       = "lost"      // a fault withheld it
	DeliveryCancelled  = "cancelled" // never tried, or broken off; Error says why
)

// delivery is a Delivery with what is needed to carry it out. The outbox's lock
// guards it.
type delivery struct {
	Delivery
	sending Sending
	stage   *Stage
	broken  bool            // the body is wrong on purpose
	after   <-chan struct{} // closed when it may begin; nil: at once
	done    chan struct{}   // closed when it has ended
}
