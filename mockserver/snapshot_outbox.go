package mockserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/serial"
)

// savedOutbox are the deliveries of a sandbox.
type savedOutbox struct {
	Count uint64          `json:"count"`           // ever numbered
	Kept  []savedDelivery `json:"kept"`            // the last ones, oldest first
	Older []savedDelivery `json:"older,omitempty"` // that were not kept, and have not ended
}

// savedDelivery is a delivery with what is needed to go on with it.
type savedDelivery struct {
	Delivery
	To      string        `json:"to,omitempty"`
	Broken  bool          `json:"broken,omitempty"`
	Turn    uint64        `json:"turn,omitempty"`  // its place among those that have not ended; 0: it is held
	Due     time.Time     `json:"due,omitzero"`    // of its next attempt
	Late    time.Duration `json:"late,omitempty"`  // nanoseconds, by a fault
	Twins   []string      `json:"twins,omitempty"` // that are sent at the same time
	Hold    string        `json:"hold,omitempty"`  // ID of the fault that holds it
	Reorder int           `json:"reorder,omitempty"`
	Window  string        `json:"window,omitempty"`
}

// openDelivery is a savedDelivery whose body is not written yet.
type openDelivery struct {
	savedDelivery
	body map[string]any
}

// saved copies what is kept, and what is not kept any more but has not ended.
func (o *outbox) saved() (count uint64, list, older []openDelivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	turns := make(map[*delivery]uint64, len(o.open))
	for d := range o.open {
		turns[d] = d.turn
	}
	for d := range o.open {
		for _, twin := range d.twins {
			if _, unfinished := turns[twin]; unfinished {
				turns[twin] = d.turn
			}
		}
	}
	kept := make(map[*delivery]bool, len(o.kept))
	for _, d := range o.kept {
		kept[d] = true
		list = append(list, d.saved(turns))
	}
	for d := range o.open {
		if !kept[d] {
			older = append(older, d.saved(turns))
		}
	}
	slices.SortFunc(older, func(a, b openDelivery) int { return serial.Compare(a.ID, b.ID) })
	return o.count, list, older
}

// saved copies a delivery, given the turns of those that have not ended. One that
// the end of the mock broke off is among them.
func (d *delivery) saved(turns map[*delivery]uint64) openDelivery {
	s := savedDelivery{Delivery: d.Delivery, To: d.sending.To, Broken: d.broken}
	s.Attempts = slices.Clone(d.Attempts)
	turn, unfinished := turns[d]
	if !unfinished {
		return openDelivery{s, d.sending.Body}
	}
	s.State, s.Error, s.Ended = DeliveryQueued, "", time.Time{}
	s.Turn, s.Due, s.Late = turn, d.due, d.late()
	if s.Late > 0 {
		s.Due = cmp.Or(d.due, d.Queued.Add(s.Late))
	}
	if turn == 0 && d.effect != nil {
		s.Hold, s.Reorder, s.Window = d.effect.ID, d.effect.Reorder, d.effect.Window
	}
	for _, twin := range d.twins {
		if _, unfinished := turns[twin]; unfinished {
			s.Twins = append(s.Twins, twin.ID)
		}
	}
	return openDelivery{s, d.sending.Body}
}

// written writes the bodies, which nobody changes any more.
func written(list []openDelivery) ([]savedDelivery, error) {
	all := make([]savedDelivery, len(list))
	for i, d := range list {
		all[i] = d.savedDelivery
		body, err := encode(d.body)
		if err != nil {
			return nil, fmt.Errorf("delivery %s: %w", d.ID, err)
		}
		all[i].Body = json.RawMessage(body)
	}
	return all, nil
}
