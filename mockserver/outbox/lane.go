package outbox

import (
	"slices"
	"sync"
	"sync/atomic"
)

// schedule keeps an entry back, or puts it into its lane.
func (o *Outbox) schedule(e *Entry) {
	o.waiting++
	if e.hold != nil {
		o.keepBack(e)
		return
	}
	o.enqueue(e)
}

// enqueue puts an entry at the end of its lane.
func (o *Outbox) enqueue(e *Entry) {
	o.turns++
	for _, one := range e.all() {
		one.turn = o.turns
		o.touch(one)
	}
	lane := e.lane()
	waiting, running := o.lanes[lane]
	o.lanes[lane] = append(waiting, e)
	if !running {
		o.clock.Begin()
		o.workers.Go(func() { o.work(lane) })
	}
}

// work empties one lane and ends.
func (o *Outbox) work(lane string) {
	defer o.clock.End()
	for {
		e := o.next(lane)
		if e == nil {
			return
		}
		if len(e.parallel) == 0 {
			o.carryOut(e)
		} else {
			o.carryOutAll(e.all())
		}
	}
}

// carryOutAll carries out an entry and its parallel copies at the same time. Each is
// at work for the clock until its end; the last stays so for the lane.
func (o *Outbox) carryOutAll(list []*Entry) {
	var group sync.WaitGroup
	var unfinished atomic.Int64
	unfinished.Store(int64(len(list)))
	for i, e := range list {
		if i > 0 {
			o.clock.Begin()
		}
		group.Go(func() {
			o.carryOut(e)
			if unfinished.Add(-1) > 0 {
				o.clock.End()
			}
		})
	}
	group.Wait()
}

func (o *Outbox) next(lane string) *Entry {
	o.mu.Lock()
	defer o.mu.Unlock()
	waiting := o.lanes[lane]
	if len(waiting) == 0 || o.going.Err() != nil {
		delete(o.lanes, lane)
		return nil
	}
	e := waiting[0]
	waiting[0] = nil
	o.lanes[lane] = waiting[1:]
	o.waiting--
	return e
}

// withdraw takes an entry that has not begun out of its lane or batch, and reports
// whether it was there. It is called with the lock held.
func (o *Outbox) withdraw(e *Entry) bool {
	for _, b := range o.batches {
		if i := slices.Index(b.list, e); i >= 0 {
			b.list = slices.Delete(b.list, i, i+1)
			o.waiting--
			return true
		}
	}
	lane := o.lanes[e.lane()]
	if i := slices.Index(lane, e); i >= 0 {
		o.lanes[e.lane()] = slices.Delete(slices.Clone(lane), i, i+1)
		o.waiting--
		return true
	}
	return false
}
