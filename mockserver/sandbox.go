package mockserver

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/traffic"
)

// Sandbox is one isolated copy of state, clock, IDs, faults, channels,
// deliveries and journal. All methods are safe for concurrent use.
type Sandbox struct {
	server  *Server
	name    string // "" for the default one
	begins  SandboxOptions
	seed    uint64
	journal *traffic.Journal
	world   atomic.Pointer[world]
	play    sync.Once // makes the first world
	resets  sync.Mutex

	users   atomic.Int64 // negative once it was removed
	used    atomic.Int64 // when, in nanoseconds since 1970 by the mock's clock
	removed chan struct{}

	changes changes // of what the vendors remember
	steps   steps
	snapped atomic.Pointer[hands] // what the clock showed in the last snapshot

	mu        sync.Mutex // lets IDs follow the order of the journal
	exchanges uint64
}

func newSandbox(s *Server, o SandboxOptions, limits traffic.Limits) *Sandbox {
	b := &Sandbox{server: s, name: o.Name, begins: o, seed: s.options.Seed, journal: traffic.NewJournal(limits), removed: make(chan struct{})}
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

func (b *Sandbox) current() *world { return b.world.Load() }

// enter and leave surround a use, which keeps a sandbox from being idle. Enter
// fails when the sandbox was removed.
func (b *Sandbox) enter() bool {
	for {
		n := b.users.Load()
		if n < 0 {
			return false
		}
		if b.users.CompareAndSwap(n, n+1) {
			b.play.Do(func() { b.world.Store(newWorld(b)) })
			return true
		}
	}
}

func (b *Sandbox) leave() {
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

// retire lets nobody enter any more. Unless it is forced, it fails while somebody
// is inside.
func (b *Sandbox) retire(forced bool) bool {
	const gone = -1 << 40
	if !forced && !b.users.CompareAndSwap(0, gone) {
		return false
	}
	if forced && b.users.Swap(gone) < 0 {
		return false
	}
	close(b.removed)
	return true
}

// close takes no more deliveries, lets those that are queued finish until ctx
// ends, and returns the ones that did not reach their end.
func (b *Sandbox) close(ctx context.Context, why string) []Delivery {
	if w := b.current(); w != nil {
		return w.outbox.close(ctx, why)
	}
	return nil // nobody ever entered
}

// atOnce is a context that has ended.
func atOnce() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (b *Sandbox) now() time.Time { return b.current().clock.Now() }

// Clock returns the sandbox's time. A reset begins with another one.
func (b *Sandbox) Clock() *Clock { return b.current().clock }

// record numbers an exchange and journals it, in a step of its caller's. It is not
// changed any more.
func (b *Sandbox) record(e *traffic.Exchange) *traffic.Exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchanges++
	e.ID, e.Sandbox = numbered("ex-", b.exchanges), b.name
	b.journal.Append(e)
	b.changes.tell()
	if b.server.options.Recorded != nil {
		b.server.options.Recorded(e)
	}
	if b.name != "" {
		b.touch() // deliveries keep a sandbox from being idle too
	}
	return e
}

// recordAlone is record as a step of its own.
func (b *Sandbox) recordAlone(e *traffic.Exchange) *traffic.Exchange {
	b.steps.begin()
	defer b.steps.end()
	return b.record(e)
}

// Journal returns the record of exchanges. It stays the same after a reset.
func (b *Sandbox) Journal() *traffic.Journal { return b.journal }

// OpenChannel creates a channel, or opens the one with its ID again in the form
// given here, queues what the vendor then sends, and waits until those deliveries
// have ended or ctx has. Vendor may be empty when the mock plays one.
func (b *Sandbox) OpenChannel(ctx context.Context, c Channel) (Channel, []Delivery, error) {
	w := b.current()
	stage, err := w.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, nil, err
	}
	opened, queued, err := w.openAndTell(stage, c)
	if err != nil {
		return Channel{}, nil, err
	}
	var deliveries []Delivery
	for _, d := range queued {
		deliveries = append(deliveries, w.outbox.wait(ctx, d))
	}
	opened, _ = b.Channel(opened.ID)
	return opened, deliveries, ctx.Err()
}

// openAndTell opens a channel and queues what the vendor then sends, in one step.
func (w *world) openAndTell(stage *Stage, c Channel) (Channel, []*delivery, error) {
	w.sandbox.steps.begin()
	defer w.sandbox.steps.end()
	opened, err := w.openChannel(stage.vendor, c)
	if err != nil || stage.behaviour.Opened == nil {
		return opened, nil, err
	}
	return opened, w.sendAll(stage, stage.behaviour.Opened(opened), nil), nil
}

// AddChannel is OpenChannel without telling the partner.
func (b *Sandbox) AddChannel(c Channel) (Channel, error) {
	w := b.current()
	stage, err := w.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, err
	}
	b.steps.begin()
	defer b.steps.end()
	opened, err := w.openChannel(stage.vendor, c)
	return w.addressed(opened), err
}

// Channel returns the channel with that ID.
func (b *Sandbox) Channel(id string) (Channel, bool) {
	w := b.current()
	c, ok := w.channel(id)
	return w.addressed(c), ok
}

// Channels returns all channels, oldest first.
func (b *Sandbox) Channels() []Channel {
	w := b.current()
	list := w.channelsOf("")
	for i := range list {
		list[i] = w.addressed(list[i])
	}
	return list
}

// ChangeChannel changes a channel without telling the partner. Its ID and vendor
// stay as they are. The error says what it cannot be.
func (b *Sandbox) ChangeChannel(id string, change func(*Channel)) (Channel, error) {
	w := b.current()
	c, ok := w.channel(id)
	if !ok {
		return Channel{}, fmt.Errorf("%w: there is no channel %q; GET /_parley/channels lists them", ErrNoChannel, id)
	}
	b.steps.begin()
	defer b.steps.end()
	stage := w.stageOf(c.Vendor)
	c, err := stage.UpdateChannel(id, func(c *Channel) error {
		change(c)
		return c.check(stage.vendor)
	})
	return w.addressed(c), err
}

// RemoveChannel forgets a channel without telling the partner.
func (b *Sandbox) RemoveChannel(id string) bool {
	b.steps.begin()
	defer b.steps.end()
	return b.current().channels.Delete(id) == nil
}

// AddFault puts a fault in force and returns it with its ID. The error says what
// is wrong with it.
func (b *Sandbox) AddFault(f Fault) (Fault, error) {
	if err := f.check(b.server.vendors); err != nil {
		return Fault{}, fmt.Errorf("fault: %w", err)
	}
	b.steps.begin()
	defer b.steps.end()
	return b.current().faults.add(f, b.now())
}

// Faults returns the faults, oldest first; those that acted as often as they
// should are among them until they are removed.
func (b *Sandbox) Faults() []Fault { return b.current().faults.all() }

// RemoveFault ends a fault.
func (b *Sandbox) RemoveFault(id string) bool {
	b.steps.begin()
	defer b.steps.end()
	return b.current().faults.remove(id)
}

// ClearFaults ends all faults.
func (b *Sandbox) ClearFaults() {
	b.steps.begin()
	defer b.steps.end()
	b.current().faults.clear()
}

// Deliveries returns the kept deliveries, oldest first.
func (b *Sandbox) Deliveries() []Delivery { return b.current().outbox.list() }

// Delivery returns the delivery with that ID.
func (b *Sandbox) Delivery(id string) (Delivery, bool) {
	outbox := b.current().outbox
	d := outbox.find(id)
	if d == nil {
		return Delivery{}, false
	}
	return outbox.view(d), true
}

// State returns what the vendors remember, by contract ID. A vendor without
// memory is not in it.
func (b *Sandbox) State() map[string]any {
	state := map[string]any{}
	for _, stage := range b.current().stages {
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
	b.steps.begin()
	defer b.steps.end()
	defer b.changes.tell()
	return stage.addState(state)
}

// Reset puts the sandbox back to its beginning: state, clock, IDs, faults,
// channels, deliveries and journal. Deliveries under way are broken off.
func (b *Sandbox) Reset() error {
	b.resets.Lock()
	defer b.resets.Unlock()
	before := b.world.Swap(newWorld(b))
	before.outbox.close(atOnce(), "the sandbox was reset")
	b.steps.begin()
	defer b.steps.end()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchanges = 0
	b.journal.Clear()
	b.changes.tell()
	return nil
}

// whileServed is a context that also ends when the mock is shut down or the sandbox
// removed.
func (b *Sandbox) whileServed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-b.server.ended:
			cancel()
		case <-b.removed:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
