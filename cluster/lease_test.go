package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// world is a bucket, and owners with clocks that run differently, some of which are paused
// or cut off. Its time goes on in steps; nothing waits.
type world struct {
	random   *rand.Rand
	now      time.Duration // true time
	revision uint64
	value    *stored // of the one key; nil: none was written
	fences   map[uint64]int
	highest  uint64 // fence that the ledger has seen
	accepted map[uint64]int
	cut      func() bool
}

type stored struct {
	revision uint64
	written  time.Duration
	gone     bool
}

var errCut = errors.New("no answer")

func (w *world) live() bool {
	return w.value != nil && !w.value.gone && w.now-w.value.written < TTL
}

// put writes the key, unless it has another revision. The request may be lost, its answer
// too, and both take time.
func (w *world) put(revision uint64, gone bool) (uint64, error) {
	w.pass(w.delay())
	if w.cut() {
		w.pass(time.Second)
		return 0, errCut
	}
	if revision == 0 && w.live() || revision > 0 && (!w.live() || w.value.revision != revision) {
		return 0, ErrTaken
	}
	w.revision++
	w.value = &stored{w.revision, w.now, gone}
	next := w.revision
	w.pass(w.delay())
	if w.cut() {
		w.pass(time.Second)
		return 0, errCut
	}
	return next, nil
}

// delay is how long a message may be on its way: mostly little.
func (w *world) delay() time.Duration {
	if w.random.IntN(8) == 0 {
		return TTL
	}
	return 20 * time.Millisecond
}

func (w *world) pass(most time.Duration) { w.now += time.Duration(w.random.Int64N(int64(most))) }

func (w *world) Create(context.Context, string, []byte) (uint64, error) { return w.put(0, false) }
func (w *world) Update(_ context.Context, _ string, _ []byte, revision uint64) (uint64, error) {
	return w.put(revision, false)
}
func (w *world) Delete(_ context.Context, _ string, revision uint64) error {
	_, err := w.put(revision, true)
	return err
}
func (w *world) Watch(context.Context, func(string, []byte, bool), func()) error { return nil }

// owner is one replica in the world.
type owner struct {
	number int
	rate   float64 // how fast its clock runs
	asleep time.Duration
	lease  *Lease
}

// simulate runs three replicas for a while and says what went wrong. Drift is how
// differently clocks run: 0.1 is a tenth.
func simulate(seed uint64, drift float64) error {
	w := &world{random: rand.New(rand.NewPCG(seed, 1)), fences: map[uint64]int{}, accepted: map[uint64]int{}}
	cutUntil := time.Duration(0)
	w.cut = func() bool { return w.now < cutUntil }
	var owners []*owner
	for i := range 3 {
		owners = append(owners, &owner{number: i, rate: 1 + drift*(2*w.random.Float64()-1)})
	}
	for range 400 {
		w.pass(300 * time.Millisecond)
		if w.random.IntN(12) == 0 {
			cutUntil = w.now + time.Duration(w.random.Int64N(int64(2*TTL)))
		}
		o := owners[w.random.IntN(len(owners))]
		if w.random.IntN(15) == 0 {
			o.asleep = w.now + time.Duration(w.random.Int64N(int64(3*TTL)))
		}
		if w.now < o.asleep {
			continue
		}
		if err := w.act(o, owners); err != nil {
			return fmt.Errorf("seed %d, at %v: %w", seed, w.now, err)
		}
	}
	return nil
}

// act lets a replica do one of the things that it does.
func (w *world) act(o *owner, owners []*owner) error {
	clock := func() time.Time { return time.Unix(0, int64(float64(w.now)*o.rate)) }
	switch {
	case o.lease == nil || !o.lease.Valid():
		o.lease = nil
		if lease, err := take(context.Background(), w, "k", nil, clock); err == nil {
			if other, ok := w.fences[lease.Fence]; ok {
				return fmt.Errorf("replicas %d and %d have fence %d", other, o.number, lease.Fence)
			}
			o.lease, w.fences[lease.Fence] = lease, o.number
		}
	case w.random.IntN(10) == 0:
		o.lease.drop(context.Background())
		o.lease = nil
	case w.random.IntN(2) == 0:
		if errors.Is(o.lease.renew(context.Background()), ErrTaken) {
			o.lease = nil
		}
	default:
		for _, other := range owners { // a delivery: the check and the attempt are one moment
			if other != o && other.lease != nil && other.lease.Valid() && o.lease.Valid() {
				return fmt.Errorf("replicas %d and %d both deliver, with fences %d and %d", o.number, other.number, o.lease.Fence, other.lease.Fence)
			}
		}
		return w.append(o)
	}
	return nil
}

// append is what a ledger does with a fence, after a pause between the check and the write.
func (w *world) append(o *owner) error {
	w.pass(2 * TTL)
	fence := o.lease.Fence
	if fence < w.highest {
		return nil // refused
	}
	if by, ok := w.accepted[fence]; ok && by != o.number {
		return fmt.Errorf("replicas %d and %d both appended with fence %d", by, o.number, fence)
	}
	w.highest, w.accepted[fence] = fence, o.number
	return nil
}

// TestLeases: whatever is paused, cut off or runs a little fast, two replicas never own
// the same thing.
func TestLeases(t *testing.T) {
	for seed := range uint64(3000) {
		if err := simulate(seed, 0.05); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSimulationSeesClocksThatDriftTooFar: beyond what margin allows, owners meet.
func TestSimulationSeesClocksThatDriftTooFar(t *testing.T) {
	for seed := range uint64(3000) {
		if simulate(seed, 0.6) != nil {
			return
		}
	}
	t.Error("clocks that run far apart made no two owners")
}

// TestWhatEndsFirstIsRenewedFirst, so that a replica that can't renew all in time loses none.
func TestWhatEndsFirstIsRenewedFirst(t *testing.T) {
	now := time.Unix(100, 0)
	var all []*box
	for _, seconds := range []int{2, 0, 3, 1} {
		all = append(all, &box{sandbox: strconv.Itoa(seconds), lease: &Lease{now: func() time.Time { return now }, until: now.Add(time.Duration(seconds) * time.Second)}})
	}
	soonest(all)
	for i, b := range all {
		if b.sandbox != strconv.Itoa(i) {
			t.Errorf("box %d ends in %s s", i, b.sandbox)
		}
	}
}
