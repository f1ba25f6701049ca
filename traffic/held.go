package traffic

import (
	"sync"
	"weak"
)

// held are the exchanges of a journal that were read and that somebody may still hold: they
// are not decoded again. So thousands of streams share what they write, and who compares
// exchanges as pointers may go on to.
type held struct {
	mu       sync.Mutex
	byNumber map[uint64]weak.Pointer[Exchange]
	oldest   uint64 // number of the first that is kept
}

// read returns the exchange with a number, which stands there. It is decoded without the
// lock, for which those who append wait.
func (h *held) read(number uint64, r record, reader *recordReader) *Exchange {
	if e := h.find(number); e != nil {
		return e
	}
	return h.keep(number, reader.exchange(r))
}

func (h *held) find(number uint64) *Exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.byNumber[number].Value()
}

// keep returns the exchange, or the one that another reader made meanwhile.
func (h *held) keep(number uint64, e *Exchange) *Exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	if other := h.byNumber[number].Value(); other != nil {
		return other
	}
	if number < h.oldest { // it was let go meanwhile
		return e
	}
	if h.byNumber == nil {
		h.byNumber = map[uint64]weak.Pointer[Exchange]{}
	}
	h.byNumber[number] = weak.Make(e)
	return e
}

// told notes that others are given an exchange that was just appended.
func (h *held) told(number uint64, e *Exchange) { h.keep(number, e) }

// letGo forgets an exchange that the journal does not keep any more.
func (h *held) letGo(number uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.oldest = number + 1
	if len(h.byNumber) > 0 {
		delete(h.byNumber, number)
	}
}

// clear forgets all before a number.
func (h *held) clear(next uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byNumber, h.oldest = nil, next
}
