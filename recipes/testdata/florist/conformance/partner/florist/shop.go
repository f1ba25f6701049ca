// Package florist is the reference partner of Florist: a shop that orders flowers.
package florist

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Reference is the reference partner for partner.New.
func Reference() partner.Vendor {
	return partner.Vendor{
		ID:      "florist",
		Defects: defects,
		Orders:  []partner.Order{{Path: "/order", About: "orders tulips, and answers 202"}},
		Start: func(o partner.Options, chosen partner.Defects) (http.Handler, func()) {
			s := &shop{Options: o, defects: chosen, orders: map[string]bool{}}
			return s.routes(), o.Client.CloseIdleConnections
		},
	}
}

// shop remembers what it has ordered.
type shop struct {
	partner.Options
	defects partner.Defects

	mu     sync.Mutex // is held while an order is made: its delivery may be faster than its answer
	orders map[string]bool
}

func (s *shop) has(name string) bool { return s.defects.Has(name) }

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /order", s.order)
	mux.HandleFunc("POST /webhook", s.webhook)
	mux.HandleFunc("GET /health", partnerkit.Health)
	return mux
}

// order orders flowers.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, strings.TrimSuffix(s.API, "/")+"/orders", nil)
	if err != nil {
		partnerkit.Complain(w, http.StatusConflict, err.Error())
		return
	}
	request.Header.Set("Content-Type", "application/json")
	partnerkit.SetBody(request, []byte(`{"flowers":"tulips"}`))
	answer, err := partnerkit.Call(s.Client, request)
	if err != nil {
		partnerkit.Complain(w, http.StatusBadGateway, err.Error())
		return
	}
	taken, _ := partnerkit.Parse(answer.Body)
	id, ok := partnerkit.Text(taken, "id")
	if !ok {
		partnerkit.Complain(w, http.StatusBadGateway, "Florist gave the order no ID")
		return
	}
	s.orders[id] = true
	s.Log("ordered " + id)
	w.WriteHeader(http.StatusAccepted)
}

// webhook takes the delivery of what was ordered.
func (s *shop) webhook(w http.ResponseWriter, r *http.Request) {
	var delivered struct{ Order string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, partnerkit.MaxBody)).Decode(&delivered); err != nil {
		partnerkit.Complain(w, http.StatusBadRequest, err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.orders[delivered.Order] && !s.has(acceptsAnyOrder) {
		partnerkit.Complain(w, http.StatusNotFound, "this shop made no such order")
		return
	}
	s.Log("has " + delivered.Order)
	w.WriteHeader(http.StatusOK)
}
