package threedolphins

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// ticketOrders make the client of the Ticket API act. Each answers when the work
// is done.
var ticketOrders = []partner.Order{
	{Path: "/read-tickets", About: "reads the list of tickets to its end"},
	{Path: "/look-up", About: "looks tickets, a contact and conversations up"},
	{Path: "/handle-ticket", About: "replies to the customer of a ticket, updates, passes on and closes it"},
	{Path: "/upload-file", About: "uploads a file"},
}

// ticketClient is a client of 3Dolphins' service APIs. It does one order after
// another.
type ticketClient struct {
	partner.Options
	defects partner.Defects
	ctx     context.Context // of the whole partner
	busy    sync.Mutex      // held by an order

	mu       sync.Mutex
	token    string
	expires  time.Time
	renewals int // tokens after the first
}

// serve adds the client's orders to those of the partner.
func (t *ticketClient) serve(mux *http.ServeMux) {
	mux.HandleFunc("POST /read-tickets", t.obey(t.readTickets))
	mux.HandleFunc("POST /look-up", t.obey(t.lookUp))
	mux.HandleFunc("POST /handle-ticket", t.obey(t.handleTicket))
	mux.HandleFunc("POST /upload-file", t.obey(t.uploadFile))
}

// asked returns the order that a judge means by the operations that it names, or
// nil.
func (t *ticketClient) asked(ask string) http.HandlerFunc {
	switch {
	case strings.Contains(ask, "(listTickets)"):
		return t.obey(t.readTickets)
	case strings.Contains(ask, "(findTicket)"):
		return t.obey(t.lookUp)
	case strings.Contains(ask, "(sendMessage)"):
		return t.obey(t.handleTicket)
	case strings.Contains(ask, "(uploadFile"):
		return t.obey(t.uploadFile)
	}
	return nil
}

func (t *ticketClient) has(name string) bool { return t.defects.Has(name) }

// ticketOrder is what a person or a judge may ask for. All is optional.
type ticketOrder struct {
	Count      int    `json:"count"`        // results in a page
	Ticket     string `json:"ticketNumber"` // default: the newest that is not closed
	Agent      string `json:"agent"`        // ID
	Supervisor string `json:"supervisor"`   // ID
	Message    string `json:"message"`
	File       string `json:"file"` // its name
}

// IDs that 3Dolphins' mock knows.
const (
	someAgent      = "a0000000000000000000000000000001"
	someSupervisor = "a0000000000000000000000000000009"
)

func (o ticketOrder) withDefaults() ticketOrder {
	o.Count = cmp.Or(max(o.Count, 0), 5)
	o.Agent, o.Supervisor = cmp.Or(o.Agent, someAgent), cmp.Or(o.Supervisor, someSupervisor)
	o.Message = cmp.Or(o.Message, "Selamat datang, ada yang bisa kami bantu?")
	o.File = cmp.Or(o.File, "contoh.txt")
	return o
}

// obey makes a handler of what an order does. Its answer says what was done, and
// what was not.
func (t *ticketClient) obey(act func(context.Context, ticketOrder) (map[string]any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var o ticketOrder
		if !partnerkit.ReadOrder(w, r, &o, "count, ticketNumber, agent, supervisor, message, file") {
			return
		}
		if t.API == "" {
			partnerkit.Complain(w, http.StatusConflict, "the partner was not told where the vendor's API begins")
			return
		}
		t.busy.Lock()
		defer t.busy.Unlock()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(t.ctx, cancel)()
		done, err := act(ctx, o.withDefaults())
		if err != nil {
			t.Logf("%s: %v", r.URL.Path, err)
			partnerkit.Complain(w, http.StatusBadGateway, err.Error())
			return
		}
		partnerkit.WriteJSON(w, http.StatusOK, done)
	}
}

// pause waits before a call is made again.
func (t *ticketClient) pause(ctx context.Context) {
	select {
	case <-t.After(t.RetryAfter):
	case <-ctx.Done():
	}
}
