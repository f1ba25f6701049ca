package outbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// View returns a delivery as it is now.
func (e *Entry) View() Delivery { return e.outbox.views([]*Entry{e})[0] }

// Wait returns a delivery as it is when it has ended, or when ctx has.
func (e *Entry) Wait(ctx context.Context) Delivery {
	e.outbox.mu.Lock()
	done := e.done // a retry makes another
	e.outbox.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return e.View()
}

// shown is a message whose Delivery is a view of it.
func (o *Outbox) shown(e *Entry) Message {
	m := e.Message
	m.Delivery = e.View()
	return m
}

// views writes bodies after the lock is given back: nobody changes them any more.
func (o *Outbox) views(entries []*Entry) []Delivery {
	list := make([]Delivery, len(entries))
	o.mu.Lock()
	for i, e := range entries {
		list[i] = e.Delivery
		list[i].Attempts = slices.Clone(e.Attempts)
	}
	o.mu.Unlock()
	for i, e := range entries {
		list[i].Body, _ = o.carrier.Write(Message{Delivery: list[i], Content: e.Content})
	}
	return list
}

// List returns the deliveries that are kept, oldest first.
func (o *Outbox) List() []Delivery {
	o.mu.Lock()
	kept := slices.Clone(o.kept)
	o.mu.Unlock()
	return o.views(kept)
}

// Find returns a delivery that is kept, or nil.
func (o *Outbox) Find(id string) *Entry {
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
