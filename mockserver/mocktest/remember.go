package mocktest

import (
	"bytes"
	"encoding/json"
	"sync/atomic"
)

// shortStory is how many exchanges a mock may have had that is looked at: what a long
// story leaves in collections, a short one does too.
const shortStory = 20

// mostRemembered is how many mocks of one test binary are looked at: their memory is
// the same, and to write it down takes longer than many a test.
const mostRemembered = 20

var remembered atomic.Int64

// remembers fails the test when a mock that goes on from a snapshot does not know what
// this one does: a behaviour made a collection without mockserver.Persist.
func (m *Mock) remembers() {
	if m.sandbox.Journal().Stats().Added > shortStory || remembered.Add(1) > mostRemembered {
		return
	}
	defer func() { _ = recover() }() // a state that can't be shown has tests of its own
	before, err := json.Marshal(m.sandbox.State())
	if err != nil {
		return
	}
	state, err := m.sandbox.Recall()
	if err != nil {
		m.fatalf("the mock cannot go on from its snapshot: %v", err)
		return // a TB whose Fatalf returns
	}
	after, err := json.Marshal(state)
	if err != nil || !bytes.Equal(before, after) {
		m.fatalf("a mock that goes on from a snapshot remembers otherwise: a behaviour makes a collection without mockserver.Persist; before %s, after %s", differing(before, after), differing(after, before))
	}
}

// differing is what a text has around the first byte that another has not.
func differing(text, from []byte) []byte {
	i := 0
	for i < min(len(text), len(from)) && text[i] == from[i] {
		i++
	}
	return text[max(0, i-40):min(len(text), i+80)]
}
