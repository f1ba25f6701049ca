package threedolphins

import (
	"slices"
	"strings"
	"time"
)

// answer puts the bot's reply to a customer on its way, of the kind that the
// customer's message has.
func (b *bot) answer(c conversation, e event) error {
	if b.has(neverReplies) {
		return nil
	}
	said := message{kind: "text", text: "Halo " + c.customer + ", Anda menulis “" + beginning(e.message) + "”."}
	switch kind := strings.ToLower(e.kind); {
	case slices.Contains([]string{"image", "video", "audio", "file"}, kind):
		said = message{kind: e.kind, media: e.media}
	case strings.HasPrefix(kind, "location"): // by some readings it holds the place
		said = message{kind: e.kind, text: e.message}
	}
	body := b.outgoingEvent(c, said)
	return b.send(sending{kind: outgoing, body: body, first: func() {
		b.pass(e)
		b.confuse(body)
	}})
}

// confuse is where the defects of a bot are that has one ticket, or one name, in mind for all customers.
func (b *bot) confuse(body map[string]any) {
	switch {
	case b.has(answersFirstTicket), b.has(answersMediaElsewhere) && body["mediaLink"] != "":
		first, _ := b.conversations.oldest()
		body["ticketNumber"] = first.ticket
	case b.has(namesFirstCustomer):
		first, _ := b.conversations.oldest()
		body["customerName"] = first.customer
	case b.has(answersLastTicket):
		b.Wait(b.Ctx, 300*time.Millisecond)
		if last, ok := b.conversations.find(""); ok {
			body["ticketNumber"] = last.ticket
		}
	}
}

// message is one message to a customer.
type message struct{ kind, text, media string }

// shown is how many characters of a message are repeated to its customer.
const shown = 100

func beginning(text string) string {
	if runes := []rune(text); len(runes) > shown {
		return string(runes[:shown]) + "…"
	}
	return text
}

// pass shows a customer's message to whoever reads along, one at a time.
func (b *bot) pass(e event) {
	b.reading.Lock()
	defer b.reading.Unlock()
	files := 0
	if e.media != "" {
		files = 1
	}
	b.Pass(e.ticket, e.message, files)
}

// outgoingEvent is the Outgoing Event with a message, with the defects in it.
func (b *bot) outgoingEvent(c conversation, said message) map[string]any {
	body := map[string]any{
		"ticketNumber": c.ticket, "channel": c.channel, "owner": c.owner, "customerName": c.customer,
		"messageType": said.kind, "message": said.text, "mediaLink": said.media,
	}
	b.misstate(body, misstatedOutgoing)
	return body
}

// closeEvent is the Command Event that closes a ticket, with the defects in it.
func (b *bot) closeEvent(c conversation) map[string]any {
	body := map[string]any{"ticketNumber": c.ticket, "channel": c.channel, "owner": c.owner, "event": "Close"}
	b.misstate(body, misstatedCommand)
	return body
}
