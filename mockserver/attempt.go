package mockserver

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Raw is a request to a partner that need not follow the contract.
type Raw struct {
	Vendor      string      // contract ID; may be empty when the mock plays one vendor
	Event       string      // ID of the event that the answer is judged by; "" for none
	Channel     string      // ID
	URL         string      // default: the channel's
	Method      string      // default: the event's, or POST
	ContentType string      // default: the event's, or application/json; "-" sends none
	Header      http.Header // further ones
	Body        []byte
	Check       string        // goes into the exchange
	Broken      bool          // the request is wrong on purpose: only the answer is judged
	Unsigned    bool          // it is not signed; Header may have a signature of its own
	Timeout     time.Duration // default: the contract's, or 10 s
	SlowRead    time.Duration // wait so long between the answer's header and its body
	SlowWrite   time.Duration // the request's body drips over this time
}

// outgoing is one request to a partner.
type outgoing struct {
	Raw
	event    *specs.Operation // nil: none
	eventID  string           // what a signature calls the event
	delivery string
	attempt  int
	faults   []string
	trace    tracecontext.Context // of what caused it
}

// SendRaw makes one attempt of a free request, waits for its end and journals it.
// An exchange without a response says in Error why none came.
func (b *Sandbox) SendRaw(ctx context.Context, r Raw) *traffic.Exchange {
	in := b.current()
	stage, err := in.chosenStage(r.Vendor)
	if err != nil {
		return b.recordAlone(b.failed(outgoing{Raw: r}, err))
	}
	out := outgoing{Raw: r, event: stage.vendor.event(r.Event)}
	out.Vendor = stage.vendor.contract.ID
	if out.URL == "" {
		c, err := in.chosenChannel(stage.vendor, r.Channel)
		if err != nil {
			return b.recordAlone(b.failed(out, err))
		}
		out.Channel, out.URL = c.ID, c.URL
	}
	u, err := target(out.URL)
	if err == nil && !in.allowed(u) {
		err = notAllowed(out.URL)
	}
	if err == nil && r.Event != "" && out.event == nil {
		err = fmt.Errorf("%s has no event %q", stage.vendor.contract.Name, r.Event)
	}
	if err != nil {
		return b.recordAlone(b.failed(out, err))
	}
	if out.event != nil {
		who := b.gate.enter() // it may make an ID
		stage.fillEnvelope(&out)
		b.gate.leave(who)
	}
	return b.recordAlone(stage.exchange(ctx, out))
}

// failed is the exchange of a request that was not made.
func (b *Sandbox) failed(o outgoing, err error) *traffic.Exchange {
	o.fillIn()
	e := o.newExchange(b.now())
	e.Error = err.Error()
	return e
}

func (o *outgoing) newExchange(now time.Time) *traffic.Exchange {
	e := &traffic.Exchange{
		Time: now, Vendor: o.Vendor, Caller: traffic.Vendor, Channel: o.Channel,
		Delivery: o.delivery, Attempt: o.attempt, Check: o.Check, Faults: o.faults,
		Request: traffic.Request{Method: o.Method, URL: o.URL, Header: o.Header, Body: traffic.NewBody(bytes.Clone(o.Body), 0)},
	}
	if o.event != nil {
		e.Operation = o.event.Name()
	}
	return e
}

// attempt makes one attempt of a delivery, which is not in the journal yet.
func (s *Stage) attempt(ctx context.Context, m outbox.Message, p outbox.Plan, n int) *traffic.Exchange {
	out := s.outgoingOf(m)
	out.Timeout, out.attempt = p.Timeout, n
	if out.event == nil || takesBody(out.event) || len(m.Content) > 0 {
		var err error
		if out.event != nil && takesBody(out.event) {
			out.Body, out.ContentType, err = s.wire(out.event, m.Content)
		} else {
			out.Body, err = s.written(m)
		}
		if err != nil {
			return s.instance.sandbox.failed(out, err)
		}
	}
	return s.exchange(ctx, out)
}

// notAttempted is the attempt of a delivery that was not made.
func (s *Stage) notAttempted(m outbox.Message, n int, err error) *traffic.Exchange {
	out := s.outgoingOf(m)
	out.attempt = n
	return s.instance.sandbox.failed(out, err)
}

// exchange sends one request and judges what came back.
func (s *Stage) exchange(ctx context.Context, out outgoing) *traffic.Exchange {
	out.fillIn()
	s.passTraceOn(&out)
	if out.delivery != "" {
		out.Header.Set(HeaderDelivery, out.delivery)
	}
	s.sign(&out)
	failed := s.carryToken(&out)
	e := out.newExchange(s.Now())
	if failed != nil {
		e.Error = failed.Error()
		return e
	}
	timeout := cmp.Or(out.Timeout, s.vendor.plan.Timeout)
	ctx, cancel := context.WithTimeout(ctx, timeout+out.SlowRead+out.SlowWrite)
	defer cancel()
	response, err := s.transmit(ctx, e, out, timeout)
	if err != nil {
		e.Duration = s.instance.clock.Since(e.Time)
		e.Error = reason(ctx, err, timeout)
	}
	e.Response = response
	s.judgeEvent(e, out)
	return e
}

// transmit sends a request, or lets a listener send it.
func (s *Stage) transmit(ctx context.Context, e *traffic.Exchange, out outgoing, timeout time.Duration) (*traffic.Response, error) {
	u, err := url.Parse(out.URL)
	if err != nil {
		return nil, err
	}
	name := outbox.ListenName(u)
	if name == "" {
		return s.roundTrip(ctx, e, out)
	}
	response, err := s.instance.listeners.Offer(ctx, name, out.lease(timeout))
	e.Duration = s.instance.clock.Since(e.Time)
	return response, err
}

// lease is the request as a listener carries it out.
func (o *outgoing) lease(timeout time.Duration) outbox.Lease {
	return outbox.Lease{
		Vendor: o.Vendor, Event: o.Event, Channel: o.Channel, Delivery: o.delivery, Attempt: o.attempt, Timeout: timeout.String(),
		Request: traffic.Request{Method: o.Method, URL: o.URL, Header: o.Header, Body: traffic.NewBody(o.Body, max(1, len(o.Body)))},
	}
}

// fillIn fills in method and header.
func (o *outgoing) fillIn() {
	method, kind := http.MethodPost, "application/json"
	if o.event != nil {
		method = o.event.Method
		kind = sentAs(o.event)
		if len(o.Body) == 0 && !takesBody(o.event) {
			kind = "-"
		}
	}
	o.Method = cmp.Or(o.Method, method)
	header := o.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if o.ContentType = cmp.Or(o.ContentType, kind); o.ContentType != "-" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", o.ContentType)
	}
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "parley")
	}
	o.Header = header
}

// roundTrip sends the request. The exchange's duration ends with the answer's
// header. Redirects are not followed: nobody configured where they lead.
func (s *Stage) roundTrip(ctx context.Context, e *traffic.Exchange, out outgoing) (*traffic.Response, error) {
	request, err := http.NewRequestWithContext(ctx, out.Method, out.URL, bytes.NewReader(out.Body))
	if err != nil {
		return nil, err
	}
	if out.SlowWrite > 0 && len(out.Body) > 0 {
		request.Body, request.GetBody = &slowBody{ctx: ctx, clock: s.instance.clock, rest: out.Body, over: out.SlowWrite, parts: min(slowParts, len(out.Body))}, nil
	}
	request.Header = out.Header.Clone()
	options := &s.instance.sandbox.server.options
	response, err := options.Transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	e.Duration = s.instance.clock.Since(e.Time)
	if out.SlowRead > 0 && !s.instance.clock.Wait(ctx, out.SlowRead) {
		return nil, ctx.Err()
	}
	limit := options.BodyLimit
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off after %d bytes of its body: %w", len(body), err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("the answer %d has a body of more than %d bytes", response.StatusCode, limit)
	}
	body, _ = uncoded(body, response.Header, limit) // else it is judged as it came
	return &traffic.Response{Status: response.StatusCode, Header: response.Header, Body: traffic.NewBody(body, 0)}, nil
}

// reason says in words why no answer came.
func reason(ctx context.Context, err error, timeout time.Duration) string {
	var dns *net.DNSError
	var noURL *url.Error
	switch {
	case errors.Is(err, outbox.ErrNobodyListens), errors.Is(err, outbox.ErrNoAnswer):
		return err.Error()
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "no answer within " + timeout.String()
	case ctx.Err() != nil:
		return context.Cause(ctx).Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused: nothing listens at this address; is the partner running?"
	case errors.As(err, &dns):
		return "host " + strconv.Quote(dns.Name) + " is not known: " + dns.Err
	case errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET):
		return "the partner closed the connection without an answer"
	case errors.As(err, &noURL):
		return noURL.Err.Error()
	}
	return err.Error()
}
