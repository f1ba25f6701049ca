package control

import (
	"testing"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// TestWhatFollowsOneAnotherIsKept: thousands that look at some exchanges in turn find what
// the first of them made.
func TestWhatFollowsOneAnotherIsKept(t *testing.T) {
	f, redact := newFrames(), redaction.New(redaction.Options{})
	var all []*traffic.Exchange
	var made []*frame
	for n := range len(f.slots) {
		e := &traffic.Exchange{ID: serial.ID("ex-", uint64(n)), Sandbox: "box"}
		one, _ := f.of(e, redact)
		all, made = append(all, e), append(made, one)
	}
	for i, e := range all {
		if one, _ := f.of(e, redact); one != made[i] {
			t.Fatalf("%s, one of %d, was made again", e.ID, len(all))
		}
	}
}
