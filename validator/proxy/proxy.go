// Package proxy stands between a partner and a vendor, forwards what they say
// unchanged, and judges it against a contract: beside the traffic, or, when it is
// strict, before it passes.
package proxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/drain"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// Options are what may be chosen. The zero value forwards a partner's calls to a
// vendor and judges them beside the traffic.
type Options struct {
	Reverse    bool                    // the target is a partner's webhook, and the vendor calls it
	Strict     Strict                  // whether what breaks the contract is stopped
	KeepHost   bool                    // send the caller's Host header instead of the target's
	Annotate   bool                    // add HeaderExchange and HeaderFindings to responses
	BodyLimit  int64                   // how many bytes of a body are judged; default 1 MiB
	Memory     int64                   // for all bodies that are not judged yet, in bytes; default 64 MiB
	Queue      int                     // how many exchanges may wait to be judged; default 1,024
	Journal    traffic.Limits          // of the journal
	Redactor   *redaction.Redactor     // of what the proxy itself answers; default the contract's
	Transport  http.RoundTripper       // to the target; default NewTransport(0, nil)
	Now        func() time.Time        // default time.Now
	OnExchange func(*traffic.Exchange) // called after journalling, in the journal's order; a slow one delays judging, not forwarding
}

// Strict says what happens to a request or response with an error.
type Strict string

// The three ways. Stopped requests are not forwarded; instead of a stopped
// response the caller gets 502, as problem+json.
const (
	Lenient          Strict = ""           // everything is forwarded
	StrictProblem    Strict = "problem"    // requests are answered with 422, as problem+json
	StrictDocumented Strict = "documented" // requests are answered as the contract documents for invalid ones; 422 where it does not
)

// The headers that annotated responses, and all that are Parley's own, have.
const (
	HeaderExchange = "Parley-Exchange" // ID in the journal
	HeaderFindings = "Parley-Findings" // how many warnings and errors the request has
	HeaderProblem  = "Parley-Problem"  // only on Parley's own answers: the kind of problem
)

// Proxy is an http.Handler that forwards to one target. It must be closed.
type Proxy struct {
	judge    *validator.Validator
	sequence *validator.Sequence
	target   *url.URL
	options  Options
	journal  *traffic.Journal
	memory   budget
	redact   *redaction.Redactor
	silent   *log.Logger
	numbers  atomic.Uint64

	mu     sync.Mutex // of queue's closing
	closed bool
	queue  chan *call
	ended  chan struct{}

	exchanges, notJudged, turned atomic.Uint64
}

// Stats counts what came.
type Stats struct {
	Exchanges uint64 // that entered the journal
	NotJudged uint64 // that were forwarded but not judged, and are not in the journal, because too many waited
	Turned    uint64 // requests that could not be meant for the target; they are no exchanges
}

// New returns a proxy to a target, an absolute http or https URL. In front of a
// vendor its path is put before that of every request; in front of a webhook it
// is the webhook's, and "/" is short for it.
func New(judge *validator.Validator, target *url.URL, o Options) (*Proxy, error) {
	if err := vet(target); err != nil {
		return nil, err
	}
	if o.Strict != Lenient && o.Strict != StrictProblem && o.Strict != StrictDocumented {
		return nil, fmt.Errorf("strict %q is not known; it is %s or %s", o.Strict, StrictProblem, StrictDocumented)
	}
	o.BodyLimit = cmp.Or(max(o.BodyLimit, 0), 1<<20)
	o.Queue = cmp.Or(max(o.Queue, 0), 1024)
	if o.Transport == nil {
		o.Transport = NewTransport(0, nil)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Proxy{
		judge: judge, sequence: judge.Sequence(), target: target, options: o,
		journal: traffic.NewJournal(o.Journal),
		memory:  budget{limit: cmp.Or(max(o.Memory, 0), 64<<20)},
		redact:  cmp.Or(o.Redactor, validator.Redactor(judge.Contract())),
		silent:  log.New(io.Discard, "", 0),
		queue:   make(chan *call, o.Queue),
		ended:   make(chan struct{}),
	}
	go p.work()
	return p, nil
}

// vet refuses a target that could not be forwarded to as it is written.
func vet(u *url.URL) error {
	switch {
	case u == nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("the target is no absolute URL; write it with its scheme, for example https://my-domain.com")
	case u.User != nil:
		return errors.New("the target has a user or password in it; leave them out: the proxy adds nothing to requests")
	case u.Fragment != "":
		return errors.New("the target has a fragment (#), which is never sent; leave it out")
	}
	return nil
}

// Journal returns the record of what was forwarded. An exchange enters it once it
// is judged, which may be after the caller has its answer.
func (p *Proxy) Journal() *traffic.Journal { return p.journal }

// Stats returns the present counts.
func (p *Proxy) Stats() Stats {
	return Stats{Exchanges: p.exchanges.Load(), NotJudged: p.notJudged.Load(), Turned: p.turned.Load()}
}

// Close waits until what came is judged, or until ctx ends. Shut the server down
// first: exchanges that end later are only counted.
func (p *Proxy) Close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.queue)
	}
	p.mu.Unlock()
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d exchanges or more are not judged yet: %w", max(1, len(p.queue)), ctx.Err())
	}
}

// ServeHTTP forwards one request.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if turned := p.turn(r); turned != nil {
		p.turned.Add(1)
		if r.Header.Get("Expect") != "" { // its sender waits for the answer, and then sends nothing
			turned.write(w)
			return
		}
		drain.Before(w)
		turned.write(w)
		drain.Rest(w, r.Body)
		return
	}
	c := p.begin(w, r)
	defer p.end(c) // also when the answer breaks off, which is a panic
	if p.options.Strict != Lenient {
		if refusal := c.holdRequest(); refusal != nil {
			c.refuse(refusal)
			return
		}
	}
	c.forward()
}

// begin starts the record of a request.
func (p *Proxy) begin(w http.ResponseWriter, r *http.Request) *call {
	r = r.WithContext(r.Context()) // a copy: the server looks at the body of its own
	c := &call{proxy: p, id: numbered(p.numbers.Add(1)), began: p.options.Now(), writer: w, request: r}
	c.drop()
	c.sent.start(&p.memory, p.options.BodyLimit, r.ContentLength)
	if r.Body == nil || r.Body == http.NoBody {
		c.sent.err = io.EOF
	} else {
		c.sent.source, r.Body = r.Body, &c.sent
	}
	return c
}

// numbered writes "ex-000042".
func numbered(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	return "ex-" + "000000"[min(len(digits), 6):] + digits
}

// host is what the target is called in texts.
func (p *Proxy) host() string { return p.target.Scheme + "://" + p.target.Host }

// who answers behind the proxy, in words.
func (p *Proxy) who() string {
	if p.options.Reverse {
		return "the partner's webhook"
	}
	return "the vendor's API"
}
