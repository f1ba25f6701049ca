// Package threedolphins is the reference partner of 3Dolphins: a bot that answers
// customers and closes tickets, and a client of the Ticket API.
package threedolphins

import (
	"net/http"
	"slices"
	"sync"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Reference is the reference partner for partner.New.
func Reference() partner.Vendor {
	return partner.Vendor{
		ID:      "3dolphins",
		Defects: slices.Concat(webhookDefects, loadDefects, bodyDefects, outgoingDefects, commandDefects, repeatDefects, ticketTokenDefects, ticketReadDefects, ticketChangeDefects),
		Orders: append([]partner.Order{
			{Path: "/say", About: "sends one more message to the customer who wrote last, and answers 202"},
			{Path: "/close", About: "closes the ticket of the customer who wrote last, and answers 202"},
			{Path: "/act", About: "does what the header Parley-Ask says, for conform's --stimulus-url"},
		}, ticketOrders...),
		Start: func(o partner.Options, chosen partner.Defects) (http.Handler, func()) {
			b := newBot(o, chosen)
			return b.routes(), b.Close
		},
	}
}

// bot is a third party that answers each message of a customer by itself.
type bot struct {
	partner.Options
	*partnerkit.Work
	defects       partner.Defects
	conversations conversations
	slots         chan struct{} // one for each event on its way
	perTicket     partnerkit.Bounded
	bodies        partnerkit.Bounded
	tickets       *ticketClient

	busy    sync.Mutex // see serial
	reading sync.Mutex // lets customers' messages be read along one at a time
}

func newBot(o partner.Options, chosen partner.Defects) *bot {
	b := &bot{Options: o, Work: partnerkit.NewWork(o.After, o.Client), defects: chosen, slots: make(chan struct{}, maxSending)}
	b.tickets = &ticketClient{Options: o, defects: chosen, ctx: b.Ctx}
	return b
}

func (b *bot) has(name string) bool { return b.defects.Has(name) }

func (b *bot) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/webhook", b.webhook)
	mux.HandleFunc("POST /say", b.say)
	mux.HandleFunc("POST /close", b.closeTicket)
	mux.HandleFunc("POST /act", b.act)
	b.tickets.serve(mux)
	mux.HandleFunc("GET /health", partnerkit.Health)
	return mux
}
