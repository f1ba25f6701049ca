package mockserver

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// envelop gives a sending what its event has beside the body: the parameters that the
// document gives a value of, and an ID that a signature calls it by. The error names a
// required one of which nothing gives the value; the others are there all the same.
func (s *Stage) envelop(event *specs.Operation, sending *Sending) error {
	var e outbox.Envelope
	var missing error
	for _, p := range event.Parameters {
		value, ok := s.valueOf(event, p, sending)
		switch {
		case ok:
			put(&e, p, value)
		case p.Required && p.In != "path" && !s.signs(event, p):
			missing = cmp.Or(missing, s.noValue(event, p))
		}
	}
	if s.signed(event) && s.vendor.contract.Signature.Identified() {
		e.EventID = s.NewID()
	}
	sending.envelope = e
	return missing
}

func (s *Stage) noValue(event *specs.Operation, p specs.Parameter) error {
	if p.In == "header" && (signature.IsSignature(p.Name) || s.vendor.contract.Signature != nil && s.vendor.contract.Signature.Sets(p.Name)) {
		return fmt.Errorf("%s demands the header %s, a signature, and no secret was given", event.Name(), p.Name)
	}
	return fmt.Errorf("%s demands the %s %s, whose value no document gives: write a const, an enum, an example or a default", event.Name(), p.In, p.Name)
}

// takesBody reports whether an event has a body, by its document.
func takesBody(event *specs.Operation) bool {
	return event.Payload != "" || len(event.ContentTypes) > 0
}

func put(e *outbox.Envelope, p specs.Parameter, value any) {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = textOf(one)
	}
	if isList && (p.In != "query" || !p.Explode) {
		texts = []string{strings.Join(texts, ",")}
	}
	switch p.In {
	case "query":
		if e.Query == nil {
			e.Query = url.Values{}
		}
		e.Query[p.Name] = texts
	case "header":
		if e.Header == nil {
			e.Header = http.Header{}
		}
		e.Header[http.CanonicalHeaderKey(p.Name)] = texts
	}
}

// judgedParameters judges what a sending has beside its body before it is sent.
func (s *Stage) judgedParameters(event *specs.Operation, sending Sending) []traffic.Finding {
	if len(event.Parameters) == 0 {
		return nil
	}
	out := s.outgoingOf(s.message(sending))
	out.fillIn()
	s.sign(&out)
	request := traffic.Request{Method: out.Method, URL: out.URL, Header: out.Header, Body: traffic.NewBody([]byte("{}"), 0)}
	return slices.DeleteFunc(s.vendor.judge.Request(event, &request, nil), func(f traffic.Finding) bool {
		return !strings.HasPrefix(f.Code, "parameter.")
	})
}

// fillEnvelope gives a free request what its event has beside the body, where it has
// nothing else there. What no document gives stays missing.
func (s *Stage) fillEnvelope(o *outgoing) {
	sending := Sending{Event: o.Event, Channel: o.Channel}
	_ = s.envelop(o.event, &sending)
	o.eventID = sending.envelope.EventID
	if header := sending.envelope.Header; header != nil {
		maps.Copy(header, o.Header)
		o.Header = header
	}
	if u, err := url.Parse(o.URL); err == nil {
		for name := range u.Query() {
			delete(sending.envelope.Query, name)
		}
	}
	o.URL = sending.envelope.Address(o.URL)
}

// outgoingOf is a delivery as it is sent, without its body.
func (s *Stage) outgoingOf(m outbox.Message) outgoing {
	return outgoing{
		Raw: Raw{
			Vendor: m.Vendor, Event: m.Event, Channel: m.Channel, URL: m.Address(m.URL), Header: m.Header, Broken: m.Broken,
		},
		event: s.vendor.event(m.Event), eventID: m.EventID, delivery: m.ID, faults: m.Faults, trace: m.Trace,
	}
}
