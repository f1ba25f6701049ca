package generated

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/traffic"
)

// signatures is what a check of the vendor's own covers that judges how a partner
// verifies them.
const signatures = "signature"

// forgery is one way to sign an event, rightly or wrongly.
type forgery struct {
	name, title string
	right       bool // it is to be taken
	when        func(signature.Scheme) bool
	requests    func(forger) []request
}

var forgeries = []forgery{
	{name: "accepted", title: "takes an event with the right signature", right: true, requests: forger.right},
	{name: "rotation", title: "takes an event with several signatures of which one is right, as while a secret is replaced", right: true, when: signature.Scheme.Several, requests: forger.several},
	{name: "missing", title: "does not answer success to an event without a signature", requests: forger.missing},
	{name: "wrong", title: "does not answer success to an event that is signed with another secret", requests: forger.foreign},
	{name: "truncated", title: "does not answer success to an event with half a signature", requests: forger.truncated},
	{name: "changed-body", title: "does not answer success to an event whose body has one byte more than was signed", requests: forger.changed},
	{name: "stale", title: "does not answer success to an event whose signature is too old", when: func(s signature.Scheme) bool { return s.Tolerance > 0 }, requests: forger.stale},
}

// forger signs one event of a partner's.
type forger struct {
	event
	partner *conformance.Partner
	keys    [][]byte
	valid   request // the event as the vendor sends it
}

// signatureChecks: the partner takes what is signed rightly, and nothing else. They send
// one event: how it is signed does not depend on which.
func (m *maker) signatureChecks() []conformance.Check {
	s := m.contract.Signature
	v, ok := m.signedEvent()
	if s == nil || !ok || m.named(signatures) {
		return nil
	}
	var checks []conformance.Check
	for _, f := range forgeries {
		if f.when != nil && !f.when(s.Scheme) {
			continue
		}
		facts, requirements := m.aboutSignature(f)
		checks = append(checks, conformance.Check{
			ID: m.contract.ID + "/webhook/signature/" + f.name, Title: f.title,
			Facts: facts, Requirements: requirements,
			Run: func(ctx context.Context, p *conformance.Partner) error { return v.forge(ctx, p, f) },
		})
	}
	return checks
}

// signedEvent is the first event that can be sent with a body, or else the first with one.
func (m *maker) signedEvent() (event, bool) {
	var all []event
	for _, o := range m.contract.Events {
		if v := (event{maker: m, Operation: o, payload: m.contract.Payloads[o.Payload]}); v.payload != nil {
			all = append(all, v)
		}
	}
	i := slices.IndexFunc(all, func(v event) bool { return v.composable() == nil })
	if len(all) == 0 {
		return event{}, false
	}
	return all[max(i, 0)], true
}

// aboutSignature is what a check of signatures rests on: that the vendor signs so, with
// the evidence of that.
func (m *maker) aboutSignature(f forgery) (facts []conformance.Requirement, requirements []string) {
	s := m.contract.Signature
	e := s.Evidence
	e.Source = cmp.Or(e.Source, s.Document)
	text := fmt.Sprintf("%s signs its events, and what is not signed so is not from it; %s", m.contract.Name, s.Scheme)
	switch f.name {
	case "stale":
		text += fmt.Sprintf("; a signature is at most %s old", short(s.Tolerance))
	case "rotation":
		text += "; while a secret is replaced there are several, and one that fits is enough"
	}
	return []conformance.Requirement{fact(signatures, text, e)}, m.quoting(s.Evidence)
}

func (v event) forge(ctx context.Context, p *conformance.Partner, f forgery) error {
	secrets := p.Sandbox().Secrets(v.contract.ID)
	if len(secrets) == 0 {
		return conformance.NotApplicable("no secret was given, so that nothing is signed")
	}
	keys, err := v.contract.Signature.Keys(secrets...)
	if err != nil {
		return conformance.CouldNotRun(err.Error())
	}
	valid, err := v.valid(p, "", v.ID)
	if err != nil {
		return err
	}
	requests := f.requests(forger{event: v, partner: p, keys: keys, valid: valid})
	if f.right {
		return each(ctx, p, v.taken, requests...)
	}
	return v.afterControl(ctx, p, v.unforged, requests)
}

// unforged demands an answer that does not say that the event was taken. Which status
// that is, no scheme says: one from 400 to 499 will do, and any other that is
// documented.
func (v event) unforged(what string, e *traffic.Exchange) error {
	const expected = "an answer that is no success"
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expected, what, e)
	case v.took(e.Status()), isSuccess(e.Status()):
		return conformance.Fail(expected, was(what, e), e)
	case v.documents(e.Status()):
		return fitting(what, e)
	case e.Status() >= http.StatusBadRequest && e.Status() < http.StatusInternalServerError:
		return nil
	}
	return conformance.Warn("a status from 400 to 499, or a documented one", was(what, e), e)
}

// signed is the event with these headers in the place of its signature.
func (f forger) signed(what string, header http.Header) request {
	r := f.valid
	r.what, r.Unsigned, r.Broken, r.Header = what, true, true, header
	return r
}

// header signs the event's body at a distance from now.
func (f forger) header(later time.Duration, keys ...[]byte) http.Header {
	now := f.partner.Sandbox().Clock().Now().Add(later)
	return f.contract.Signature.Sign(signature.Delivery{ID: f.partner.NewID("msg"), Time: now, Body: f.valid.Body}, keys...)
}

// other is a key that the partner does not know.
func (f forger) other() []byte { return []byte(f.partner.NewID("another-secret")) }

func (f forger) right() []request { return []request{f.valid} }

func (f forger) several() []request {
	return []request{
		f.signed(f.ID+" with the right signature behind another", f.header(0, f.other(), f.keys[0])),
		f.signed(f.ID+" with the right signature before another", f.header(0, f.keys[0], f.other())),
	}
}

func (f forger) missing() []request {
	header := f.header(0, f.keys...)
	header.Del(f.contract.Signature.Header)
	return []request{f.signed(f.ID+" without "+f.contract.Signature.Header, header)}
}

func (f forger) foreign() []request {
	return []request{f.signed(f.ID+" that is signed with another secret", f.header(0, f.other()))}
}

func (f forger) truncated() []request {
	header, name := f.header(0, f.keys[0]), f.contract.Signature.Header
	text := header.Get(name)
	header.Set(name, text[:len(text)-f.contract.Signature.Length()/2])
	return []request{f.signed(f.ID+" with half of its signature", header)}
}

func (f forger) changed() []request {
	r := f.signed(f.ID+" with a space more at its end than was signed", f.header(0, f.keys...))
	r.Body = append(slices.Clone(r.Body), ' ')
	return []request{r}
}

func (f forger) stale() []request {
	age := 2 * f.contract.Signature.Tolerance
	return []request{f.signed(fmt.Sprintf("%s whose signature is %s old", f.ID, short(age)), f.header(-age, f.keys...))}
}

// short is a duration without seconds that are none: 5m.
func short(d time.Duration) string {
	if text, ok := strings.CutSuffix(d.String(), "m0s"); ok {
		return text + "m"
	}
	return d.String()
}
