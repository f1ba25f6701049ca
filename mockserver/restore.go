package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/specs"
)

// ErrSnapshot says that a mock can't go on from a snapshot. The text says why, and
// what to do.
var ErrSnapshot = errors.New("the mock can't go on from this snapshot")

// Restore is New, but the default sandbox is as it was when Snapshot was taken: what
// the vendors remember, channels, faults, deliveries and the clock, and IDs go on.
// Deliveries that had not ended are queued again, so that one of which the partner
// has seen an attempt may come twice. The seed is the snapshot's. What Options.State
// gives is for other sandboxes, and like Options.Channels for a reset.
func Restore(text []byte, o Options, vendors ...Vendor) (*Server, error) {
	s, err := readSnapshot(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	o.Seed = s.Seed
	server, err := New(o, vendors...)
	if err != nil {
		return nil, err
	}
	if err := s.fits(server.vendors()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	if err := server.Sandbox().current().load(s); err != nil {
		return nil, fmt.Errorf("%w: %w; was it changed by hand? Take another one, or begin without it", ErrSnapshot, err)
	}
	return server, nil
}

// readSnapshot reads a snapshot of this version's form.
func readSnapshot(text []byte) (snapshot, error) {
	var s snapshot
	return s, readInto(text, &s, &s)
}

// readInto reads a snapshot into what has its members, and among them the snapshot.
func readInto(text []byte, all any, s *snapshot) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber() // what faults compare and set is as it was given
	err := decoder.Decode(all)
	if err == nil && s.Kind == snapshotKind && s.Format == snapshotFormat && !decoder.More() {
		return nil
	}
	return misread(text, err)
}

// misread says what is wrong with a snapshot that could not be decoded, or is another form.
func misread(text []byte, decoding error) error {
	var head struct {
		Kind   string
		Format int
		Parley string
	}
	err := json.Unmarshal(text, &head)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(bytes.TrimSpace(text))):
		return fmt.Errorf("it ends after %d bytes, in the middle; take another one, or begin without it", len(text))
	case errors.As(err, &syntax):
		return fmt.Errorf("it is broken at byte %d: %w; take another one, or begin without it", syntax.Offset, err)
	case err != nil || head.Kind != snapshotKind:
		return errors.New("it is none, or it is not whole; Sandbox.Snapshot makes them")
	case head.Format != snapshotFormat:
		return fmt.Errorf("it was written by parley %s in form %d, and this is parley %s, which reads form %d; use the one that wrote it, or begin without it", head.Parley, head.Format, version.Module(), snapshotFormat)
	}
	return fmt.Errorf("it was written by parley %s, and this is parley %s: %w; use the one that wrote it, or begin without it", head.Parley, version.Module(), decoding)
}

// fits finds a vendor that is not in both, or is played otherwise.
func (s snapshot) fits(vendors []*vendor) error {
	played := map[string]*vendor{}
	for _, v := range vendors {
		played[v.contract.ID] = v
		if _, ok := s.Vendors[v.contract.ID]; !ok {
			return fmt.Errorf("it has nothing of %s, only of %s; play the same vendors", v.contract.ID, joined(s.Vendors))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Vendors)) {
		if played[id] == nil {
			return fmt.Errorf("it has %s, and played are %s; play the same vendors", id, specs.JoinIDs(contractsOf(vendors)))
		}
		if err := sameReadings(id, s.Vendors[id].Readings, played[id].readings); err != nil {
			return err
		}
	}
	return nil
}

func sameReadings(id string, before, now map[string]string) error {
	for _, reading := range slices.Sorted(maps.Keys(now)) {
		switch was := before[reading]; was {
		case now[reading]:
		case "":
			return fmt.Errorf("it knows no reading %s, so the contract of %s was another; begin without it", reading, id)
		default:
			return fmt.Errorf("it was taken with --reading %s=%s, and now %s is in force; choose the same reading", reading, was, now[reading])
		}
	}
	for _, reading := range slices.Sorted(maps.Keys(before)) {
		if now[reading] == "" {
			return fmt.Errorf("it has a reading %s, which %s does not know, so its contract was another; begin without it", reading, id)
		}
	}
	return nil
}

func joined[T any](byID map[string]T) string {
	return strings.Join(slices.Sorted(maps.Keys(byID)), ", ")
}

// load puts what was saved in the place of all that a new instance has.
func (in *instance) load(s snapshot) error {
	if err := in.ids.load(s.IDs); err != nil {
		return fmt.Errorf("ids: %w", err)
	}
	in.sandbox.exchanges = s.Exchanges
	in.listeners.Resume(s.Handovers)
	in.clock.Show(s.Clock)
	if err := in.loadChannels(s.Channels); err != nil {
		return err
	}
	if err := in.faults.Load(s.Faults, in.sandbox.server.Contracts()); err != nil {
		return err
	}
	for _, stage := range in.stages() {
		id := stage.vendor.contract.ID
		var err error
		if kept, live := s.kept[id]; live {
			err = stage.give(kept)
		} else {
			err = stage.load(s.Vendors[id].Kept)
		}
		if err != nil {
			return fmt.Errorf("what %s remembers: %w", id, err)
		}
	}
	return in.loadDeliveries(s.Outbox)
}

func (in *instance) loadChannels(saved store.Saved[openChannel]) error {
	channels := store.Saved[Channel]{Evicted: saved.Evicted}
	for _, v := range saved.Values {
		c := v.Value.Channel
		c.Token = v.Value.Token
		in.sandbox.Redactor().Met(c.Token)
		stage := in.stageOf(c.Vendor)
		if stage == nil || c.ID != v.ID {
			return fmt.Errorf("channel %q is of no vendor that is played", v.ID)
		}
		if err := c.check(stage.vendor); err != nil {
			return fmt.Errorf("channel %s: %w", c.ID, err)
		}
		channels.Values = append(channels.Values, store.Value[Channel]{ID: c.ID, Value: c})
	}
	return in.channels.Load(channels)
}

// load fills all collections of a vendor: no more and no fewer than were saved.
func (s *Stage) load(saved map[string]json.RawMessage) error {
	for _, k := range s.collections {
		text, ok := saved[k.name]
		if !ok {
			return fmt.Errorf("%s is missing", k.name)
		}
		if err := k.load(text); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	if len(saved) > len(s.collections) {
		return fmt.Errorf("there are %s, and it has only %d of them", joined(saved), len(s.collections))
	}
	return nil
}

// give is load of what was not written as JSON in one piece.
func (s *Stage) give(saved map[string]any) error {
	for _, k := range s.collections {
		one, ok := saved[k.name]
		if !ok {
			return fmt.Errorf("%s is missing", k.name)
		}
		if err := k.give(one); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	if len(saved) > len(s.collections) {
		return fmt.Errorf("there are %s, and it has only %d of them", joined(saved), len(s.collections))
	}
	return nil
}

// Recall returns State as a mock would have it that goes on from a snapshot taken now,
// without deliveries. It is another one where a behaviour does not persist all that it
// remembers.
func (b *Sandbox) Recall() (map[string]any, error) {
	text, err := b.Snapshot()
	if err != nil {
		return nil, err
	}
	s, err := readSnapshot(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	s.Outbox = outbox.Saved{}
	return b.recalled(s)
}
