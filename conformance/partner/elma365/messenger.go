// Package elma365 is the reference partner of ELMA365: an arbitrary messenger.
package elma365

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Reference is the reference partner for partner.New.
func Reference() partner.Vendor {
	return partner.Vendor{
		ID:      "elma365",
		Defects: slices.Concat(verifyDefects, eventDefects, bodyDefects, loadDefects, callDefects, retryDefects),
		Orders: []partner.Order{
			{Path: "/say", About: "sends one message to the vendor and answers 202"},
			{Path: "/ask-user", About: "asks the vendor for the data of a user"},
			{Path: "/disconnect", About: "ends the traffic"},
			{Path: "/act", About: "does what the header Parley-Ask says, for conform's --stimulus-url"},
		},
		Start: func(o partner.Options, chosen partner.Defects) (http.Handler, func()) {
			m := newMessenger(o, chosen)
			return m.routes(), m.Close
		},
	}
}

// messenger is an arbitrary messenger, as ELMA365 calls its partner. It remembers
// channels, users and messages on their way, all bounded.
type messenger struct {
	partner.Options
	*partnerkit.Work
	defects  partner.Defects
	channels channels
	users    partnerkit.Bounded
	chats    partnerkit.Bounded
	sent     partnerkit.Bounded // IDs of its own messages
	latest   atomic.Value       // the chat in which a client wrote last
	written  partnerkit.Bounded // channels and the chats in which a client has written there
	outbox   outbox
	inbox    chan incoming

	busy    sync.Mutex   // see serial
	talking sync.RWMutex // read while a message is sent, so that none begins after a disconnect
}

// incoming is an operator's message on its way to the client.
type incoming struct {
	chat, text string
	files      int
}

// maxInbox bounds the messages that wait to be passed on to clients.
const maxInbox = 1024

func newMessenger(o partner.Options, chosen partner.Defects) *messenger {
	m := &messenger{Options: o, Work: partnerkit.NewWork(o.After, o.Client), defects: chosen, inbox: make(chan incoming, maxInbox)}
	if o.Channel != "" {
		m.channels.connect(o.Channel, o.Webhook)
	}
	m.users.Add(documentedUser)
	m.Begin(m.passOn)
	return m
}

func (m *messenger) has(name string) bool { return m.defects.Has(name) }

func (m *messenger) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/webhook", m.webhook)
	mux.HandleFunc("POST /say", m.say)
	mux.HandleFunc("POST /ask-user", m.askUser)
	mux.HandleFunc("POST /disconnect", m.disconnectSelf)
	mux.HandleFunc("POST /act", m.act)
	mux.HandleFunc("GET /health", partnerkit.Health)
	return mux
}

// passOn gives operators' messages to their clients. It is the slow work, which
// no acknowledgement waits for.
func (m *messenger) passOn() {
	for {
		select {
		case in := <-m.inbox:
			m.Pass(in.chat, in.text, in.files)
		case <-m.Ctx.Done():
			return
		}
	}
}
