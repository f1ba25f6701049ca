package mockserver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/fault"
)

// loadDeliveries goes on with deliveries: those that have not ended are queued in
// the order in which they were.
func (w *world) loadDeliveries(saved savedOutbox) error {
	if n := uint64(len(saved.Kept)); n > saved.Count || n > uint64(w.outbox.keeps()) {
		return fmt.Errorf("there are %d deliveries of %d", n, saved.Count)
	}
	all := slices.Concat(saved.Older, saved.Kept)
	made := map[string]*delivery{}
	for i, s := range all {
		if k := i - len(saved.Older); k >= 0 && s.ID != serial.ID("dl-", saved.Count-uint64(len(saved.Kept)-k)+1) {
			return fmt.Errorf("delivery %q stands in the wrong place", s.ID)
		}
		if made[s.ID] != nil {
			return fmt.Errorf("delivery %q is there twice", s.ID)
		}
		d, err := w.savedDelivery(s)
		if err != nil {
			return fmt.Errorf("delivery %s: %w", s.ID, err)
		}
		made[d.ID] = d
	}
	w.outbox.mu.Lock()
	defer w.outbox.mu.Unlock()
	w.outbox.count = saved.Count
	for _, s := range saved.Kept {
		w.outbox.kept = append(w.outbox.kept, made[s.ID])
	}
	w.goOn(all, made, pair(all, made))
	return nil
}

// pair gives deliveries their twins again, and returns the twins.
func pair(all []savedDelivery, made map[string]*delivery) map[string]bool {
	twins := map[string]bool{}
	for _, s := range all {
		for _, id := range s.Twins {
			if other := made[id]; other != nil && id != s.ID && other.State == DeliveryQueued && !twins[id] && !twins[s.ID] {
				twins[id] = true
				made[s.ID].twins = append(made[s.ID].twins, other)
			}
		}
	}
	return twins
}

// goOn queues what has not ended. It is called with the outbox's lock held.
func (w *world) goOn(all []savedDelivery, made map[string]*delivery, twins map[string]bool) {
	slices.SortStableFunc(all, func(a, b savedDelivery) int {
		return cmp.Or(cmp.Compare(a.Turn-1, b.Turn-1), serial.Compare(a.ID, b.ID)) // 0 is the last
	})
	for _, s := range all {
		d := made[s.ID]
		if d.State != DeliveryQueued || twins[s.ID] {
			continue
		}
		w.outbox.ready(d)
		u, err := target(d.URL)
		if err == nil && !w.allowed(u) {
			err = notAllowed(d.URL)
		}
		if err != nil {
			w.outbox.cancel(d, err.Error())
			continue
		}
		w.outbox.place(d)
	}
}

// savedDelivery makes a delivery of what was saved.
func (w *world) savedDelivery(s savedDelivery) (*delivery, error) {
	stage := w.stageOf(s.Vendor)
	if stage == nil || s.State == DeliveryQueued && stage.vendor.event(s.Event) == nil {
		return nil, fmt.Errorf("there is no event %q of %q", s.Event, s.Vendor)
	}
	known := []string{DeliveryQueued, DeliveryDelivered, DeliveryFailed, DeliveryLost, DeliveryCancelled}
	if !slices.Contains(known, s.State) {
		return nil, fmt.Errorf("state %q is none", s.State)
	}
	var body map[string]any
	decoder := json.NewDecoder(bytes.NewReader(s.Body))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	d := &delivery{
		Delivery: s.Delivery, stage: stage, broken: s.Broken, done: ended, due: s.Due,
		sending: Sending{Event: s.Event, Channel: s.Channel, Body: body, To: s.To},
	}
	d.Body = nil // views write it
	if s.Late > 0 || s.Reorder > 1 {
		d.effect = &fault.Effect{Rule: fault.Rule{ID: s.Hold, Reorder: s.Reorder, Window: s.Window}, Late: s.Late}
	}
	return d, nil
}
