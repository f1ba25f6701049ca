package cluster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// headerHop tells a replica that another one sent a request on: who, and a signature.
const headerHop = "Parley-Hop"

// headerMisdirected is in the answer of a replica that has not the sandbox.
const headerMisdirected = "Parley-Misdirected"

// sign is the value of headerHop.
func (r *Replica) sign(q *http.Request) string {
	mac := hmac.New(sha256.New, r.options.Secret)
	io.WriteString(mac, strings.Join([]string{"parley hop", r.options.ID, q.Method, q.Host, q.URL.RequestURI()}, "\n"))
	return hex.EncodeToString([]byte(r.options.ID)) + "." + hex.EncodeToString(mac.Sum(nil))
}

// forwarded tells whether another replica sent a request on. The header is taken away, so
// that a mock's partner neither sees nor sends it.
func (r *Replica) forwarded(q *http.Request) bool {
	given := q.Header.Get(headerHop)
	q.Header.Del(headerHop)
	id, _, _ := strings.Cut(given, ".")
	from, err := hex.DecodeString(id)
	if given == "" || err != nil {
		return false
	}
	other := Replica{options: Options{ID: string(from), Secret: r.options.Secret}}
	return hmac.Equal([]byte(other.sign(q)), []byte(given))
}

// newTransport is the pool of connections to other replicas. Compressed answers stay so.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		DisableCompression:    true,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Minute,
		ExpectContinueTimeout: time.Minute, // the other replica says in any case whether it wants the body
	}
}

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
// the request may be sent once more.
func (r *Replica) forward(w http.ResponseWriter, q *http.Request, to string) (again bool, err error) {
	target, err := url.Parse(to)
	if err != nil {
		return false, err
	}
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

// quiet does not pass on that another replica wants the body.
type quiet struct{ http.ResponseWriter }

func (q quiet) WriteHeader(status int) {
	if status != http.StatusContinue {
		q.ResponseWriter.WriteHeader(status)
	}
}

// Unwrap lets answers be flushed and connections be taken over.
func (q quiet) Unwrap() http.ResponseWriter { return q.ResponseWriter }
