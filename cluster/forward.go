package cluster

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
)

// body is that of a request, of which it is known whether something was read.
type body struct {
	io.Reader
	read atomic.Bool
}

func (b *body) Read(p []byte) (int, error) {
	b.read.Store(true)
	return b.Reader.Read(p)
}

// Close leaves the body to the server, since the request may be sent once more.
func (b *body) Close() error { return nil }

// forward sends a request to another replica and streams the answer back. An error says
// that nothing of an answer has been written; again, that nothing was done either, so that
// the request may be sent once more. The request ends when the other replica is not the
// owner any more.
func (r *Replica) forward(w http.ResponseWriter, q *http.Request, sandbox string, to place) (again bool, err error) {
	target, err := url.Parse(to.url)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(q.Context())
	defer cancel()
	defer r.sending(&hop{sandbox, to.replica, cancel})()
	q = q.WithContext(ctx)
	var sent *body
	if q.Body != nil && q.Body != http.NoBody {
		sent = &body{Reader: q.Body}
		next := *q
		next.Body, q = sent, &next
	}
	proxy := httputil.ReverseProxy{
		Transport:     r.client,
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.URL.RawQuery = target.Scheme, target.Host, p.In.URL.RawQuery
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if values, ok := p.In.Header[name]; ok {
					p.Out.Header[name] = values
				}
			}
			p.Out.Trailer = p.In.Trailer // it is filled when the body has been read
			p.Out.Header.Set(headerHop, r.sign(p.In))
			if expected := p.In.Header.Values("Expect"); len(expected) > 0 {
				p.Out.Header[headerExpected] = expected
			}
			if sent != nil {
				p.Out.Header.Set("Expect", "100-continue") // who has not the sandbox leaves the body to another
			}
		},
		ModifyResponse: func(a *http.Response) error {
			if a.Header.Get(headerMisdirected) != "" {
				return errMisdirected
			}
			return nil
		},
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, failed error) { err = failed },
	}
	proxy.ServeHTTP(quiet{w}, q)
	if err == nil {
		return false, nil
	}
	var dial *net.OpError
	untouched := sent == nil || !sent.read.Load()
	repeatable := sent == nil && (q.Method == http.MethodGet || q.Method == http.MethodHead || q.Method == http.MethodOptions)
	notSent := errors.Is(err, errMisdirected) || errors.As(err, &dial) && dial.Op == "dial"
	return untouched && (notSent || repeatable || sent != nil), err // a mock does nothing before it has read the body
}

// hop is a request that another replica serves.
type hop struct {
	sandbox, replica string
	end              context.CancelFunc
}

// sending notes a hop until its end.
func (r *Replica) sending(h *hop) (done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hops[h] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.hops, h)
	}
}

// endHops ends the requests that are served by who is not there, or not the owner, any more:
// a process that stands still never answers.
func (r *Replica) endHops() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for h := range r.hops {
		owner := r.view.owner(h.sandbox)
		if r.view.url(h.replica) == "" || owner != "" && owner != h.replica {
			h.end()
		}
	}
}

// quiet does not pass on that another replica wants the body.
type quiet struct{ http.ResponseWriter }

func (q quiet) WriteHeader(status int) {
	if status != http.StatusContinue {
		q.ResponseWriter.WriteHeader(status)
	}
}

// Unwrap lets answers be flushed and connections be taken over.
func (q quiet) Unwrap() http.ResponseWriter { return q.ResponseWriter }
