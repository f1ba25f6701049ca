package mockserver

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// view returns a copy for callers.
func (o *outbox) view(d *delivery) Delivery { return o.views([]*delivery{d})[0] }

// views writes bodies after the lock is given back: nobody changes them any more.
func (o *outbox) views(deliveries []*delivery) []Delivery {
	list := make([]Delivery, len(deliveries))
	o.mu.Lock()
	for i, d := range deliveries {
		list[i] = d.Delivery
		list[i].Attempts = slices.Clone(d.Attempts)
	}
	o.mu.Unlock()
	for i, d := range deliveries {
		list[i].Body, _ = d.written()
	}
	return list
}

func (o *outbox) list() []Delivery {
	o.mu.Lock()
	kept := slices.Clone(o.kept)
	o.mu.Unlock()
	return o.views(kept)
}

// find returns a kept delivery, or nil.
func (o *outbox) find(id string) *delivery {
	digits, ok := strings.CutPrefix(id, "dl-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	oldest := o.count - uint64(len(o.kept)) + 1
	if n < oldest || n > o.count || o.kept[n-oldest].ID != id {
		return nil
	}
	return o.kept[n-oldest]
}

// wait returns a delivery as it is when it has ended, or when ctx has.
func (o *outbox) wait(ctx context.Context, d *delivery) Delivery {
	o.mu.Lock()
	done := d.done // a retry makes another
	o.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return o.view(d)
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
