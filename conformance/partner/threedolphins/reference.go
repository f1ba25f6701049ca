// Package threedolphins is the reference partner of 3Dolphins: a bot that answers
// customers and closes tickets.
package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/kit"
)

// Reference is the reference partner for partner.New.
func Reference() partner.Vendor {
	return partner.Vendor{
		ID:      "3dolphins",
		Defects: slices.Concat(webhookDefects),
		Orders: []partner.Order{
			{Path: "/say", About: "sends one more message to the customer who wrote last, and answers 202"},
			{Path: "/close", About: "closes the ticket of the customer who wrote last, and answers 202"},
		},
		Start: func(o partner.Options, chosen partner.Defects) (http.Handler, func()) {
			b := newBot(o, chosen)
			return b.routes(), b.close
		},
	}
}

// bot is a third party that answers each message of a customer by itself.
type bot struct {
	partner.Options
	defects partner.Defects

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup // all work that outlives its request
}

func newBot(o partner.Options, chosen partner.Defects) *bot {
	b := &bot{Options: o, defects: chosen}
	b.ctx, b.stop = context.WithCancel(context.Background())
	return b
}

func (b *bot) has(name string) bool { return b.defects.Has(name) }

func (b *bot) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", kit.Health)
	return mux
}

func (b *bot) close() {
	b.stop()
	b.running.Wait()
	b.Client.CloseIdleConnections()
}

func (b *bot) logf(format string, args ...any) { b.Log(fmt.Sprintf(format, args...)) }
