package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/traffic"
)

// listenScheme begins the URL "listen:<name>" of a channel whose deliveries are
// fetched: from a mock that cannot reach the partner, by somebody who can.
const listenScheme = "listen"

// Handover is one attempt of a delivery that a listener carries out in the mock's
// place. Its request holds what the partner must get, secrets too.
type Handover struct {
	ID       string          `json:"id"`
	Vendor   string          `json:"vendor"`
	Event    string          `json:"event,omitempty"` // ID
	Channel  string          `json:"channel,omitempty"`
	Delivery string          `json:"delivery,omitempty"`
	Attempt  int             `json:"attempt,omitempty"`
	Timeout  string          `json:"timeout"` // how long the mock waits for the answer, as "10s"
	Request  traffic.Request `json:"request"` // URL is the channel's, "listen:<name>"
}

// Handed is what a listener brings back: the partner's answer, or why none came.
type Handed struct {
	Response *traffic.Response `json:"response,omitempty"`
	Error    string            `json:"error,omitempty"`
}

// handover is a Handover until it is answered or given up.
type handover struct {
	Handover
	name     string
	taken    bool
	answered chan Handed // holds one
}

// listeners hand attempts over in one sandbox, the oldest of a name first.
type listeners struct {
	mu    sync.Mutex
	count uint64
	open  []*handover
	came  chan struct{} // closed and replaced when an attempt comes
}

func newListeners() *listeners { return &listeners{came: make(chan struct{})} }

var (
	errNobodyListens = errors.New("nobody listens to this channel; start `parley listen`")
	errNotHanded     = errors.New("the listener got no answer")
)

// listenName reads "listen:<name>"; "" is any other URL.
func listenName(u *url.URL) string {
	if u.Scheme != listenScheme {
		return ""
	}
	return u.Opaque
}

// handOver waits until a listener has brought an answer, or ctx ends.
func (l *listeners) handOver(ctx context.Context, name string, out outgoing, timeout time.Duration) (*traffic.Response, error) {
	h := &handover{name: name, answered: make(chan Handed, 1), Handover: Handover{
		Vendor: out.Vendor, Event: out.Event, Channel: out.Channel, Delivery: out.delivery, Attempt: out.attempt, Timeout: timeout.String(),
		Request: traffic.Request{Method: out.Method, URL: out.URL, Header: out.Header, Body: traffic.NewBody(out.Body, max(1, len(out.Body)))},
	}}
	l.mu.Lock()
	l.count++
	h.ID = serial.ID("ho-", l.count)
	l.open = append(l.open, h)
	close(l.came)
	l.came = make(chan struct{})
	l.mu.Unlock()
	select {
	case handed := <-h.answered:
		if handed.Response == nil {
			return nil, fmt.Errorf("%w: %s", errNotHanded, handed.Error)
		}
		return handed.Response, nil
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open = slices.DeleteFunc(l.open, func(other *handover) bool { return other == h })
		if !h.taken && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, errNobodyListens
		}
		return nil, ctx.Err()
	}
}

// handed is how many attempts were ever handed over.
func (l *listeners) handed() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// take returns the next attempt of a name, or false when ctx ended before one came.
func (l *listeners) take(ctx context.Context, name string) (Handover, bool) {
	for {
		l.mu.Lock()
		i := slices.IndexFunc(l.open, func(h *handover) bool { return h.name == name && !h.taken })
		if i >= 0 && ctx.Err() == nil {
			h := l.open[i]
			h.taken = true
			l.mu.Unlock()
			return h.Handover, true
		}
		came := l.came
		l.mu.Unlock()
		select {
		case <-came:
		case <-ctx.Done():
			return Handover{}, false
		}
	}
}

// answer ends an attempt, and reports false when nobody waits for it any more.
func (l *listeners) answer(name, id string, handed Handed) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.open, func(h *handover) bool { return h.name == name && h.ID == id && h.taken })
	if i < 0 {
		return false
	}
	l.open[i].answered <- handed
	l.open = slices.Delete(l.open, i, i+1)
	return true
}

// Listen returns the next attempt of the channels whose URL is "listen:<name>", or
// false when ctx ended before one came. Whoever takes one must bring its answer
// with Hand before its timeout.
func (b *Sandbox) Listen(ctx context.Context, name string) (Handover, bool) {
	return b.current().listeners.take(ctx, name)
}

// Hand brings the answer of an attempt that Listen returned. It reports false when
// nobody waits for it any more.
func (b *Sandbox) Hand(name, id string, handed Handed) bool {
	if handed.Response != nil {
		response := *handed.Response
		body, _ := uncoded(response.Body.Kept, response.Header, b.server.options.BodyLimit)
		response.Body = traffic.NewBody(body, 0)
		handed.Response = &response
	}
	return b.current().listeners.answer(name, id, handed)
}

// checkListenName says what is wrong with the name in a channel's URL.
func checkListenName(name string) error {
	if checkSandboxName(name) != nil {
		return fmt.Errorf("URL %q: a listener's name has 1 to %d letters, digits, \"-\", \"_\" or \".\", as listen:mine", listenScheme+":"+strings.ToValidUTF8(name, "?"), maxSandboxName)
	}
	return nil
}
