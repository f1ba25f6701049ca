package threedolphins

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
	"github.com/parleykit/parley/internal/lazy"
)

// order is what a person or a judge may ask the bot to do. All is optional.
type order struct {
	Ticket string `json:"ticket"` // default: the one in which was written last
	Type   string `json:"type"`   // default: text
	Text   string `json:"text"`
	Media  string `json:"mediaLink"`
}

// namedTicket is the ticket that a judge asks about.
var namedTicket = lazy.Regexp(`\bticket (\w+)`)

// say sends one message to a customer and answers 202.
func (b *bot) say(w http.ResponseWriter, r *http.Request) {
	o, c, ok := b.order(w, r)
	if !ok {
		return
	}
	said := message{kind: cmp.Or(o.Type, "text"), text: o.Text, media: o.Media}
	if said.text == "" && said.media == "" {
		said.text = "Ada yang bisa kami bantu lagi, " + c.customer + "?"
	}
	b.carryOut(w, c, sending{kind: outgoing, body: b.outgoingEvent(c, said)})
}

// closeTicket closes a ticket and answers 202.
func (b *bot) closeTicket(w http.ResponseWriter, r *http.Request) {
	_, c, ok := b.order(w, r)
	if !ok {
		return
	}
	c = b.confusedClose(c)
	b.carryOut(w, c, sending{kind: command, body: b.closeEvent(c)})
}

// confusedClose is where the defects of a bot are that closes another ticket.
func (b *bot) confusedClose(c conversation) conversation {
	other, known := conversation{}, false
	switch {
	case b.has(closesNewestTicket):
		other, known = b.conversations.find("")
	case b.has(closesFirstTicket):
		other, known = b.conversations.oldest()
	}
	if !known {
		return c
	}
	return other
}

func (b *bot) carryOut(w http.ResponseWriter, c conversation, s sending) {
	if err := b.send(s); err != nil {
		partnerkit.Complain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	partnerkit.WriteJSON(w, http.StatusAccepted, map[string]string{"ticketNumber": c.ticket, "event": s.kind})
}

// act does what a judge asks for in the header Parley-Ask. Customers are answered
// without being asked.
func (b *bot) act(w http.ResponseWriter, r *http.Request) {
	ask := r.Header.Get("Parley-Ask")
	if obey := b.tickets.asked(ask); obey != nil {
		obey(w, r)
		return
	}
	switch {
	case strings.Contains(ask, "("+command+")"):
		b.closeTicket(w, r)
	case strings.Contains(ask, "("+outgoing+")"):
		partnerkit.WriteJSON(w, http.StatusOK, map[string]string{"detail": "the bot answers by itself"})
	default:
		partnerkit.Complain(w, http.StatusBadRequest, "the header Parley-Ask names nothing that the bot can do")
	}
}

// order reads what is asked, and of which ticket. When it cannot be done it has
// answered why.
func (b *bot) order(w http.ResponseWriter, r *http.Request) (order, conversation, bool) {
	var o order
	if !partnerkit.ReadOrder(w, r, &o, "ticket, type, text, mediaLink") {
		return o, conversation{}, false
	}
	if named := namedTicket().FindStringSubmatch(r.Header.Get("Parley-Ask")); o.Ticket == "" && named != nil {
		o.Ticket = named[1]
	}
	c, known := b.conversations.find(o.Ticket)
	if !known {
		partnerkit.Complain(w, http.StatusConflict, "no customer has written in such a ticket; let the vendor send an Incoming Event first")
		return o, c, false
	}
	if _, err := b.address(outgoing); err != nil {
		partnerkit.Complain(w, http.StatusConflict, err.Error()+"; give the bot its URL")
		return o, c, false
	}
	return o, c, true
}
