package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"sync"
	"time"

	"github.com/parleykit/parley/traffic"
)

// call is one request on its way, and what came of it.
type call struct {
	proxy   *Proxy
	id      string
	began   time.Time
	took    time.Duration
	writer  http.ResponseWriter
	request *http.Request

	sent, received capture
	status         int         // of the target's answer; 0: none came
	header         http.Header // of the target's answer

	dropped []string          // headers of the request that its Connection keeps from being forwarded
	duplex  bool              // the answer began before the request ended
	failure string            // why no answer came
	gone    bool              // the caller went away before it had the answer
	refused *traffic.Response // Parley's own answer, instead of forwarding or of the target's
	judged  *traffic.Exchange // where it had to be judged at once
	socket  bool              // it became a WebSocket, and its exchange is handed over
}

// buffers are those of copying responses.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte  { return *b.pool.Get().(*[]byte) }
func (b *buffers) Put(s []byte) { b.pool.Put(&s) }

var copying = &buffers{sync.Pool{New: func() any { s := make([]byte, 32<<10); return &s }}}

// forward hands the request to the target and the answer to the caller.
func (c *call) forward() {
	through := httputil.ReverseProxy{
		Rewrite:        c.rewrite,
		Transport:      c.proxy.options.Transport,
		FlushInterval:  -1,
		BufferPool:     copying,
		ErrorLog:       c.proxy.silent,
		ModifyResponse: c.answered,
		ErrorHandler:   func(_ http.ResponseWriter, _ *http.Request, err error) { c.failed(err) },
	}
	if c.request.Header.Get("Expect") != "" {
		through.ServeHTTP(oneContinue{c.writer}, c.request)
		return
	}
	through.ServeHTTP(c.writer, c.request)
}

// oneContinue leaves 100 Continue to the server, which says it when the body begins to be
// read, as it is when the target has said it: its own would be a second one.
type oneContinue struct{ http.ResponseWriter }

func (w oneContinue) WriteHeader(status int) {
	if status != http.StatusContinue {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Unwrap is for http.ResponseController.
func (w oneContinue) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// answered is called when the header of the answer is there.
func (c *call) answered(r *http.Response) error {
	if r.StatusCode < 100 { // net/http reads it, and panics when it is to be written
		return &oddStatus{r.Status}
	}
	c.status, c.header = r.StatusCode, r.Header
	if r.StatusCode == http.StatusSwitchingProtocols {
		c.openSocket()
		return nil
	}
	c.received.start(&c.proxy.memory, c.proxy.options.BodyLimit, r.ContentLength)
	c.received.source, r.Body = r.Body, &c.received
	for _, name := range []string{"Date", "Content-Type"} {
		if _, ok := r.Header[name]; !ok {
			c.writer.Header()[name] = nil // else the server would add one
		}
	}
	if !c.sent.state().whole { // else the server would read the request to its end before the answer begins
		_ = http.NewResponseController(c.writer).EnableFullDuplex()
		c.duplex = true
	}
	if c.proxy.options.Strict != Lenient {
		if err := c.holdResponse(r); err != nil {
			return err
		}
	}
	if c.proxy.options.Annotate {
		c.annotate(r)
	}
	return nil
}

// annotate adds to the answer what mocks add to theirs. A request that is not
// read to its end by now is not counted.
func (c *call) annotate(r *http.Response) {
	r.Header = r.Header.Clone() // the record has the target's
	r.Header.Set(HeaderExchange, c.id)
	r.Header.Del(HeaderFindings)
	if request := c.sent.state(); request.whole {
		n := 0
		for _, f := range c.judgeRequest(request).Findings {
			if f.Severity.AtLeast(traffic.Warn) {
				n++
			}
		}
		r.Header.Set(HeaderFindings, strconv.Itoa(n))
	}
}

// failed is called when no answer came, or when it may not pass.
func (c *call) failed(err error) {
	var refusal *refusal
	switch sent := c.sent.state(); {
	case errors.As(err, &refusal):
		c.refused = refusal.response
		write(c.writer, refusal.response)
		return
	case c.request.Context().Err() != nil || errors.Is(err, context.Canceled):
		c.gone = true
		panic(http.ErrAbortHandler) // there is nobody to answer
	case sent.err != nil && !errors.Is(sent.err, io.EOF):
		c.gone, c.failure = true, "the request's body broke off: "+sent.err.Error()
		p := problem{Status: http.StatusBadRequest, Kind: "request", Detail: c.failure + "; send as many bytes as announced", Exchange: c.id}
		p.write(c.writer)
		return
	}
	c.status = 0 // an answer that can't be read to its end is none
	if sent := c.sent.state(); sent.size == 0 && !sent.whole && c.request.Header.Get("Expect") == "" {
		_, _ = io.Copy(io.Discard, io.LimitReader(&c.sent, c.sent.limit)) // to judge what nobody took
	}
	p := c.proxy.explain(err)
	c.failure, p.Exchange = p.reason, c.id
	p.write(c.writer)
}

// end hands the call over to be judged, or counts it as not judged when too many
// wait already: the next caller does not wait for it.
func (p *Proxy) end(c *call) {
	if c.socket {
		return
	}
	c.took = p.options.Now().Sub(c.began)
	c.sent.freeze()
	c.received.freeze()
	if c.status != 0 && c.refused == nil && !c.received.state().whole && c.request.Context().Err() != nil {
		c.gone = true
	}
	p.handOver(c)
	if c.duplex && c.request.Header.Get("Expect") == "" {
		// Who answers early must read the rest of the request before the server looks
		// for the next one.
		_ = http.NewResponseController(c.writer).Flush()
		c.sent.source.Close()
	}
}

func (p *Proxy) handOver(c *call) {
	if !p.enqueue(c) {
		c.release()
		p.notJudged.Add(1)
	}
}

func (p *Proxy) enqueue(c *call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	select {
	case p.queue <- c:
		return true
	default:
		return false
	}
}

func (c *call) release() {
	c.sent.release()
	c.received.release()
}

// rest is how long nobody is woken after the last call that waited was judged: what comes
// meanwhile is judged, and recorded, together. To be woken for each costs a tenth of all
// where traffic is recorded.
const rest = 2 * time.Millisecond

// work judges one call after another and enters it into the journal.
func (p *Proxy) work() {
	defer close(p.ended)
	for c := range p.queue {
		e := c.judge()
		p.sequence.Exchange(e)
		c.release()
		p.exchanges.Add(1)
		p.journal.Append(e)
		if p.options.OnExchange != nil {
			p.options.OnExchange(e)
		}
		if len(p.queue) == 0 {
			time.Sleep(rest)
		}
	}
}
