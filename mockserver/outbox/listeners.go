package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/traffic"
)

// ListenScheme begins the URL "listen:<name>" of a channel whose deliveries are
// fetched: from a mock that cannot reach the partner, by somebody who can.
const ListenScheme = "listen"

// Lease is one attempt of a delivery that a listener carries out in the mock's
// place. Its request holds what the partner must get, secrets too.
type Lease struct {
	ID       string          `json:"id"`
	Vendor   string          `json:"vendor"`
	Event    string          `json:"event,omitempty"` // ID
	Channel  string          `json:"channel,omitempty"`
	Delivery string          `json:"delivery,omitempty"`
	Attempt  int             `json:"attempt,omitempty"`
	Timeout  string          `json:"timeout"` // how long the mock waits for the answer, as "10s"
	Request  traffic.Request `json:"request"` // URL is the channel's, "listen:<name>"
}

// Answer is what a listener brings back: the partner's, or why none came.
type Answer struct {
	Response *traffic.Response `json:"response,omitempty"`
	Error    string            `json:"error,omitempty"`
}

// offer is a lease until it is completed or given up.
type offer struct {
	Lease
	name     string
	taken    bool
	answered chan Answer // holds one
}

// Listeners take attempts over in one sandbox, the oldest of a name first. All methods
// are safe for concurrent use.
type Listeners struct {
	mu    sync.Mutex
	count uint64
	open  []*offer
	came  chan struct{} // closed and replaced when an attempt comes
}

// NewListeners returns those of a sandbox.
func NewListeners() *Listeners { return &Listeners{came: make(chan struct{})} }

// Why a listener brought no answer.
var (
	ErrNobodyListens = errors.New("nobody listens to this channel; start `parley listen`")
	ErrNoAnswer      = errors.New("the listener got no answer")
)

// ListenName reads "listen:<name>"; "" is any other URL.
func ListenName(u *url.URL) string {
	if u.Scheme != ListenScheme {
		return ""
	}
	return u.Opaque
}

// Offer waits until a listener has completed an attempt, or ctx ends.
func (l *Listeners) Offer(ctx context.Context, name string, lease Lease) (*traffic.Response, error) {
	o := &offer{name: name, answered: make(chan Answer, 1), Lease: lease}
	l.mu.Lock()
	l.count++
	o.ID = serial.ID("ho-", l.count)
	l.open = append(l.open, o)
	close(l.came)
	l.came = make(chan struct{})
	l.mu.Unlock()
	select {
	case answer := <-o.answered:
		if answer.Response == nil {
			return nil, fmt.Errorf("%w: %s", ErrNoAnswer, answer.Error)
		}
		return answer.Response, nil
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open = slices.DeleteFunc(l.open, func(other *offer) bool { return other == o })
		if !o.taken && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, ErrNobodyListens
		}
		return nil, ctx.Err()
	}
}

// Count is how many attempts were ever offered.
func (l *Listeners) Count() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// Resume goes on counting after so many.
func (l *Listeners) Resume(count uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count = count
}

// Take returns the next attempt of a name, or false when ctx ended before one came.
// Whoever takes one must complete it before its timeout.
func (l *Listeners) Take(ctx context.Context, name string) (Lease, bool) {
	for {
		l.mu.Lock()
		i := slices.IndexFunc(l.open, func(h *offer) bool { return h.name == name && !h.taken })
		if i >= 0 && ctx.Err() == nil {
			h := l.open[i]
			h.taken = true
			l.mu.Unlock()
			return h.Lease, true
		}
		came := l.came
		l.mu.Unlock()
		select {
		case <-came:
		case <-ctx.Done():
			return Lease{}, false
		}
	}
}

// Complete ends an attempt, and reports false when nobody waits for it any more.
func (l *Listeners) Complete(name, id string, answer Answer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.open, func(h *offer) bool { return h.name == name && h.ID == id && h.taken })
	if i < 0 {
		return false
	}
	l.open[i].answered <- answer
	l.open = slices.Delete(l.open, i, i+1)
	return true
}
