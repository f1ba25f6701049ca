package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Partner is the partner under judgment, as one check sees it: what the check
// may send to it, and what it did to the mock since the check began. It is safe
// for concurrent use within the check.
type Partner struct {
	*inside
	readings *readings // that were asked for, by the check or by one judgment of it
}

// inside is what all judgments of one check share.
type inside struct {
	sandbox  *mockserver.Sandbox
	contract *specs.Contract
	channel  string
	timing   Timing
	world    map[string]string
	asking   *asking
	seed     uint64

	check   Check
	suite   Suite
	before  map[*traffic.Exchange]bool // in the journal when the check began
	earlier map[*traffic.Exchange]bool // in the journal when the run began

	mu       sync.Mutex
	ids      int
	provoked string // what was asked last
	notes    []string
	faults   []string // IDs
	broken   []string // what Parley could not do
}

// readings are IDs of readings, in the order in which they were first asked for.
type readings struct {
	mu  sync.Mutex
	ids []string
}

func (r *readings) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.ids, id) {
		r.ids = append(r.ids, id)
	}
}

func (r *readings) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ids)
}

// Sandbox returns the vendor's side: state, channels, deliveries and journal.
func (p *Partner) Sandbox() *mockserver.Sandbox { return p.sandbox }

// Contract returns the contract with the readings in force.
func (p *Partner) Contract() *specs.Contract { return p.contract }

// Timing returns how long to wait for what, all values filled in.
func (p *Partner) Timing() Timing { return p.timing }

// Channel returns the channel under which the vendor talks to the partner, as it
// is now. A vendor without events has none.
func (p *Partner) Channel() mockserver.Channel {
	c, ok := p.sandbox.Channel(p.channel)
	if !ok {
		p.blame("the mock has lost channel %s", p.channel)
	}
	return c
}

// Reading returns the option in force for a reading, which the contract must have.
// From then on the verdict rests on it: ask where it decides, and not before.
func (p *Partner) Reading(id string) string {
	p.readings.add(id)
	chosen := p.contract.Chosen(id)
	if chosen == "" {
		p.blame("the check asks for reading %s, which contract %s does not have", id, p.contract.ID)
	}
	return chosen
}

// NewID returns an ID that no other check of any run with another seed has used,
// beginning with kind: "chat-1f0c2a9be1d3". It follows from the seed, the check
// and how many IDs the check took before.
func (p *Partner) NewID(kind string) string {
	p.mu.Lock()
	p.ids++
	n := p.ids
	p.mu.Unlock()
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", p.seed, p.check.ID, n))
	return kind + "-" + hex.EncodeToString(sum[:6])
}

// Event returns a valid body of an event for this channel: the documented sample,
// completed, with the dotted paths in set changed. The vendor's side does not
// remember it.
func (p *Partner) Event(event string, set map[string]any) map[string]any {
	body, err := p.sandbox.Compose(mockserver.SendRequest{Vendor: p.contract.ID, Event: event, Channel: p.channel, Set: set})
	if err != nil {
		p.blame("events/%s cannot be composed: %v", event, err)
	}
	return body
}

// Deliver sends a valid event in one attempt and returns the exchange, which has
// an Error and no Response when no answer came within Timing.Answer.
func (p *Partner) Deliver(ctx context.Context, event string, set map[string]any) *traffic.Exchange {
	return p.DeliverRaw(ctx, mockserver.Raw{Event: event, Body: Encode(p.Event(event, set))})
}

// DeliverRaw sends a free request in one attempt. Vendor, channel, check and
// timeout are filled in where they are empty.
func (p *Partner) DeliverRaw(ctx context.Context, r mockserver.Raw) *traffic.Exchange {
	if r.Vendor == "" {
		r.Vendor = p.contract.ID
	}
	if r.Channel == "" {
		r.Channel = p.channel
	}
	if r.Timeout == 0 {
		r.Timeout = p.timing.Answer
	}
	r.Check = p.check.ID
	return p.sandbox.SendRaw(ctx, r)
}

// Together makes n deliveries at once, each by its number, and returns them in order.
func Together(n int, deliver func(i int) *traffic.Exchange) []*traffic.Exchange {
	seen := make([]*traffic.Exchange, n)
	var sending sync.WaitGroup
	for i := range n {
		sending.Go(func() { seen[i] = deliver(i) })
	}
	sending.Wait()
	return seen
}

// Encode writes a body as JSON, its keys sorted, without escaping < > &. It
// panics on a value that JSON does not have, such as a channel.
func Encode(body any) []byte {
	text, err := plainjson.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("not JSON: %v", err))
	}
	return text
}

// Fault makes the mock misbehave until remove is called or the check ends.
func (p *Partner) Fault(f fault.Rule) (remove func()) {
	if f.Vendor == "" {
		f.Vendor = p.contract.ID
	}
	f, err := p.sandbox.AddFault(f)
	if err != nil {
		p.blame("the mock refuses a fault: %v", err)
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, f.ID)
	return func() { p.sandbox.RemoveFault(f.ID) }
}

// Note puts a measured figure into the result, in a sentence of its own.
func (p *Partner) Note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// NoteLatency notes how long deliveries took to be answered: the median and the
// longest, and nothing when none was. Of is what they were.
func (p *Partner) NoteLatency(of string, seen []*traffic.Exchange) {
	var took []time.Duration
	for _, e := range seen {
		if e.Response != nil {
			took = append(took, e.Duration.Round(100*time.Microsecond))
		}
	}
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	p.Note("%s: acknowledged in %s (median), %s (longest)", of, took[len(took)/2], took[len(took)-1])
}

// blame notes that Parley could not do its part: the check's verdict is then
// harness_error, whatever it returns. It does not panic, because checks use a
// Partner from goroutines of their own.
func (p *Partner) blame(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = append(p.broken, fmt.Sprintf(format, args...))
}

// end takes back what the check has set up.
func (p *Partner) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range p.faults {
		p.sandbox.RemoveFault(id)
	}
}
