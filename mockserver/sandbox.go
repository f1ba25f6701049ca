package mockserver

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/watch"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// Sandbox is one isolated copy of state, clock, IDs, faults, channels,
// deliveries and journal. All methods are safe for concurrent use.
type Sandbox struct {
	server   *Server
	name     string // "" for the default one
	begins   SandboxOptions
	seed     uint64
	journal  *traffic.Journal
	instance atomic.Pointer[instance]
	play     sync.Once // makes the first instance
	refused  error     // why it could not go on from the ledger
	resumed  bool      // it goes on from the ledger
	origin   *snapshot // what it was forked from, until it has begun; nil: nothing
	apart    bool      // it is none of the server's, and is not written down
	grant    *grant    // nil: the mock shares it with no other
	resets   sync.Mutex

	users  atomic.Int64    // negative once it was removed
	used   atomic.Int64    // when, in nanoseconds since 1970 by the mock's clock
	served context.Context // ends when it is removed or the mock shut down
	end    context.CancelFunc

	lists *watch.Lists // of what the vendors remember
	gate  gate

	mu        sync.Mutex // lets IDs follow the order of the journal
	exchanges uint64
}

func newSandbox(s *Server, o SandboxOptions, limits traffic.Limits) *Sandbox {
	b := &Sandbox{server: s, name: o.Name, begins: o, seed: s.options.Seed, journal: traffic.NewJournal(limits)}
	b.lists = watch.New(func(vendor string) any { return b.current().stageOf(vendor).behaviour.State() })
	b.served, b.end = context.WithCancel(s.served)
	switch {
	case o.Seed != nil:
		b.seed = *o.Seed
	case o.Name != "":
		b.seed = seedOf(s.options.Seed, o.Name)
	}
	b.touch()
	return b
}

// seedOf derives a seed that every JSON reader can hold exactly.
func seedOf(seed uint64, name string) uint64 {
	sum := sha256.Sum256(append(binary.LittleEndian.AppendUint64(nil, seed), name...))
	return binary.LittleEndian.Uint64(sum[:]) >> 11
}

// Secrets are what a vendor's events are signed with, as they were given; none: events
// are not signed.
func (b *Sandbox) Secrets(vendor string) []string {
	if stage := b.current().stageOf(vendor); stage != nil {
		return slices.Clone(stage.vendor.secrets)
	}
	return nil
}

// Name returns what the sandbox is called; DefaultSandbox for the one without a
// name.
func (b *Sandbox) Name() string { return cmp.Or(b.name, DefaultSandbox) }

// Seed returns what decides every ID that is made up in the sandbox.
func (b *Sandbox) Seed() uint64 { return b.seed }

// BaseURL returns how partners reach the vendors in this sandbox: the mock's base
// URL, followed by /~name unless it is the default sandbox.
func (b *Sandbox) BaseURL() string {
	if b.name == "" {
		return b.server.BaseURL()
	}
	return b.server.BaseURL() + sandboxPrefix + b.name
}

// SandboxInfo is what there is to say of a sandbox.
type SandboxInfo struct {
	Name, URL string
	Seed      uint64
	Idle      time.Duration // after which it is removed; 0 for the default one, which never is
	Used      time.Time     // last, by the mock's own clock
	Exchanges int           // in the journal
	Channels  int
}

// Info returns what there is to say of the sandbox now.
func (b *Sandbox) Info() SandboxInfo {
	return SandboxInfo{
		Name: b.Name(), URL: b.BaseURL(), Seed: b.seed, Idle: b.begins.Idle, Used: time.Unix(0, b.used.Load()).UTC(),
		Exchanges: b.journal.Stats().Kept, Channels: len(b.current().channelsOf("")),
	}
}

func (b *Sandbox) current() *instance { return b.instance.Load() }

// acquire and release surround a use, which keeps a sandbox from being idle. Acquire
// fails when the sandbox was removed.
func (b *Sandbox) acquire() bool {
	for {
		n := b.users.Load()
		if n < 0 {
			return false
		}
		if b.users.CompareAndSwap(n, n+1) {
			b.play.Do(func() {
				b.server.reloads.RLock()
				defer b.server.reloads.RUnlock()
				b.refused = b.begin()
				if b.server.options.Changes {
					b.gate.changes.begin(b.now(), b.name != "")
				}
			})
			return true
		}
	}
}

func (b *Sandbox) release() {
	if b.name != "" {
		b.touch()
		b.users.Add(-1)
	}
}

func (b *Sandbox) touch() { b.used.Store(b.server.options.Now().UnixNano()) }

// idle reports whether nobody used a named sandbox for long.
func (b *Sandbox) idle() bool {
	return b.users.Load() == 0 && b.server.options.Now().UnixNano()-b.used.Load() > int64(b.begins.Idle)
}

// gone is the users of a sandbox that nobody may enter any more.
const gone = -1 << 40

// retire lets nobody enter any more. Unless it is forced, it fails while somebody
// is inside.
func (b *Sandbox) retire(forced bool) bool {
	if !forced && !b.users.CompareAndSwap(0, gone) {
		return false
	}
	if forced && b.users.Swap(gone) < 0 {
		return false
	}
	b.end()
	return true
}

// close takes no more deliveries, lets those that are queued finish until ctx
// ends, and returns the ones that did not reach their end.
func (b *Sandbox) close(ctx context.Context, why string) ([]outbox.Delivery, error) {
	var left []outbox.Delivery
	if in := b.current(); in != nil { // else nobody ever entered
		left = in.outbox.Close(ctx, why)
	}
	if b.users.Load() < 0 { // it was removed
		b.journal.Close()
	}
	return left, b.endHistory(ctx)
}

// atOnce is a context that has ended.
func atOnce() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (b *Sandbox) now() time.Time { return b.current().clock.Now() }

// Clock returns the sandbox's time. A reset begins with another one.
func (b *Sandbox) Clock() *clock.Clock { return b.current().clock }

// record numbers an exchange and journals it, inside the gate. It is not
// changed any more.
func (b *Sandbox) record(e *traffic.Exchange) *traffic.Exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.current().channel(e.Channel); ok {
		b.Redactor().Met(c.Token)
	}
	b.exchanges++
	e.ID, e.Sandbox = serial.ID("ex-", b.exchanges), b.name
	b.journal.Append(e)
	if h := b.gate.history.Load(); h != nil && h.step != nil {
		h.step.Exchanges = append(h.step.Exchanges, e)
	}
	b.lists.Changed()
	if b.server.options.Recorded != nil {
		b.server.options.Recorded(e)
	}
	if b.name != "" {
		b.touch() // deliveries keep a sandbox from being idle too
	}
	return e
}

// recordAlone is record for one who is outside.
func (b *Sandbox) recordAlone(e *traffic.Exchange) *traffic.Exchange {
	defer b.gate.leave(b.gate.enter())
	return b.record(e)
}

// Redactor returns what exchanges of the journal, which has them as they were, are
// shown through.
func (b *Sandbox) Redactor() *redaction.Redactor { return b.server.Redactor() }

// Journal returns the record of exchanges. It stays the same after a reset.
func (b *Sandbox) Journal() *traffic.Journal { return b.journal }

// ClearJournal forgets all exchanges, in the ledger too.
func (b *Sandbox) ClearJournal() {
	defer b.gate.leave(b.gate.enter())
	b.journal.Clear()
	if h := b.gate.history.Load(); h != nil {
		h.cleared()
	}
}

// State returns what the vendors remember, by contract ID. A vendor without
// memory is not in it.
func (b *Sandbox) State() map[string]any {
	state := map[string]any{}
	for _, stage := range b.current().stages() {
		if stage.behaviour.State != nil {
			state[stage.vendor.contract.ID] = stage.behaviour.State()
		}
	}
	return state
}

// AddState lets a vendor know of more: what is given has the form that State has
// for it. Vendor may be empty when the mock plays one. The error says what cannot
// be added.
func (b *Sandbox) AddState(vendor string, state json.RawMessage) error {
	stage, err := b.current().chosenStage(vendor)
	if err != nil {
		return err
	}
	defer b.gate.leave(b.gate.enter())
	defer b.lists.Changed()
	return stage.addState(state)
}

// Reset puts the sandbox back to its beginning: state, clock, IDs, faults,
// channels, deliveries and journal. What Options give is there again. Deliveries
// under way are broken off.
func (b *Sandbox) Reset() {
	b.resets.Lock()
	defer b.resets.Unlock()
	b.server.reloads.RLock()
	next := newInstance(b)
	b.server.reloads.RUnlock()
	before := b.current()
	b.gate.replaced(func() {
		b.instance.Store(next)
		b.mu.Lock()
		b.exchanges = 0
		b.mu.Unlock()
		b.gate.changes.forget(b.now())
		b.journal.Clear()
		if h := b.gate.history.Load(); h != nil {
			next.outbox.Follow()
			next.followClock()
			h.whole(true)
		}
	})
	before.outbox.Close(atOnce(), "the sandbox was reset")
	b.lists.Changed()
}
