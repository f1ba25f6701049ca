package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/drain"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// refusal stops an answer of the target's; the caller gets the response instead.
type refusal struct{ response *traffic.Response }

func (r *refusal) Error() string { return "stopped: the answer breaks the contract" }

// holdRequest judges a request before it is forwarded and returns the problem to
// answer with instead, or nil.
func (c *call) holdRequest() *traffic.Response {
	if c.sent.source != nil {
		body, err := c.sent.hold()
		if err != nil {
			c.gone, c.failure = true, "the request's body broke off: "+err.Error()
			return (&problem{Status: http.StatusBadRequest, Kind: "request", Detail: c.failure + "; send as many bytes as announced", Exchange: c.id}).answer()
		}
		c.request.Body = body
	}
	e := c.judgeRequest(c.sent.state())
	stopping := stopping(e.Findings)
	if len(stopping) == 0 {
		return nil
	}
	c.refused = c.refuseRequest(e, stopping)
	e.Response = c.refused
	e.Findings = append(e.Findings, c.stopped(traffic.InRequest, c.refused.Status))
	c.judged = e
	return c.refused
}

// refuse answers instead of the target, and lets the caller read that although it
// still sends.
func (c *call) refuse(refusal *traffic.Response) {
	if c.sent.source == nil {
		write(c.writer, refusal)
		return
	}
	drain.Before(c.writer)
	write(c.writer, refusal)
	drain.Rest(c.writer, c.sent.source)
}

// refuseRequest is what a caller gets whose request is not forwarded.
func (c *call) refuseRequest(e *traffic.Exchange, found []traffic.Finding) *traffic.Response {
	p := problem{Status: http.StatusUnprocessableEntity, Kind: "contract", Exchange: c.id, Findings: c.proxy.shown(found),
		Detail: fmt.Sprintf("the request breaks the contract of %s and was not forwarded, since the proxy is strict; correct what the findings name", c.proxy.judge.Contract().Name)}
	switch {
	case hasCode(found, codeCut):
		p.Status, p.Detail = http.StatusRequestEntityTooLarge, "the request's body is larger than what the proxy judges, and a strict proxy forwards nothing that it has not judged; start it with a larger body limit"
	case hasCode(found, codeCoding):
		p.Status, p.Detail = http.StatusUnsupportedMediaType, "the request's body is in a coding that the proxy can't read, and a strict proxy forwards nothing that it has not judged; send it plain or in one of gzip, deflate, br and zstd"
	case !slices.ContainsFunc(found, func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Error) }):
		p.Detail = fmt.Sprintf("nobody can tell whether the request keeps the contract of %s, and a strict proxy forwards nothing that it has not judged; the findings say why", c.proxy.judge.Contract().Name)
	case c.proxy.options.Strict == StrictDocumented:
		if response := c.proxy.documented(e); response != nil {
			p.mark(response.Header)
			return response
		}
	}
	return p.answer()
}

// holdResponse judges an answer before it passes.
func (c *call) holdResponse(r *http.Response) error {
	body, err := c.received.hold()
	if err != nil {
		return err
	}
	r.Body = body
	e := c.judgeBoth(c.sent.state(), c.received.state())
	c.judged = e
	found := slices.DeleteFunc(stopping(e.Findings), func(f traffic.Finding) bool { return f.Part != traffic.InResponse })
	if len(found) == 0 {
		return nil
	}
	p := problem{Status: http.StatusBadGateway, Kind: "contract", Exchange: c.id, Findings: c.proxy.shown(found), Detail: fmt.Sprintf(
		"%s answered %d, which breaks the contract of %s and was not passed on, since the proxy is strict; what the target did with the request is done",
		c.proxy.who(), c.status, c.proxy.judge.Contract().Name)}
	e.Findings = append(e.Findings, c.stopped(traffic.InResponse, p.Status))
	return &refusal{p.answer()}
}

func (c *call) stopped(part traffic.Part, status int) traffic.Finding {
	f := finding(codeRefused, part)
	f.Expected = fmt.Sprintf("a %s that a strict proxy lets pass", part)
	f.Actual = fmt.Sprintf("one that it stopped; it answered %d itself", status)
	return f
}

// stopping are the findings for which a strict proxy stops a half: errors, and
// that what has to be judged could not be.
func stopping(found []traffic.Finding) []traffic.Finding {
	var list []traffic.Finding
	for _, f := range found {
		if f.Severity.AtLeast(traffic.Error) || slices.Contains(undecided, f.Code) {
			list = append(list, f)
		}
	}
	return list
}

var undecided = []string{codeCut, codeCoding, "body.undecided", "parameter.undecided"}

// shown redacts findings for an answer.
func (p *Proxy) shown(found []traffic.Finding) []traffic.Finding {
	return p.redact.Findings(found)
}

// documented is the answer that the contract documents for an invalid request:
// the status that fits best with its sample, or nil where none does.
func (p *Proxy) documented(e *traffic.Exchange) *traffic.Response {
	for _, status := range []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusInternalServerError} {
		for _, o := range p.candidates(e) {
			answer, ok := o.Response(status)
			if !ok {
				continue
			}
			response := &traffic.Response{Status: status, Header: http.Header{}}
			if payload := p.judge.Contract().Payloads[answer.Payload]; payload != nil {
				if sample, ok := payload.Sample(""); ok {
					response.Body = traffic.NewBody(sample.Body, len(sample.Body)+1)
					if len(answer.ContentTypes) > 0 {
						response.Header.Set("Content-Type", answer.ContentTypes[0])
					}
				}
			}
			return response
		}
	}
	return nil
}

// candidates are the operations that a request may be meant for.
func (p *Proxy) candidates(e *traffic.Exchange) []*specs.Operation {
	contract := p.judge.Contract()
	if o := contract.Operation(e.Operation); o != nil {
		return []*specs.Operation{o}
	}
	if e.Caller == traffic.Vendor {
		return contract.Events
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	return slices.DeleteFunc(slices.Clone(contract.Operations), func(o *specs.Operation) bool {
		return o.Method != e.Request.Method || !fits(o.Segments(), path)
	})
}

// fits reports whether a path has the segments of a template.
func fits(template []string, path string) bool {
	given := strings.Split(strings.TrimPrefix(path, "/"), "/")
	return slices.EqualFunc(template, given, func(wanted, is string) bool {
		return wanted == is || strings.HasPrefix(wanted, "{")
	})
}

// held is a body that was read ahead, and what follows.
type held struct {
	io.Reader
	io.Closer
}

// hold reads ahead until the end, or until no more can be kept, and returns the
// body as if nothing of it had been read.
func (c *capture) hold() (io.ReadCloser, error) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := c.Read(buffer)
		s := c.state()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case err != nil || s.over:
			tail := buffer[n-int(s.size-int64(len(s.kept))) : n] // what did not fit
			ahead := io.MultiReader(bytes.NewReader(s.kept), bytes.NewReader(tail))
			if err == nil {
				ahead = io.MultiReader(ahead, c)
			}
			return held{ahead, c}, nil
		}
	}
}
