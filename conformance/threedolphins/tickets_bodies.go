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
	ticketBodyCheck("send-message", "names ticket, channel, agent and text in sendMessage", handlingATicket, "sendMessage", "3D-TKT-026", wholeBody),
	ticketBodyCheck("update", "names ticket, channel and agent when it updates a ticket by its body", handlingATicket, "updateTicket", "3D-TKT-032", wholeBody),
	ticketBodyCheck("reassign", "names ticket and agent when it reassigns", handlingATicket, "reassignTicket", "3D-TKT-034", wholeBody),
	ticketBodyCheck("escalate", "names ticket and supervisor when it escalates", handlingATicket, "escalateTicket", "3D-TKT-037", wholeBody),
	{
		ID: "3dolphins/tickets/ticket-number", Title: "names the ticket in ticketNumber when it transfers or closes",
		Requirements: []string{"3D-TKT-045"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := handlingATicket.made(ctx, p, "transferTicket", "transferTicketToAgent", "closeTicket")
			if err != nil {
				return err
			}
			return conformance.JudgeEach(p, calls, namesItsTicket)
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
			return conformance.JudgeEach(p, calls, uploads)
		},
	},
}

// What demands that all is there that is printed, of most bodies and of that of the
// Report API.
const (
	wholeBody   = "3D-TKT-049"
	wholeFilter = "3D-HIS-017"
)

// ticketBodyCheck judges the bodies of one operation by its schema.
func ticketBodyCheck(name, title string, task ticketTask, operation string, requirements ...string) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/tickets/" + name, Title: title,
		Requirements: requirements,
		Run: func(ctx context.Context, p *conformance.Partner) error {
			calls, err := task.made(ctx, p, operation)
			if err != nil {
				return err
			}
			return conformance.JudgeEach(p, calls, bodyAsPrinted)
		},
	}
}

// bodyAsPrinted demands the names and types of the page; its commas and quotes are no
// JSON. Whether all must be there is a reading.
func bodyAsPrinted(p *conformance.Partner, c ticketCall) error {
	f, ok := c.finding(aboutBody)
	if !ok {
		return nil
	}
	err := c.deviates("JSON with the members that the page prints", f)
	switch {
	case strings.HasPrefix(f.Code, "json."):
		return conformance.Breaking(err, "3D-TKT-002")
	case f.Requirement == wholeBody:
		p.Reading("3D-R-61")
	case f.Requirement == wholeFilter:
		p.Reading("3D-R-94")
	}
	return err
}

// namesItsTicket demands what the readings say of the three bodies that no page prints.
func namesItsTicket(p *conformance.Partner, c ticketCall) error {
	const expected = "a JSON object with the number in ticketNumber"
	f, broken := c.finding(aboutBody)
	number, _ := c.body["ticketNumber"].(string)
	if !broken && number != "" {
		return nil
	}
	p.Reading(map[string]string{"transferTicket": "3D-R-68", "transferTicketToAgent": "3D-R-69", "closeTicket": "3D-R-71"}[c.operation])
	if broken {
		return c.deviates(expected, f)
	}
	return conformance.Fail(expected, c.operation+" without it", c.Exchange)
}

// uploads judges the form of an upload: 3D-R-75.
func uploads(p *conformance.Partner, c ticketCall) error {
	why, named := c.misuploaded()
	switch {
	case why == "" && (named || p.Reading("3D-R-75") != "multipart-file-part"):
		return nil
	case why == "":
		why = "a form without a file in the part file"
	}
	p.Reading("3D-R-75")
	return conformance.Fail("multipart/form-data with a file", why, c.Exchange)
}

// misuploaded says why an upload is no form with a file, and whether the part with the
// file is called file.
func (c ticketCall) misuploaded() (why string, named bool) {
	given := c.Request.Header.Get("Content-Type")
	kind, parameters, err := mime.ParseMediaType(given)
	switch {
	case given == "":
		return "no content type", false
	case err != nil || !strings.EqualFold(kind, "multipart/form-data"):
		return given, false
	}
	parts, found := multipart.NewReader(bytes.NewReader(c.Request.Body.Kept), parameters["boundary"]), false
	for {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF && found:
			return "", false
		case err == io.EOF:
			return "a form without a file", false
		case err != nil:
			return "a form that can't be read: " + err.Error(), false
		case part.FileName() != "" && part.FormName() == "file":
			return "", true
		}
		found = found || part.FileName() != ""
	}
}
