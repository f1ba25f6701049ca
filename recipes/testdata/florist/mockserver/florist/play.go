// Package florist plays an invented vendor: it takes orders, remembers them, and calls
// the shop when one was delivered.
package florist

import (
	"net/http"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// The IDs of the contract's operation and event.
const (
	order     = "order"
	delivered = "delivered"
)

// maxOrders bounds what is remembered in the default sandbox.
const maxOrders = 1_000

// Order is an order that was taken.
type Order struct {
	ID      string `json:"id"`
	Flowers string `json:"flowers"`
}

// State is what Florist remembers, as the control API shows it.
type State struct {
	Orders []Order `json:"orders"`
}

// florist is Florist in one sandbox.
type florist struct {
	stage  *mockserver.Stage
	orders store.Collection[Order] // by ID
}

// Vendor plays the contract that Parley ships, with its default readings.
func Vendor() mockserver.Vendor { return mockserver.Shipped("florist", Play) }

// Play is the behaviour of Florist in one sandbox, for mockserver.Vendor.
func Play(stage *mockserver.Stage) mockserver.Behaviour {
	f := &florist{
		stage:  stage,
		orders: mockserver.Persist(stage, "orders", store.NewMemory[Order](stage.Bound(maxOrders), nil)),
	}
	return mockserver.Behaviour{
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{order: f.order},
		Events:     map[string]mockserver.Event{delivered: {Complete: f.complete}},
		State:      func() any { return f.state() },
	}
}

// order takes an order; flowers are delivered at once.
func (f *florist) order(c *mockserver.Call) mockserver.Reply {
	body, _ := c.Document.Value().(map[string]any)
	flowers, _ := body["flowers"].(string)
	taken := Order{ID: f.stage.NewID(), Flowers: flowers}
	_, err := f.orders.Upsert(taken.ID, func(o *Order) error {
		*o = taken
		return nil
	})
	if err != nil {
		return mockserver.Reply{Status: http.StatusInternalServerError, Undocumented: true}
	}
	reply := mockserver.Reply{Status: http.StatusCreated, Body: map[string]any{"id": taken.ID}}
	for _, channel := range f.stage.Channels() {
		reply.Then = append(reply.Then, mockserver.Sending{Event: delivered, Channel: channel.ID, Body: map[string]any{"order": taken.ID}})
	}
	return reply
}

// complete lets an event that somebody else sends tell of the latest order.
func (f *florist) complete(s *mockserver.Sending) error {
	if orders := f.state().Orders; len(orders) > 0 {
		s.Fill("order", orders[len(orders)-1].ID)
	}
	return nil
}

func (f *florist) state() State {
	orders, err := f.orders.List()
	if err != nil {
		orders = []Order{} // a backend that fails has nothing to show
	}
	return State{Orders: orders}
}
