package outbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/serial"
)

// Load goes on with saved deliveries in an outbox without any: those that have not
// ended are queued in the order in which they were. Of those that were kept it keeps as many
// as it may, which may be fewer. Known says what is wrong with
// one that cannot be of this mock, and allowed why one must not be sent any more.
func (o *Outbox) Load(saved Saved, known, allowed func(Message) error) error {
	if n := uint64(len(saved.Kept)); n > saved.Count {
		return fmt.Errorf("there are %d deliveries of %d", n, saved.Count)
	}
	saved = saved.newest(o.limits.Kept())
	all := slices.Concat(saved.Older, saved.Kept)
	made := map[string]*Entry{}
	for i, s := range all {
		if k := i - len(saved.Older); k >= 0 && s.ID != serial.ID("dl-", saved.Count-uint64(len(saved.Kept)-k)+1) {
			return fmt.Errorf("delivery %q stands in the wrong place", s.ID)
		}
		if made[s.ID] != nil {
			return fmt.Errorf("delivery %q is there twice", s.ID)
		}
		e, err := o.entryOf(s)
		if err == nil {
			err = known(e.Message)
		}
		if err != nil {
			return fmt.Errorf("delivery %s: %w", s.ID, err)
		}
		made[e.ID] = e
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count = saved.Count
	for _, s := range saved.Kept {
		o.kept = append(o.kept, made[s.ID])
	}
	o.goOn(all, made, pair(all, made), allowed)
	return nil
}

// newest is what was saved where only so many are kept.
func (s Saved) newest(most int) Saved {
	over := max(len(s.Kept)-most, 0)
	s.Older = slices.Clone(s.Older)
	for _, d := range s.Kept[:over] {
		if d.State == Queued {
			s.Older = append(s.Older, d)
		}
	}
	s.Kept = s.Kept[over:]
	return s
}

// pair gives entries their parallel copies again, and returns the copies.
func pair(all []SavedDelivery, made map[string]*Entry) map[string]bool {
	copies := map[string]bool{}
	for _, s := range all {
		for _, id := range s.Twins {
			if other := made[id]; other != nil && id != s.ID && other.State == Queued && !copies[id] && !copies[s.ID] {
				copies[id] = true
				made[s.ID].parallel = append(made[s.ID].parallel, other)
				other.leader = made[s.ID]
			}
		}
	}
	return copies
}

// goOn queues what has not ended. It is called with the lock held.
func (o *Outbox) goOn(all []SavedDelivery, made map[string]*Entry, copies map[string]bool, allowed func(Message) error) {
	slices.SortStableFunc(all, func(a, b SavedDelivery) int {
		return cmp.Or(cmp.Compare(a.Turn-1, b.Turn-1), serial.Compare(a.ID, b.ID)) // 0 is the last
	})
	for _, s := range all {
		e := made[s.ID]
		if e.State != Queued || copies[s.ID] {
			continue
		}
		o.ready(e)
		if err := allowed(e.Message); err != nil {
			o.cancel(e, err.Error())
			continue
		}
		o.schedule(e)
	}
}

// entryOf makes an entry of what was saved.
func (o *Outbox) entryOf(s SavedDelivery) (*Entry, error) {
	if s.State == Delivering || !slices.Contains(States(), s.State) {
		return nil, fmt.Errorf("state %q is none", s.State)
	}
	e := &Entry{Message: Message{Delivery: s.Delivery, Envelope: s.Envelope, To: s.To, Broken: s.Broken}, outbox: o, done: ended, due: s.Due, late: s.Late}
	decoder := json.NewDecoder(bytes.NewReader(s.Body))
	decoder.UseNumber()
	if err := decoder.Decode(&e.Content); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	e.Body = nil // views write it
	if s.Reorder > 1 {
		window, _ := time.ParseDuration(s.Window) // without one it goes at once
		e.hold = &Hold{Key: s.Hold, Number: s.Reorder, Window: window}
	}
	return e, nil
}
