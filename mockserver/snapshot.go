package mockserver

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
)

// What tells a snapshot from other files, and from those of other versions.
const (
	snapshotKind   = "parley mock state"
	snapshotFormat = 1
)

// snapshot is all of a sandbox but its journal. It is not redacted: without tokens
// and bodies nothing could go on.
type snapshot struct {
	Kind   string    `json:"kind"`
	Format int       `json:"format"`
	Parley string    `json:"parley"` // version that wrote it
	Taken  time.Time `json:"taken"`  // by the mock's clock

	Begins    savedOptions             `json:"begins,omitzero"`
	Seed      uint64                   `json:"seed"`
	IDs       []byte                   `json:"ids"`       // state of what makes IDs
	Exchanges uint64                   `json:"exchanges"` // ever numbered
	Handovers uint64                   `json:"handovers"` // ever numbered
	Clock     clock.Shown              `json:"clock"`
	Channels  store.Saved[openChannel] `json:"channels"`
	Faults    fault.Saved              `json:"faults"`
	Outbox    outbox.Saved             `json:"outbox"`
	Vendors   map[string]savedVendor   `json:"vendors"` // by contract ID

	// What the collections hold where it was not written as JSON: a store.Saved each, by
	// contract ID and name. It stands for what Vendors keep.
	kept map[string]map[string]any
}

// savedVendor is what one vendor remembers.
type savedVendor struct {
	Readings map[string]string          `json:"readings"` // in force, by ID
	Kept     map[string]json.RawMessage `json:"kept"`     // a store.Saved each, by name
}

// openChannel is a channel with its token.
type openChannel struct {
	Channel
	Token string `json:"token,omitempty"`
}

// Snapshot writes all of a sandbox but its journal as JSON, for Restore: never half
// of what a call changes. It has tokens and bodies as they are: whoever reads it can
// call both sides. The error says what cannot be written.
func (b *Sandbox) Snapshot() ([]byte, error) {
	b.resets.Lock()
	defer b.resets.Unlock()
	in := b.current()
	var taken contents
	var err error
	b.gate.alone(func() { taken, err = in.contents() })
	if err != nil {
		return nil, err
	}
	return taken.encoded()
}

// contents are what a snapshot needs, copied while nothing changes and written as JSON
// when things go on.
type contents struct {
	snapshot
	deliveries outbox.Snapshot
}

func (in *instance) contents() (contents, error) {
	b := in.sandbox
	c := contents{snapshot: snapshot{
		kept: map[string]map[string]any{},
		Kind: snapshotKind, Format: snapshotFormat, Parley: version.Module(), Taken: b.server.options.Now().Round(0),
		Begins: savedOptions{b.begins.Now, b.begins.Frozen, b.begins.Idle},
		Seed:   b.seed, IDs: in.ids.saved(), Handovers: in.listeners.Count(), Faults: in.faults.Save(), Vendors: map[string]savedVendor{},
	}}
	b.mu.Lock()
	c.Exchanges = b.exchanges
	b.mu.Unlock()
	c.Clock = in.clock.Shown()
	channels, err := in.channels.Save()
	if err != nil {
		return c, fmt.Errorf("channels: %w", err)
	}
	c.Channels.Evicted = channels.Evicted
	for _, v := range channels.Values {
		c.Channels.Values = append(c.Channels.Values, store.Value[openChannel]{ID: v.ID, Value: openChannel{v.Value, v.Value.Token}})
	}
	c.deliveries = in.outbox.Snapshot()
	for _, stage := range in.stages() {
		id := stage.vendor.contract.ID
		c.kept[id] = map[string]any{}
		for _, k := range stage.collections {
			if c.kept[id][k.name], err = k.save(); err != nil {
				return c, fmt.Errorf("%s of %s: %w", k.name, id, err)
			}
		}
		c.Vendors[id] = savedVendor{Readings: stage.vendor.readings, Kept: map[string]json.RawMessage{}}
	}
	return c, nil
}

func (c contents) encoded() ([]byte, error) {
	var err error
	if c.Outbox, err = c.deliveries.Written(plainjson.Marshal); err != nil {
		return nil, err
	}
	return c.snapshot.encoded()
}

// live is the sandbox as it is, for one of the same mock: its collections are not written
// as JSON.
func (in *instance) live() (snapshot, error) {
	c, err := in.contents()
	if err != nil {
		return snapshot{}, err
	}
	c.Outbox, err = c.deliveries.Written(plainjson.Marshal)
	return c.snapshot, err
}

// shows is what the clock showed when the snapshot was taken.
func (s snapshot) shows() time.Time {
	if s.Clock.Frozen {
		return s.Clock.At
	}
	return s.Taken.Add(s.Clock.Offset)
}

func (s snapshot) encoded() ([]byte, error) {
	var err error
	for id, all := range s.kept {
		for name, saved := range all {
			if s.Vendors[id].Kept[name], err = plainjson.Marshal(saved); err != nil {
				return nil, fmt.Errorf("%s of %s: %w", name, id, err)
			}
		}
	}
	return plainjson.Marshal(s)
}
