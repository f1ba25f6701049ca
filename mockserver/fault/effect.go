package fault

import (
	"math/rand/v2"
	"time"
)

// Effect is what the faults that act on one call or event do together.
type Effect struct {
	Rule   // what they ask for
	IDs    []string
	Late   time.Duration
	acting []*armed
	undone decisions // that could not be carried out
}

// Held is how long an event is held at most, to be sent in another order.
func (e *Effect) Held() time.Duration {
	if e.Window == "" {
		return defaultWindow
	}
	held, _ := parseTime("window", e.Window)
	return held
}

// defaultWindow is how long deliveries are held to be reordered.
const defaultWindow = 5 * time.Second

// join adds what a fault does, which decides nothing that was decided before.
func (e *Effect) join(f *armed, random *rand.Rand) {
	e.IDs, e.acting = append(e.IDs, f.ID), append(e.acting, f)
	if f.Status != 0 {
		e.Status, e.Undocumented = f.Status, f.Undocumented
	}
	if f.Answer != "" {
		e.Answer = f.Answer
	}
	if f.ContentType != "" {
		e.ContentType = f.ContentType
	}
	if f.Drip != "" {
		e.Drip = f.Drip
	}
	if f.Delay != "" {
		e.Late = f.delay.drawn(random)
	}
	if f.Copies != 0 {
		e.Copies, e.Together = f.Copies, f.Together
	}
	if f.Reorder != 0 {
		e.Reorder, e.Window, e.ID = f.Reorder, f.Window, f.ID
	}
	if len(f.Set) > 0 {
		e.Set = f.Set
	}
	e.Taken, e.Lose = e.Taken || f.Taken, e.Lose || f.Lose
}

// Settle returns the IDs of the faults that acted: one all of whose decisions could
// not be carried out did not, and is not counted.
func (s *Rules) Settle(e *Effect) (acted []string) {
	if e.undone == 0 {
		return e.IDs
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range e.acting {
		if f.bits&^e.undone == 0 {
			f.Acted--
			s.changes++
			continue
		}
		acted = append(acted, f.ID)
	}
	return acted
}
