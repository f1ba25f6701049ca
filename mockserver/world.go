package mockserver

import (
	"cmp"
	"fmt"

	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
)

// world is everything of a sandbox that a reset replaces.
type world struct {
	sandbox   *Sandbox
	clock     *clock.Clock
	ids       *ids
	channels  store.Collection[Channel]
	faults    *fault.Rules
	outbox    *outbox.Outbox
	listeners *outbox.Listeners
	stages    []*Stage // one per vendor, in the vendors' order
	refused   error    // why Options.State or Options.Channels could not be given to a vendor
}

// newWorld begins anew: every vendor is played from the start.
func newWorld(b *Sandbox) *world {
	w := &world{
		sandbox: b, clock: clock.New(b.server.options.Now), ids: newIDs(b.seed),
		channels: store.NewMemory(b.bound(maxChannels), Channel.copy), faults: fault.New(b.seed),
	}
	if b.begins.Frozen {
		w.clock.Freeze()
	}
	if !b.begins.Now.IsZero() {
		w.clock.Set(b.begins.Now)
	}
	w.listeners = outbox.NewListeners()
	w.outbox = outbox.New(w.clock, w.carrier(), outbox.Limits{Most: b.bound, Kept: b.deliveries})
	for _, v := range b.server.vendors {
		stage := &Stage{world: w, vendor: v}
		w.stages = append(w.stages, stage)
		if err := stage.play(); err != nil {
			w.refused = err
		}
		if given := b.server.options.State[v.contract.ID]; given != nil {
			if err := stage.addState(given); err != nil {
				w.refused = stateError(v.contract.ID, err)
			}
		}
	}
	if b.name == "" {
		w.refused = cmp.Or(w.refused, w.addChannels(b.server.options.Channels))
	}
	return w
}

// addChannels adds what Options.Channels give.
func (w *world) addChannels(list []Channel) error {
	for _, c := range list {
		stage, err := w.chosenStage(c.Vendor)
		if err == nil {
			_, err = w.addChannel(stage.vendor, c)
		}
		if err != nil {
			return fmt.Errorf("a channel of %s: %w", cmp.Or(c.Vendor, "the vendor"), err)
		}
	}
	return nil
}

// stageOf returns the stage of a vendor, or nil.
func (w *world) stageOf(vendor string) *Stage {
	for _, stage := range w.stages {
		if stage.vendor.contract.ID == vendor {
			return stage
		}
	}
	return nil
}
