package threedolphins

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/parleykit/parley/conformance"
)

// ticketBodyChecks: the bodies of what a client does to tickets.
var ticketBodyChecks = []conformance.Check{
	ticketBodyCheck("send-message", "names ticket, channel, agent and text in sendMessage", "3D-TKT-026", handlingATicket, "sendMessage"),
	ticketBodyCheck("update", "names ticket, channel and agent when it updates a ticket by its body", "3D-TKT-032", handlingATicket, "updateTicket"),
	ticketBodyCheck("reassign", "names ticket and agent when it reassigns", "3D-TKT-034", handlingATicket, "reassignTicket"),
	ticketBodyCheck("escalate", "names ticket and supervisor when it escalates", "3D-TKT-037", handlingATicket, "escalateTicket"),
	{
		ID: "3dolphins/tickets/ticket-number", Title: "names the ticket in ticketNumber when it transfers or closes",
		Requirements: []string{"3D-TKT-045"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := handlingATicket.made(ctx, p, "transferTicket", "transferTicketToAgent", "closeTicket")
			if err != nil {
				return err
			}
			return eachTicketCall(calls, namesItsTicket)
		},
	},
	{
		ID: "3dolphins/tickets/upload", Title: "uploads a file as multipart/form-data",
		Requirements: []string{"3D-TKT-046"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := uploadingAFile.made(ctx, p, "uploadFile", "uploadMedia")
			if err != nil {
				return err
			}
			named := p.Reading("3D-R-75") == "multipart-file-part"
			return eachTicketCall(calls, func(c ticketCall) error { return c.uploads(named) })
		},
	},
}

// ticketBodyCheck judges the bodies of one operation by its schema.
func ticketBodyCheck(name, title, requirement string, task ticketTask, operation string) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/tickets/" + name, Title: title,
		Requirements: []string{requirement},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := task.made(ctx, p, operation)
			if err != nil {
				return err
			}
			return eachTicketCall(calls, bodyAsPrinted)
		},
	}
}

// bodyAsPrinted demands the members and types of the page; its commas and quotes
// are no JSON.
func bodyAsPrinted(c ticketCall) error {
	if f, ok := c.finding(aboutBody); ok {
		return c.deviates("JSON with the members that the page prints", f)
	}
	return nil
}

func namesItsTicket(c ticketCall) error {
	const expected = "a JSON object with the number in ticketNumber"
	if f, ok := c.finding(aboutBody); ok {
		return c.deviates(expected, f)
	}
	if number, _ := c.body["ticketNumber"].(string); number == "" {
		return conformance.Fail(expected, c.operation+" without it", c.Exchange)
	}
	return nil
}

// uploads judges the form of an upload; named demands that the part is called
// file.
func (c ticketCall) uploads(named bool) error {
	expected := "multipart/form-data with a file"
	if named {
		expected += " in the part file"
	}
	given := c.Request.Header.Get("Content-Type")
	kind, parameters, err := mime.ParseMediaType(given)
	switch {
	case given == "":
		return conformance.Fail(expected, "no content type", c.Exchange)
	case err != nil || !strings.EqualFold(kind, "multipart/form-data"):
		return conformance.Fail(expected, given, c.Exchange)
	}
	parts := multipart.NewReader(bytes.NewReader(c.Request.Body.Kept), parameters["boundary"])
	for {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF:
			return conformance.Fail(expected, "a form without a file", c.Exchange)
		case err != nil:
			return conformance.Fail(expected, "a form that can't be read: "+err.Error(), c.Exchange)
		case part.FileName() != "" && (!named || part.FormName() == "file"):
			return nil
		}
	}
}
