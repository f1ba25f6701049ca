package mockserver

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// step is all that changes while one is inside the gate, as the ledger has it. What is
// not in it stays as it was. It is not redacted: without tokens and bodies nothing could
// go on.
type step struct {
	Time      time.Time           `json:"time"`              // by the mock's clock
	Cleared   bool                `json:"cleared,omitempty"` // the journal was, before these exchanges
	Exchanges []*traffic.Exchange `json:"exchanges,omitempty"`
	Numbered  uint64              `json:"numbered,omitempty"`  // exchanges ever, in this sandbox
	Handovers uint64              `json:"handovers,omitempty"` // ever numbered
	IDs       []byte              `json:"ids,omitempty"`       // state of what makes IDs
	Clock     *clock.Shown        `json:"clock,omitempty"`
	Faults    *fault.Saved        `json:"faults,omitempty"`
	Values    []stepValue         `json:"values,omitempty"`
	Outbox    *outbox.Step        `json:"outbox,omitempty"`

	Whole json.RawMessage `json:"whole,omitempty"` // a snapshot: all is as it says
	Reset bool            `json:"reset,omitempty"` // and what was before is no more
}

// stepValue is a value of a collection after a change.
type stepValue struct {
	Vendor     string          `json:"vendor,omitempty"` // contract ID; "" for channels
	Collection string          `json:"collection"`
	ID         string          `json:"id"`
	Value      json.RawMessage `json:"value,omitempty"` // left out when it was deleted
	Evicted    uint64          `json:"evicted,omitempty"`
}

// written is what the last step said of things that are told only when they changed.
type written struct {
	numbered, handovers uint64
	ids                 []byte
	clock               clock.Shown
	faults              uint64
}

// complete adds to a step what changed beside collections and exchanges, and reports
// whether anything did at all. Nobody else is inside.
func (in *instance) complete(s *step, before *written) bool {
	now := in.seen()
	changed := s.Cleared || len(s.Exchanges) > 0 || len(s.Values) > 0
	s.Time = in.sandbox.server.options.Now().Round(0)
	if now.numbered != before.numbered {
		s.Numbered, changed = now.numbered, true
	}
	if now.handovers != before.handovers {
		s.Handovers, changed = now.handovers, true
	}
	if !bytes.Equal(now.ids, before.ids) {
		s.IDs, changed = now.ids, true
	}
	if now.clock != before.clock {
		s.Clock, changed = &now.clock, true
	}
	if now.faults != before.faults {
		saved := in.faults.Save()
		s.Faults, changed = &saved, true
	}
	if out, some := in.outbox.Step(); some {
		s.Outbox, changed = &out, true
	}
	*before = now
	return changed
}

// seen is what there is now of what is told only when it changed.
func (in *instance) seen() written {
	b := in.sandbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return written{
		numbered: b.exchanges, handovers: in.listeners.Count(), ids: in.ids.saved(), clock: in.clock.Shown(), faults: in.faults.Changes(),
	}
}

func (s *step) encoded() ([]byte, error) { return plainjson.Marshal(s) }
