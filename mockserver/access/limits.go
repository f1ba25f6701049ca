package access

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// usage is what was used of a token's limits.
type usage struct {
	mu              sync.Mutex
	requests, bytes bucket
}

// bucket fills with rate a second, up to one second's worth, at least one.
type bucket struct {
	rate, level float64
	filled      time.Time
}

func newUsage(l Limits, now time.Time) *usage {
	return &usage{requests: bucket{l.Requests, max(l.Requests, 1), now}, bytes: bucket{l.Bytes, max(l.Bytes, 1), now}}
}

// fill lets in what time has brought. A clock that goes back brings nothing.
func (b *bucket) fill(now time.Time) {
	if passed := now.Sub(b.filled).Seconds(); passed > 0 {
		b.level = min(max(b.rate, 1), b.level+passed*b.rate)
	}
	b.filled = now
}

// wait is how long the level needs to reach a height; 0: it has.
func (b *bucket) wait(height float64) time.Duration {
	if b.rate == 0 || b.level >= height {
		return 0
	}
	return time.Duration((height - b.level) / b.rate * float64(time.Second))
}

// Take lets a request in, whose body is counted as it is read, or says that too much came
// and when to try again.
func (a *Access) Take(t *Token, r *http.Request) error {
	if t == nil || t.usage == nil || t.Limits.Requests == 0 && t.Limits.Bytes == 0 {
		return nil
	}
	u := t.usage
	u.mu.Lock()
	defer u.mu.Unlock()
	now := a.now()
	u.requests.fill(now)
	u.bytes.fill(now)
	// A second's wait is not exact to the last digit of a float.
	if wait := max(u.requests.wait(1-1e-9), u.bytes.wait(1e-9)); wait > 0 {
		return tooMuch(fmt.Sprintf("%s may make %s; try again when Retry-After has passed", t.Name, t.Limits.rates()), wait)
	}
	u.requests.level--
	if u.bytes.rate > 0 && r.Body != nil {
		r.Body = &counted{r.Body, u}
	}
	return nil
}

func (l Limits) rates() string {
	requests := fmt.Sprintf("%g requests a second", l.Requests)
	bytes := fmt.Sprintf("%g bytes of requests a second", l.Bytes)
	switch {
	case l.Bytes == 0:
		return requests
	case l.Requests == 0:
		return bytes
	}
	return requests + " and " + bytes
}

// counted is a body that is counted as it is read. It may be larger than what is left:
// the requests after it wait for that.
type counted struct {
	io.ReadCloser
	usage *usage
}

func (c *counted) Read(to []byte) (int, error) {
	n, err := c.ReadCloser.Read(to)
	c.usage.mu.Lock()
	defer c.usage.mu.Unlock()
	c.usage.bytes.level -= float64(n)
	return n, err
}

// sandboxWait is after how long there may be room for another sandbox: about as often
// those that nobody uses are removed.
const sandboxWait = time.Minute

// Room refuses one more sandbox where the token that covers it has no more, given the
// names of those that there are.
func (a *Access) Room(sandbox string, there iter.Seq[string]) error {
	t := a.Covering(sandbox)
	if t == nil || t.Limits.Sandboxes == 0 {
		return nil
	}
	n := 0
	for name := range there {
		if t.Sees(name) {
			n++
		}
	}
	if n < t.Limits.Sandboxes {
		return nil
	}
	return tooMuch(fmt.Sprintf("%s has %d sandboxes, as many as it may; remove some with DELETE /_parley/sandboxes/{name}", t.Name, n), sandboxWait)
}

// TooMuch is an answer 429.
type TooMuch struct {
	problem.Problem
	After time.Duration // for Retry-After
}

func tooMuch(detail string, after time.Duration) *TooMuch {
	return &TooMuch{problem.Problem{Status: http.StatusTooManyRequests, Kind: "limit", Detail: detail}, after}
}

// Error is what was too much.
func (e *TooMuch) Error() string { return e.Detail }

// Unwrap is the problem.
func (e *TooMuch) Unwrap() error { return &e.Problem }

// Refuse answers with an error as a problem. Where too much came, Retry-After says when to
// try again, in whole seconds.
func Refuse(w http.ResponseWriter, err error) {
	var e *TooMuch
	if errors.As(err, &e) {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(e.After.Seconds())))))
	}
	problem.Of(err).Write(w)
}
