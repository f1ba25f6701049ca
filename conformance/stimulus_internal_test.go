package conformance

import "testing"

// TestASuitesAsks: a word in braces stands for what is only known when it is asked.
func TestASuitesAsks(t *testing.T) {
	s := Suite{Asks: []string{"Read the list.", "Close ticket {ticket}, if it can."}}
	for ask, want := range map[string]bool{
		"Read the list.": true, "Close ticket 7a, if it can.": true,
		"Close ticket , if it can.": false, "Close ticket 7a": false, "Read the list. Now.": false, "": false,
	} {
		if s.asks(ask) != want {
			t.Errorf("%q: %t", ask, !want)
		}
	}
}

// TestWhoHasNoPartIsKnownByTheFirstAsk: one that was met makes the others worth waiting
// for.
func TestWhoHasNoPartIsKnownByTheFirstAsk(t *testing.T) {
	a, asks := &asking{}, []string{"read", "write"}
	if why := a.onlyInVain(asks); why != "" {
		t.Errorf("before anything was asked: %s", why)
	}
	a.inVain("read", "nobody was there")
	a.inVain("another suite's", "busy")
	if why := a.onlyInVain(asks); why != "nobody was there" {
		t.Errorf("after the first: %q", why)
	}
	a.answered("write")
	if why := a.onlyInVain(asks); why != "" {
		t.Errorf("after one was met: %s", why)
	}
}
