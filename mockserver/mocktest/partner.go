package mocktest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// Partner is a webhook that remembers what it was sent. It ends with the test.
type Partner struct {
	URL string

	tb     TB
	mu     sync.Mutex
	bodies []string
	more   chan struct{} // closed and replaced with each
	answer http.HandlerFunc
}

// NewPartner starts a webhook that answers as it is told; nil is 200 without a body.
func NewPartner(tb TB, answer http.HandlerFunc) *Partner {
	p := &Partner{tb: tb, answer: answer, more: make(chan struct{})}
	listening := httptest.NewServer(http.HandlerFunc(p.serve))
	tb.Cleanup(listening.Close)
	p.URL = listening.URL
	return p
}

func (p *Partner) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the mock broke off
	}
	p.mu.Lock()
	p.bodies = append(p.bodies, string(body))
	answer := p.answer
	close(p.more)
	p.more = make(chan struct{})
	p.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

// Answers changes how the webhook answers from now on.
func (p *Partner) Answers(answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

// Received returns the bodies of what came so far.
func (p *Partner) Received() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.bodies)
}

// Await waits until n requests came, and returns the bodies of all that did.
func (p *Partner) Await(n int) []string {
	p.tb.Helper()
	ctx := Soon(p.tb)
	for {
		p.mu.Lock()
		bodies, more := slices.Clone(p.bodies), p.more
		p.mu.Unlock()
		if len(bodies) >= n {
			return bodies
		}
		select {
		case <-more:
		case <-ctx.Done():
			p.tb.Fatalf("%d of %d requests came", len(bodies), n)
			return bodies // a TB whose Fatalf returns
		}
	}
}

// Patience is how long Soon, Until and Await wait for what must come, on a machine
// that may be busy.
const Patience = 20 * time.Second

// Soon is the time that a test waits for what must come.
func Soon(tb TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	tb.Cleanup(cancel)
	return ctx
}

// Until waits for a condition that nothing announces.
func Until(tb TB, is func() bool) {
	tb.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for ctx := Soon(tb); !is(); {
		select {
		case <-look.C:
		case <-ctx.Done():
			tb.Fatalf("not so within %s", Patience)
			return // a TB whose Fatalf returns
		}
	}
}
