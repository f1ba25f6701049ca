package scenario

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// play does what a step says.
func (r *run) play(ctx context.Context, p *conformance.Partner, s Step) error {
	switch s.kind() {
	case "ask":
		return p.Provoke(ctx, s.Ask)
	case "send":
		return r.send(ctx, p, s)
	case "call":
		return r.call(ctx, p, s)
	case "fault":
		f := *s.Fault
		f.Vendor = cmp.Or(f.Vendor, r.scenario.Vendor)
		if _, err := p.Sandbox().AddFault(f); err != nil {
			return conformance.CouldNotRun(err.Error())
		}
		return nil
	case "advance":
		if err := p.Sandbox().Clock().Advance(ctx, s.Advance); err != nil {
			return conformance.CouldNotRun(err.Error())
		}
		return nil
	case "expect":
		return r.expect(ctx, p, s)
	case "never":
		return r.never(ctx, p, s)
	}
	return r.state(ctx, p, s)
}

// send lets the vendor send an event, and judges the partner's answer.
func (r *run) send(ctx context.Context, p *conformance.Partner, s Step) error {
	ctx, cancel := context.WithTimeout(ctx, p.Timing().Answer+time.Second) // the delivery's own limit comes first
	defer cancel()
	d, err := p.Sandbox().Send(ctx, mockserver.SendRequest{
		Vendor: r.scenario.Vendor, Event: s.Send, Channel: p.Channel().ID, Set: s.Set, Sample: s.Sample, Wait: true,
	})
	if err != nil && d.ID == "" {
		return conformance.CouldNotRun(fmt.Sprintf("events/%s cannot be sent: %v", s.Send, err))
	}
	var seen []*traffic.Exchange
	for _, id := range d.Attempts {
		if e, ok := p.Sandbox().Journal().Get(id); ok {
			seen = append(seen, e)
		}
	}
	switch {
	case s.Answer != 0 && d.Status != s.Answer:
		return conformance.Fail(fmt.Sprintf("status %d", s.Answer), answered(d), seen...)
	case s.Answer == 0 && d.State != outbox.Delivered && d.State != outbox.Lost:
		return conformance.Fail("an answer of success", answered(d), seen...)
	}
	return r.save(s.Save, d.Body)
}

func answered(d outbox.Delivery) string {
	if d.Status == 0 {
		return cmp.Or(d.Error, string(d.State))
	}
	return fmt.Sprintf("status %d", d.Status)
}

// expect waits for as many calls as the step says that no step before has had.
func (r *run) expect(ctx context.Context, p *conformance.Partner, s Step) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.Within, max(p.Timing().Stimulus, p.Timing().Retry)))
	defer cancel()
	want, match := max(s.Times, 1), s.match()
	found, err := p.Sandbox().Journal().Wait(ctx, want, func(e *traffic.Exchange) bool { return r.open(e) && len(match.Differences(e)) == 0 })
	if err != nil {
		if !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		actual, seen := r.nearest(p, match, len(found))
		return conformance.Fail(match.String()+times(want), actual, seen...)
	}
	for _, e := range found[:want] {
		r.used[e] = true
	}
	if err := r.save(s.Save, found[0].Request.Body.Kept); err != nil { // the partner's body
		return conformance.Fail("a call with all that later steps need", err.Error(), found[0])
	}
	return nil
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d times", n)
}

// open tells whether a call of the partner's belongs to the story and was not yet
// expected.
func (r *run) open(e *traffic.Exchange) bool {
	return e.Caller == traffic.Partner && !r.before[e] && !r.used[e]
}

// nearest says what came instead of a call that was expected.
func (r *run) nearest(p *conformance.Partner, match mockserver.Match, found int) (string, []*traffic.Exchange) {
	calls := p.Sandbox().Journal().Find(r.open)
	closest, least := match.Closest(calls)
	switch {
	case closest == nil && found == 0:
		return "no call at all", nil
	case closest == nil:
		return fmt.Sprintf("%d", found), calls
	}
	return fmt.Sprintf("%d of %d calls; the closest differs: %s", found, len(calls), strings.Join(least, ", ")), []*traffic.Exchange{closest}
}

// never waits, and no call may have come that matches.
func (r *run) never(ctx context.Context, p *conformance.Partner, s Step) error {
	match := s.match()
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.For, p.Timing().Quiet))
	defer cancel()
	found, err := p.Sandbox().Journal().Wait(ctx, 1, func(e *traffic.Exchange) bool { return r.open(e) && len(match.Differences(e)) == 0 })
	if err == nil {
		return conformance.Fail("no call "+match.String(), "one", found...)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// call lets somebody else call the vendor.
func (r *run) call(ctx context.Context, p *conformance.Partner, s Step) error {
	ctx, cancel := context.WithTimeout(ctx, p.Timing().Answer)
	defer cancel()
	var body io.Reader
	if s.Call.Body != nil {
		data, err := json.Marshal(s.Call.Body)
		if err != nil {
			return conformance.CouldNotRun("the body of the call is no JSON: " + err.Error())
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, s.Call.Method, p.Sandbox().BaseURL()+s.Call.Path, body)
	if err != nil {
		return conformance.CouldNotRun(err.Error())
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range s.Call.Header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return conformance.CouldNotRun(err.Error())
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxBytes))
	if err != nil {
		return conformance.CouldNotRun(err.Error())
	}
	r.own(p, response.Header.Get(mockserver.HeaderExchange))
	if want := cmp.Or(s.Status, http.StatusOK); response.StatusCode != want {
		return conformance.CouldNotRun(fmt.Sprintf("%s %s was answered %d, not %d: %.200s", s.Call.Method, s.Call.Path, response.StatusCode, want, answer))
	}
	return r.save(s.Save, answer)
}

// own keeps a call of ours from being taken for the partner's.
func (r *run) own(p *conformance.Partner, id string) {
	if e, ok := p.Sandbox().Journal().Get(id); ok {
		r.before[e] = true
	}
}

// save keeps values of a body for later steps.
func (r *run) save(names map[string]string, body []byte) error {
	for name, path := range names {
		value, ok := valuepath.Text(body, path)
		if !ok {
			return conformance.CouldNotRun(fmt.Sprintf("save %s: the body has no %s: %.200s", name, path, body))
		}
		r.saved[name] = value
	}
	return nil
}

// valid demands that nothing that the partner sent in the story breaks the
// contract.
func (r *run) valid(p *conformance.Partner) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	judged := 0
	for _, e := range p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return !r.before[e] }) {
		judged++
		part := traffic.InRequest
		if e.Caller == traffic.Vendor {
			part = traffic.InResponse
		}
		for _, f := range e.Findings {
			if f.Part == part && f.Severity == traffic.Error {
				err := conformance.Fail("nothing that breaks the contract", f.String(), e)
				if f.Requirement == "" {
					return err
				}
				return conformance.Breaking(err, f.Requirement)
			}
		}
	}
	if judged == 0 {
		return conformance.CouldNotRun("nothing was sent in this story")
	}
	return nil
}
