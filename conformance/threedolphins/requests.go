package threedolphins

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
)

// request is one request to the third party, and what is special about it.
type request struct {
	mockserver.Raw
	what string
	body map[string]any // the Incoming Event, before a change
	err  error          // why there is none
}

func (r request) ticket() string { return textOf(r.body, "ticketNumber") }

// incoming is the message of a new customer in a ticket of their own, as 3Dolphins
// sends it: the documented sample with new IDs, and with what set says.
func incoming(ctx context.Context, p *conformance.Partner, what string, set map[string]any) request {
	return sampled(ctx, p, what, "", set)
}

// sampled is incoming with another sample: image, video, audio, file, location,
// sticker, without-additional.
func sampled(ctx context.Context, p *conformance.Partner, what, sample string, set map[string]any) request {
	fresh := strings.TrimPrefix(p.NewID("customer"), "customer-") // 12 hexadecimal digits
	digits, err := strconv.ParseUint(fresh, 16, 64)
	if err != nil {
		return request{err: err}
	}
	own := map[string]any{
		"ticketNumber": "f0e1d2c3b4a5968778a9" + fresh, "accountId": fmt.Sprintf("62%010d", digits%1e10), "customerName": "Contoh Penguji",
	}
	maps.Copy(own, set)
	body, err := remembered(ctx, p, sample, own)
	if err != nil {
		return request{err: err}
	}
	return request{mockserver.Raw{Event: "incoming", Body: conformance.Encode(body)}, what, body, nil}
}

// again is one more message of the customer of a request.
func (r request) again(ctx context.Context, p *conformance.Partner, what string, set map[string]any) request {
	if r.err != nil {
		return r
	}
	own := map[string]any{"ticketNumber": r.ticket(), "accountId": r.body["accountId"], "channel": r.body["channel"], "customerName": r.body["customerName"]}
	maps.Copy(own, set)
	return sampled(ctx, p, what, "", own)
}

// changed is a request that 3Dolphins would not send: change does one thing to the
// body of one that it would.
func (r request) changed(what string, change func(body map[string]any)) request {
	if r.err != nil {
		return r
	}
	body := maps.Clone(r.body)
	change(body)
	return r.written(what, conformance.Encode(body))
}

// written is a request with another text for a body, which 3Dolphins would not send.
func (r request) written(what string, text []byte) request {
	r.what, r.Body, r.Broken = what, text, true
	return r
}

// remembered lets 3Dolphins note that a customer wrote, and returns the Incoming
// Event. Its delivery is withheld: the check delivers it, to see the answer.
func remembered(ctx context.Context, p *conformance.Partner, sample string, set map[string]any) (map[string]any, error) {
	channel := p.Channel().ID
	delivered := p.Fault(fault.Rule{Event: "incoming", Lose: true, Channel: channel, Where: map[string]any{"ticketNumber": set["ticketNumber"]}})
	defer delivered()
	d, err := p.Sandbox().Send(ctx, mockserver.SendRequest{Vendor: p.Contract().ID, Event: "incoming", Channel: channel, Sample: sample, Set: set})
	if err != nil {
		return nil, conformance.CouldNotRun("3Dolphins cannot send an Incoming Event: " + err.Error())
	}
	var body map[string]any
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return nil, fmt.Errorf("the Incoming Event of delivery %s: %w", d.ID, err)
	}
	return body, nil
}

func textOf(body map[string]any, name string) string {
	text, _ := body[name].(string)
	return text
}

// without removes a member.
func without(name string) func(map[string]any) {
	return func(body map[string]any) { delete(body, name) }
}

// with sets a member.
func with(name string, value any) func(map[string]any) {
	return func(body map[string]any) { body[name] = value }
}
