package control

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// places bound how many requests of a kind are open at once.
type places struct {
	what  string
	of    string // what has them: "mock"
	most  int
	taken atomic.Int64
}

// enter takes a place, or answers that there is none. Leave gives it back.
func (p *places) enter(w http.ResponseWriter) (leave func(), ok bool) {
	if p.taken.Add(1) > int64(p.most) {
		p.taken.Add(-1)
		problem.Problem{Status: http.StatusTooManyRequests, Kind: "busy", Detail: fmt.Sprintf("there are %d %s, as many as this %s has at once, of all sandboxes together; end some, or let one serve several readers", p.most, p.what, p.of)}.Write(w)
		return nil, false
	}
	return func() { p.taken.Add(-1) }, true
}

// takePlace lets a request wait or stream while there is a place, for a time, 0 for
// any; or answers that there is none.
func (c *reader) takePlace(p *places, w http.ResponseWriter, r *http.Request, timeout time.Duration) (ctx context.Context, leave func(), ok bool) {
	free, ok := p.enter(w)
	if !ok {
		return nil, nil, false
	}
	ctx, cancel := c.patient(r, timeout)
	return ctx, func() { cancel(); free() }, true
}

// takeWait is takePlace for a wait, whose time was read with an error or not.
func (c *reader) takeWait(w http.ResponseWriter, r *http.Request, timeout time.Duration, err error) (ctx context.Context, leave func(), ok bool) {
	if err != nil {
		c.refuse(w, err)
		return nil, nil, false
	}
	return c.takePlace(&c.waits, w, r, timeout)
}

// patient bounds the time of a request, 0 for no bound, and ends it when the
// server is shut down or the sandbox removed.
func (c *reader) patient(r *http.Request, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := c.source(r).WhileServed(r.Context())
	if timeout <= 0 {
		return ctx, cancel
	}
	ctx, end := context.WithTimeout(ctx, timeout)
	return ctx, func() { end(); cancel() }
}

// waitTime reads how long a request wants to wait.
func waitTime(values map[string]string, standard time.Duration) (time.Duration, error) {
	text := values["timeout"]
	if text == "" {
		return standard, nil
	}
	timeout, err := time.ParseDuration(text)
	if err != nil || timeout <= 0 || timeout > maxWait {
		return 0, fmt.Errorf("timeout=%s is none; write a duration such as 5s, at most %s", text, maxWait)
	}
	return timeout, nil
}

// patience reads for how many a wait waits, and how long.
func patience(values map[string]string) (n int, timeout time.Duration, err error) {
	if n, err = count(values, "n", 1, maxLimit); err == nil {
		timeout, err = waitTime(values, defaultWait)
	}
	return n, timeout, err
}
