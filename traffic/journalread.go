package traffic

import "math"

// Oldest returns the oldest exchange that is kept, or nil.
func (j *Journal) Oldest() *Exchange {
	for _, e := range j.kept(0, 1).matching(nil) {
		return e
	}
	return nil
}

// Get returns the exchange with that ID. Where IDs count on it is found at once.
func (j *Journal) Get(id string) (*Exchange, bool) {
	same := func(e *Exchange) bool { return e.ID == id }
	found := j.guessed(keyOf(id)).matching(same)
	if len(found) == 0 {
		found = j.withKey(keyOf(id)).matching(same)
	}
	if len(found) == 0 {
		return nil, false
	}
	return found[0], true
}

// Find returns the kept exchanges for which match is true, oldest first; nil
// matches all. Match is called without the journal's lock.
func (j *Journal) Find(match func(*Exchange) bool) []*Exchange {
	return j.kept(0, math.MaxInt).matching(match)
}

// stretch is some of what a journal keeps, as it was at one moment, to be read without its
// lock, so that a slow reader does not hold up writers.
type stretch struct {
	journal *Journal
	numbers []uint64 // nil: they follow one another
	first   uint64   // number of the first
	records []record
	more    bool // the journal has more behind it
}

// kept is what is kept from a number on, at most so many.
func (j *Journal) kept(from uint64, most int) stretch {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.list(from, most)
}

// list is kept with the lock held.
func (j *Journal) list(from uint64, most int) stretch {
	first := max(from, j.oldest())
	at := int(first - j.oldest())
	s := stretch{journal: j, first: first, records: make([]record, min(most, j.count-at))}
	for i := range s.records {
		s.records[i] = j.slabs.record(j.at(at + i))
	}
	s.more = at+len(s.records) < j.count
	return s
}

// guessed is where an ID is if those from the oldest on count.
func (j *Journal) guessed(key uint32) stretch {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.count == 0 {
		return stretch{}
	}
	return j.list(j.oldest()+uint64(min(key-j.at(0).key, uint32(j.count-1))), 1)
}

// withKey are the exchanges whose ID may be one with that key.
func (j *Journal) withKey(key uint32) stretch {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := stretch{journal: j}
	for i := range j.count {
		if one := j.at(i); one.key == key {
			s.numbers = append(s.numbers, j.oldest()+uint64(i))
			s.records = append(s.records, j.slabs.record(one))
		}
	}
	return s
}

// next is the number of the exchange that follows.
func (s *stretch) next() uint64 { return s.first + uint64(len(s.records)) }

// only leaves out what a look at the beginning of its record shows not to have the traits:
// who asks for one exchange of thousands need not have all decoded.
func (s stretch) only(t Traits) stretch {
	if t.Vendor == "" && t.Operation == "" && t.Caller == "" && t.Channel == "" {
		return s
	}
	may := stretch{journal: s.journal, numbers: []uint64{}}
	for i, r := range s.records {
		if r.may(t) {
			may.numbers = append(may.numbers, s.number(i))
			may.records = append(may.records, r)
		}
	}
	return may
}

// number is that of an exchange of the stretch.
func (s *stretch) number(i int) uint64 {
	if s.numbers != nil {
		return s.numbers[i]
	}
	return s.first + uint64(i)
}

// matching decodes the exchanges, and returns those for which match is true; nil matches
// all.
func (s stretch) matching(match func(*Exchange) bool) []*Exchange {
	var reader recordReader
	var found []*Exchange
	if match == nil {
		found = make([]*Exchange, 0, len(s.records))
	}
	for i, r := range s.records {
		if e := s.journal.held.read(s.number(i), r, &reader); match == nil || match(e) {
			found = append(found, e)
		}
	}
	return found
}
