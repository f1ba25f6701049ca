package florist

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// orderChecks: a shop tells its orders from those of others.
var orderChecks = []conformance.Check{
	{
		ID: "florist/webhook/own-orders", Title: "takes the delivery of an order of its own, and refuses any other with 404",
		Requirements: []string{"FLORIST-001", "FLORIST-002"},
		Covers:       []string{"events/delivered"}, // whose sample tells of an order that nobody made
		Run:          ownOrders,
	},
}

func ownOrders(ctx context.Context, p *conformance.Partner) error {
	if err := p.Provoke(ctx, AskOrder); err != nil {
		return err
	}
	made, err := p.Await(ctx, 1, func(e *traffic.Exchange) bool {
		return e.Operation == "operations/order" && e.Status() == http.StatusCreated
	})
	if err != nil {
		return err
	}
	var order struct{ ID string }
	if err := json.Unmarshal(made[0].Response.Body.Kept, &order); err != nil {
		return err
	}
	return conformance.Join(
		answers(ctx, p, order.ID, http.StatusOK, "FLORIST-001"),
		answers(ctx, p, p.NewID("order"), http.StatusNotFound, "FLORIST-002"),
	)
}

// answers demands a status for the delivery of an order.
func answers(ctx context.Context, p *conformance.Partner, order string, want int, requirement string) error {
	body := p.Event("delivered", map[string]any{"order": order})
	e := p.DeliverRaw(ctx, mockserver.Raw{Event: "delivered", Body: conformance.Encode(body)})
	expected := fmt.Sprintf("%d for the delivery of order %s", want, order)
	switch {
	case e.Response == nil:
		return conformance.Breaking(conformance.Fail(expected, "no answer: "+e.Error, e), requirement)
	case e.Status() != want:
		return conformance.Breaking(conformance.Fail(expected, fmt.Sprint(e.Status()), e), requirement)
	}
	return nil
}
