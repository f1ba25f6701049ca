package threedolphins

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"mime/multipart"
	"net/http"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// failures collects what failed of an order whose parts do not depend on each
// other.
type failures []error

func (f *failures) add(err error) {
	if err != nil {
		*f = append(*f, err)
	}
}

func (f failures) error() error { return errors.Join(f...) }

// handleTicket does to one ticket all that a client can.
func (t *ticketClient) handleTicket(ctx context.Context, o ticketOrder) (map[string]any, error) {
	tickets, err := t.tickets(ctx, o)
	if err != nil {
		return nil, err
	}
	ticket, ok := chosen(tickets, o.Ticket)
	if !ok {
		return nil, errors.New("there is no such ticket")
	}
	number, _ := partnerkit.Text(ticket, "ticketNumber")
	kind, _ := partnerkit.Text(ticket, "channelType")
	if t.has(namesChannelByID) {
		kind, _ = partnerkit.Text(ticket, "channel")
	}
	var failed failures
	for _, c := range t.changes(o, number, kind) {
		_, err := t.call(ctx, c)
		failed.add(err)
	}
	return map[string]any{"ticketNumber": number}, failed.error()
}

// chosen is the ticket of a number; with "" the newest that is not closed, or else
// the newest.
func chosen(tickets []partnerkit.Object, number string) (partnerkit.Object, bool) {
	for _, one := range tickets {
		given, _ := partnerkit.Text(one, "ticketNumber")
		status, _ := partnerkit.Text(one, "status")
		if given == number || number == "" && status != "Closed" {
			return one, true
		}
	}
	if number == "" && len(tickets) > 0 {
		return tickets[0], true
	}
	return nil, false
}

// changes are the calls that take a ticket to its end, with the defects in them.
func (t *ticketClient) changes(o ticketOrder, number, kind string) []ticketCall {
	put := func(path string, body map[string]any) ticketCall {
		return ticketCall{method: http.MethodPut, path: "/tickets/update" + path, body: body}
	}
	named := map[string]any{"ticketNumber": number}
	calls := []ticketCall{
		{method: http.MethodPost, path: "/tickets/sendMessage", body: map[string]any{
			"ticketNumber": number, "channelType": kind, "replyAgent": o.Agent, "message": o.Message,
		}},
		put("", map[string]any{"ticketNumber": number, "channelType": kind, "replyAgent": o.Agent}),
		put("/reassign", map[string]any{"ticketNumber": number, "teamMember": map[string]any{"id": o.Agent}}),
		put("/escalate", map[string]any{"ticketNumber": number, "supervisorId": o.Supervisor}),
		put("/transferToAgent", map[string]any{"ticketNumber": number, "teamMember": map[string]any{"id": o.Agent}}),
		put("/transfer", maps.Clone(named)),
		put("/close", maps.Clone(named)),
	}
	for i := range calls {
		for name, misstate := range misstatedChanges {
			if t.has(name) {
				misstate(&calls[i])
			}
		}
	}
	return calls
}

// uploadFile uploads a small text.
func (t *ticketClient) uploadFile(ctx context.Context, o ticketOrder) (map[string]any, error) {
	content := []byte("Contoh berkas.\n")
	c := ticketCall{method: http.MethodPost, path: "/tickets/files"}
	if t.has(uploadsAsJSON) {
		c.body = map[string]any{"name": o.File, "content": base64.StdEncoding.EncodeToString(content)}
	} else {
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		part, err := parts.CreateFormFile("file", o.File)
		if err != nil {
			return nil, err
		}
		part.Write(content) // memory does not fail
		parts.Close()
		c.raw, c.kind = body.Bytes(), parts.FormDataContentType()
	}
	if t.has(leavesBasePathOut) {
		c.base = "/graph"
	}
	_, err := t.call(ctx, c)
	return map[string]any{"file": o.File}, err // the answer holds the token
}
