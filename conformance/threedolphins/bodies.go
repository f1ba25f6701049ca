package threedolphins

import (
	"context"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// mandatory are the ten members that the page calls so.
var mandatory = []string{
	"ticketNumber", "channel", "accountId", "contactId", "messageType", "message", "mediaLink", "customerName", "createdDate", "owner",
}

// nobody is the customer of what is no Incoming Event, by whom an answer to it is known
// when it names no ticket.
const nobody = "Purwarupa Rusak"

// bodyChecks: what is no Incoming Event. No page says how a third party answers
// it, so they are undetermined unless 3D-R-10 is switched.
var bodyChecks = []conformance.Check{
	bodyCheck("invalid-json", "does not answer a body that is no JSON with success", func(r request) []request {
		whole := r.Body
		return []request{
			r.written("a body that breaks off", whole[:len(whole)-1]),
			r.written("a body with a comma too many", append(whole[:len(whole)-1:len(whole)-1], ",}"...)),
			r.written("a body without its commas, as the page prints it,", withoutCommas(whole)),
			r.written("a body that is prose", []byte("Halo!")),
		}
	}),
	bodyCheck("empty-body", "does not answer an empty body with success", func(r request) []request {
		return []request{r.written("an empty body", nil)}
	}),
	bodyCheck("not-an-object", "does not answer JSON that is no object with success", func(r request) []request {
		return []request{
			r.written("a list with the event in it", append(append([]byte("["), r.Body...), ']')),
			r.written("a string", []byte(`"Halo"`)),
			r.written("null", []byte("null")),
		}
	}),
	bodyCheck("missing-members", "does not answer an event that lacks a mandatory member with success", func(r request) []request {
		var requests []request
		for _, name := range mandatory {
			requests = append(requests, r.changed("an event without "+name, without(name)))
		}
		return append(requests, r.changed("an event without a number in ticketNumber", with("ticketNumber", "")))
	}),
	bodyCheck("wrong-types", "does not answer an event whose members are no texts with success", func(r request) []request {
		return []request{
			r.changed("an event whose ticketNumber is a number", with("ticketNumber", 294)),
			r.changed("an event whose message is an object", with("message", map[string]any{"text": "Halo"})),
			r.changed("an event whose mediaLink is null", with("mediaLink", nil)),
			r.changed("an event whose customerName is a list", with("customerName", []any{"Contoh", "Penguji"})),
			r.changed("an event whose createdDate is a number", with("createdDate", 1619599177945)),
		}
	}),
	{
		ID: "3dolphins/webhook/wrong-content-type", Title: "does not answer an event of another content type than JSON with success",
		Requirements: []string{"3D-INT-028"},
		Run:          all(otherContentType, wrongContentTypes),
	},
}

func bodyCheck(name, title string, requests func(valid request) []request) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/webhook/" + name, Title: title,
		Requirements: []string{"3D-INT-028"},
		Run: all(notTaken, func(ctx context.Context, p *conformance.Partner) []request {
			valid := incoming(ctx, p, "", map[string]any{"customerName": nobody})
			if valid.err != nil {
				return []request{valid}
			}
			return requests(valid)
		}),
	}
}

func wrongContentTypes(ctx context.Context, p *conformance.Partner) []request {
	var requests []request
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "-"} {
		r := incoming(ctx, p, "an event as "+kind, map[string]any{"customerName": nobody})
		if kind == "-" {
			r.what = "an event without content type"
		}
		r.ContentType, r.Broken = kind, true
		requests = append(requests, r)
	}
	return requests
}

// otherContentType is notTaken where 3D-R-08 does not leave success open as well.
func otherContentType(p *conformance.Partner, what string, e *traffic.Exchange) error {
	if taken := e.Status() >= 200 && e.Status() < 300; taken && p.Reading("3D-R-08") == "json-expected" {
		return conformance.Undetermined("3D-R-08", was(what, e), e)
	}
	return notTaken(p, what, e)
}

// withoutCommas leaves out the commas between members that the page's sample lacks.
func withoutCommas(body []byte) []byte {
	var kept []byte
	for i, c := range body {
		if c == ',' && i > 0 && body[i-1] == '"' {
			continue
		}
		kept = append(kept, c)
	}
	return kept
}
