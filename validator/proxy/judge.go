package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/coding"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// judge makes the exchange of a call that has ended, with its findings. A call
// that was judged at once keeps them.
func (c *call) judge() (e *traffic.Exchange) {
	defer func() {
		if failed := recover(); failed != nil {
			e = c.notJudged(fmt.Sprintf("judging it failed: %v; this is a defect of Parley", failed))
		}
	}()
	if c.judged != nil {
		c.judged.Duration = c.took
		return c.judged
	}
	return c.judgeBoth(c.sent.state(), c.received.state())
}

// judgeRequest judges a request whose answer is not there yet.
func (c *call) judgeRequest(sent captured) *traffic.Exchange {
	e := c.exchange()
	e.Response = nil
	request := c.half(traffic.InRequest, sent)
	e.Request.Body = request.judgeable()
	c.proxy.judge.Exchange(e)
	e.Findings = append(request.settle(without(e.Findings, traffic.InResponse)), c.droppedFindings()...)
	e.Request.Body = request.recorded()
	return e
}

// judgeBoth judges a request and its answer.
func (c *call) judgeBoth(sent, received captured) *traffic.Exchange {
	if c.status == 0 && (c.gone || c.refused != nil) {
		e := c.judgeRequest(sent)
		if c.gone && !hasCode(e.Findings, codeAborted) {
			e.Findings = append(e.Findings, c.aborted(traffic.InRequest))
		}
		return e
	}
	e := c.exchange()
	request := c.half(traffic.InRequest, sent)
	e.Request.Body = request.judgeable()
	var response half
	if e.Response != nil {
		response = c.half(traffic.InResponse, received)
		e.Response.Body = response.judgeable()
	}
	c.proxy.judge.Exchange(e)
	e.Findings = append(response.settle(request.settle(e.Findings)), c.droppedFindings()...)
	e.Request.Body = request.recorded()
	if e.Response != nil {
		e.Response.Body = response.recorded()
	}
	return e
}

// exchange is the record of a call, without its bodies.
func (c *call) exchange() *traffic.Exchange {
	p, r := c.proxy, c.request
	e := &traffic.Exchange{
		ID: c.id, Time: c.began, Vendor: p.judge.Contract().ID, Caller: traffic.Partner, Duration: c.took, Error: c.failure,
		Request: traffic.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header},
	}
	if p.options.Reverse {
		var to url.URL
		to.Path, to.RawPath = r.URL.Path, r.URL.RawPath
		p.address(&to, r.URL)
		e.Caller, e.Request.URL = traffic.Vendor, to.String()
	}
	if c.status != 0 {
		e.Response = &traffic.Response{Status: c.status, Header: c.header}
	}
	return e
}

// notJudged is the record of a call that could not be judged. It has no bodies:
// their coding is not undone.
func (c *call) notJudged(why string) *traffic.Exchange {
	e := c.exchange()
	e.Request.Body.Size = c.sent.state().size
	if e.Response != nil {
		e.Response.Body.Size = c.received.state().size
	}
	f := finding(codeNotJudged, traffic.InRequest)
	f.Expected, f.Actual = "a judgment", why
	e.Findings = []traffic.Finding{f}
	return e
}

func (c *call) aborted(part traffic.Part) traffic.Finding {
	f := finding(codeAborted, part)
	f.Expected, f.Actual = "a whole exchange", "the caller went away before it had the answer"
	if c.failure != "" {
		f.Actual = c.failure
	}
	return f
}

// half is the body of one half of a call, as it can be judged.
type half struct {
	part  traffic.Part
	body  []byte           // decoded, where it can be
	size  int64            // of the whole body, as far as it is known
	why   *traffic.Finding // why the body can't be judged; nil: it can
	quiet bool             // that matters only where there is something to judge
}

func (c *call) half(part traffic.Part, s captured) half {
	header := c.request.Header
	if part == traffic.InResponse {
		header = c.header
	}
	h := half{part: part, body: s.kept, size: s.size}
	codings := coding.Of(header)
	switch {
	case s.over && s.err == nil && !c.gone: // a strict proxy reads no further
		h.why, h.quiet = c.tooLarge(part, s), true
	case !s.whole && c.gone:
		f := c.aborted(part)
		h.why = &f
	case !s.whole:
		h.why = incomplete(part, s)
	case s.over:
		h.why, h.quiet = c.tooLarge(part, s), true
	case codings != "" && s.size > 0:
		c.decode(&h, codings)
	}
	return h
}

// decode undoes a coding, for judging only.
func (c *call) decode(h *half, codings string) {
	limit := c.proxy.options.BodyLimit
	body, err := coding.Decode(h.body, codings, limit)
	f := finding(codeCoding, h.part)
	f.Pointer, f.Expected, f.Actual = "header:Content-Encoding", coding.Names, visible.Shorten(codings, maxShown)
	switch {
	case err == nil:
		h.body, h.size = body, int64(len(body))
		return
	case errors.Is(err, coding.ErrUnknown):
		f.Severity, h.quiet = traffic.Warn, true
		f.Hint = "it was forwarded and not judged; let the caller's Accept-Encoding name such codings only"
	case errors.Is(err, coding.ErrTooLarge):
		f.Code, f.Severity, f.Pointer, h.quiet = codeCut, traffic.Info, "", true
		f.Expected, f.Actual = fmt.Sprintf("at most %d bytes when decoded", limit), "more"
		f.Hint = "it was forwarded and not judged; judge larger ones with a larger body limit"
	default:
		f.Expected, f.Actual, f.Hint = "a body in "+visible.Shorten(codings, maxShown), "one that can't be decoded: "+err.Error(), "the header names a coding that the body does not have"
	}
	h.why = &f
}

// judgeable is what the validator sees. Of a body that can't be judged that is
// enough to know that there is one.
func (h *half) judgeable() traffic.Body {
	if h.why != nil {
		return traffic.Body{Kept: h.body[:min(1, len(h.body))], Size: max(h.size, 2)}
	}
	return traffic.Body{Kept: h.body, Size: int64(len(h.body))}
}

// recorded is what the journal keeps: decoded, where it can be.
func (h *half) recorded() traffic.Body {
	body := h.body
	if cap(body) > len(body)+len(body)/4 {
		body = bytes.Clone(body)
	}
	kept := traffic.NewBody(body, 0)
	if h.size > kept.Size { // the rest was never here, so that its hash is not known
		kept.Size, kept.SHA256 = h.size, ""
	}
	return kept
}

// settle takes what was found in a body that is not here whole out of the
// findings, and says why it was not judged.
func (h *half) settle(found []traffic.Finding) []traffic.Finding {
	if h.why == nil {
		return found
	}
	left := slices.DeleteFunc(found, func(f traffic.Finding) bool { return f.Part == h.part && aboutBody(f.Code) })
	if h.quiet && len(left) == len(found) {
		return left
	}
	return append(left, *h.why)
}

// aboutBody reports whether a finding of that code is read from a body.
func aboutBody(code string) bool {
	for _, prefix := range []string{"json.", "form.", "multipart.", "body."} {
		if strings.HasPrefix(code, prefix) {
			return true
		}
	}
	return code == "operation.unknown"
}

func without(found []traffic.Finding, part traffic.Part) []traffic.Finding {
	return slices.DeleteFunc(found, func(f traffic.Finding) bool { return f.Part == part })
}

func hasCode(found []traffic.Finding, code string) bool {
	return slices.ContainsFunc(found, func(f traffic.Finding) bool { return f.Code == code })
}

// maxShown is how many characters of what was sent are shown.
const maxShown = 60
