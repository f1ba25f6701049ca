package florist_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/florist"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestAnOrderIsDelivered: it is remembered, and the shop is told its ID.
func TestAnOrderIsDelivered(t *testing.T) {
	m := mocktest.New(t, florist.Vendor())
	shop := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: shop.URL})
	if a := m.Do("POST", "/orders", `{"flowers":"roses"}`); a.Status != http.StatusCreated {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	kept := mocktest.State[florist.State](m, "florist").Orders
	if len(kept) != 1 || kept[0].Flowers != "roses" {
		t.Fatalf("kept %+v", kept)
	}
	if told := shop.Await(1)[0]; !strings.Contains(told, kept[0].ID) {
		t.Errorf("the shop was told %s, and the order is %s", told, kept[0].ID)
	}
}
