package threedolphins

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// event is one Incoming Event, as far as it could be read.
type event struct {
	partnerkit.Object
	raw []byte

	ticket, channel, owner, customer string
	kind, message, media             string // messageType, message, mediaLink
}

// reply is the bot's answer to an event; why is for people. The page shows no
// answer to an Incoming Event, so it is what the other two events get.
type reply struct {
	status int
	why    string
}

var taken = reply{status: http.StatusOK}

// webhook takes one Incoming Event: read, queue the answer, acknowledge.
func (b *bot) webhook(w http.ResponseWriter, r *http.Request) {
	e, answer := b.read(w, r)
	if answer == nil {
		answer = b.take(r, e)
	}
	b.Logf("%s ticket %.40q → %d %s", r.Method, e.ticket, answer.status, answer.why)
	b.write(w, *answer)
}

// read turns a request into an event, or says why it cannot.
func (b *bot) read(w http.ResponseWriter, r *http.Request) (event, *reply) {
	if r.Method != http.MethodPost {
		return event{}, &reply{status: http.StatusMethodNotAllowed, why: "the method is not POST"}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); (err != nil || kind != "application/json") && !b.has(acceptsAnyContentType) {
		return event{}, &reply{status: http.StatusUnsupportedMediaType, why: "the content type is not application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, partnerkit.MaxBody))
	if err != nil {
		return event{}, refused("the body cannot be read or is too large")
	}
	o, ok := partnerkit.Parse(body)
	if !ok {
		return event{}, b.unreadable(body)
	}
	e := event{Object: o, raw: body}
	for name, into := range map[string]*string{
		"ticketNumber": &e.ticket, "channel": &e.channel, "owner": &e.owner, "customerName": &e.customer,
		"messageType": &e.kind, "message": &e.message, "mediaLink": &e.media,
	} {
		*into, _ = partnerkit.Member[string](o, name)
	}
	return e, b.incomplete(e)
}

func refused(why string) *reply { return &reply{status: http.StatusBadRequest, why: why} }

func (b *bot) unreadable(body []byte) *reply {
	switch {
	case b.has(breaksOffAtInvalid):
		panic(http.ErrAbortHandler) // the server closes the connection
	case b.has(acceptsEmptyBody) && len(body) == 0,
		b.has(acceptsAnyJSON) && json.Valid(body),
		b.has(acceptsInvalidJSON) && len(body) > 0 && !json.Valid(body):
		return &taken
	}
	return refused("the body is not one JSON object")
}

// mandatory are the ten members that the page calls so. They may be empty.
var mandatory = []string{
	"ticketNumber", "channel", "accountId", "contactId", "messageType", "message", "mediaLink", "customerName", "createdDate", "owner",
}

// incomplete refuses an event that lacks what is mandatory.
func (b *bot) incomplete(e event) *reply {
	for _, name := range mandatory {
		_, isText := partnerkit.Member[string](e.Object, name)
		switch {
		case !e.Has(name) && !b.has(acceptsMissingMembers):
			return refused(name + " is missing")
		case e.Has(name) && !isText && !b.has(acceptsWrongTypes):
			return refused(name + " is no text")
		}
	}
	if number, isText := partnerkit.Member[string](e.Object, "ticketNumber"); isText && number == "" && !b.has(acceptsMissingMembers) {
		return refused("ticketNumber is empty")
	}
	return nil
}

// take acknowledges an event as soon as its answer is on its way.
func (b *bot) take(r *http.Request, e event) *reply {
	for name, breaks := range fragile {
		if b.has(name) && breaks(e) {
			return &reply{status: http.StatusInternalServerError, why: "broke: " + name}
		}
	}
	if refusal := b.burdened(r, e); refusal != nil {
		return refusal
	}
	if e.ticket == "" { // a good bot has refused it
		return &taken
	}
	c := conversation{ticket: e.ticket, channel: e.channel, owner: e.owner, customer: e.customer}
	b.conversations.note(c)
	if err := b.answer(c, e); err != nil {
		return &reply{status: http.StatusServiceUnavailable, why: err.Error()}
	}
	return &taken
}

// burdened is where the defects of a bot under load are; a good one is not.
func (b *bot) burdened(r *http.Request, e event) *reply {
	nth := b.perTicket.Add(e.ticket)
	switch {
	case b.has(slowAcknowledgement) && nth > 4:
		b.Wait(r.Context(), time.Minute)
	case b.has(answers429ToBurst) && nth > 15:
		return &reply{status: http.StatusTooManyRequests, why: "too many messages in one ticket"}
	case b.has(refusesRepeats) && b.bodies.Add(string(e.raw)) > 1:
		return &reply{status: http.StatusConflict, why: "this message was here before"}
	case b.has(serial):
		if !b.busy.TryLock() {
			return &reply{status: http.StatusInternalServerError, why: "another message is being handled"}
		}
		defer b.busy.Unlock()
		b.Wait(r.Context(), 200*time.Millisecond)
	}
	return nil
}

func (b *bot) write(w http.ResponseWriter, answer reply) {
	switch {
	case answer.status != http.StatusOK:
		partnerkit.WriteJSON(w, answer.status, map[string]string{"status": "failed", "message": answer.why})
	case b.has(answersInHTML):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<html><body>OK</body></html>") // the caller is gone
	case b.has(answersWithError):
		partnerkit.WriteJSON(w, http.StatusOK, map[string]string{"status": "error"})
	case b.has(answers201):
		partnerkit.WriteJSON(w, http.StatusCreated, map[string]string{"status": "success"})
	default:
		partnerkit.WriteJSON(w, http.StatusOK, map[string]string{"status": "success"})
	}
}
