package outbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/serial"
)

// Saved is the deliveries of an outbox as a snapshot has them.
type Saved struct {
	Count uint64          `json:"count"`           // ever numbered
	Kept  []SavedDelivery `json:"kept"`            // the last ones, oldest first
	Older []SavedDelivery `json:"older,omitempty"` // that were not kept, and have not ended
}

// SavedDelivery is a delivery with what is needed to go on with it.
type SavedDelivery struct {
	Delivery
	Envelope
	To      string        `json:"to,omitempty"`
	Broken  bool          `json:"broken,omitempty"`
	Turn    uint64        `json:"turn,omitempty"`  // its place among those that have not ended; 0: it is held
	Due     time.Time     `json:"due,omitzero"`    // of its next attempt
	Late    time.Duration `json:"late,omitempty"`  // nanoseconds, by a fault
	Twins   []string      `json:"twins,omitempty"` // that are sent at the same time
	Hold    string        `json:"hold,omitempty"`  // key of those that are held together
	Reorder int           `json:"reorder,omitempty"`
	Window  string        `json:"window,omitempty"`
}

// Snapshot is an outbox at one time, whose bodies are not written yet.
type Snapshot struct {
	count       uint64
	kept, older []unwritten
}

type unwritten struct {
	SavedDelivery
	content map[string]any
}

// Snapshot copies what is kept, and what is not kept any more but has not ended.
func (o *Outbox) Snapshot() Snapshot {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := Snapshot{count: o.count}
	kept := make(map[*Entry]bool, len(o.kept))
	for _, e := range o.kept {
		kept[e] = true
		s.kept = append(s.kept, e.saved())
	}
	for e := range o.open {
		if !kept[e] {
			s.older = append(s.older, e.saved())
		}
	}
	slices.SortFunc(s.older, func(a, b unwritten) int { return serial.Compare(a.ID, b.ID) })
	return s
}

// saved copies an entry. One that the end of the outbox broke off has not ended. The
// lock is held.
func (e *Entry) saved() unwritten {
	s := SavedDelivery{Delivery: e.Delivery, Envelope: e.Envelope, To: e.To, Broken: e.Broken}
	s.Attempts = slices.Clone(e.Attempts)
	open := e.outbox.open
	if _, unfinished := open[e]; !unfinished {
		return unwritten{s, e.Content}
	}
	s.State, s.Error, s.Ended = Queued, "", time.Time{}
	s.Turn, s.Due, s.Late = e.turn, e.due, e.late
	if s.Late > 0 {
		s.Due = cmp.Or(e.due, e.Delivery.Queued.Add(s.Late))
	}
	if e.turn == 0 && e.hold != nil {
		s.Hold, s.Reorder, s.Window = e.hold.Key, e.hold.Number, e.hold.Window.String()
	}
	for _, next := range e.parallel {
		if _, unfinished := open[next]; unfinished {
			s.Twins = append(s.Twins, next.ID)
		}
	}
	return unwritten{s, e.Content}
}

// Written writes the bodies, which nobody changes any more, as encode does.
func (s Snapshot) Written(encode func(any) ([]byte, error)) (Saved, error) {
	saved := Saved{Count: s.count}
	var err error
	if saved.Kept, err = written(s.kept, encode); err == nil {
		saved.Older, err = written(s.older, encode)
	}
	return saved, err
}

func written(list []unwritten, encode func(any) ([]byte, error)) ([]SavedDelivery, error) {
	all := make([]SavedDelivery, len(list))
	for i, d := range list {
		all[i] = d.SavedDelivery
		body, err := encode(d.content)
		if err != nil {
			return nil, fmt.Errorf("delivery %s: %w", d.ID, err)
		}
		all[i].Body = json.RawMessage(body)
	}
	return all, nil
}
