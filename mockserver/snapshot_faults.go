package mockserver

import "time"

// savedFaults are the faults of a sandbox with their counts.
type savedFaults struct {
	Count uint64       `json:"count"` // ever numbered
	List  []savedFault `json:"list,omitempty"`
}

// savedFault is one fault in force.
type savedFault struct {
	Fault
	Number uint64    `json:"number"`
	Until  time.Time `json:"until,omitzero"`
}

func (s *faults) saved() savedFaults {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved := savedFaults{Count: s.count}
	for _, f := range s.list {
		saved.List = append(saved.List, savedFault{f.Fault.copy(), f.number, f.until})
	}
	return saved
}

// load puts faults in force that were checked.
func (s *faults) load(saved savedFaults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count, s.list = saved.Count, nil
	for _, f := range saved.List {
		kept := &armed{Fault: f.Fault, number: f.Number, bits: f.decides(), until: f.Until}
		kept.delay, _ = newDelay(f.Delay)
		s.list = append(s.list, kept)
	}
	s.some.Store(len(s.list) > 0)
}
