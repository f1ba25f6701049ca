package mockserver

import (
	"cmp"
	"fmt"
	"sync/atomic"

	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
)

// instance is everything of a sandbox that a reset replaces.
type instance struct {
	sandbox   *Sandbox
	clock     *clock.Clock
	ids       *ids
	channels  store.Collection[Channel]
	faults    *fault.Rules
	outbox    *outbox.Outbox
	listeners *outbox.Listeners
	playing   atomic.Pointer[[]*Stage] // one per vendor, in the vendors' order
	refused   error                    // why Options.State or Options.Channels could not be given to a vendor
}

// newInstance begins anew: every vendor is played from the start.
func newInstance(b *Sandbox) *instance {
	in := &instance{
		sandbox: b, clock: clock.New(b.server.options.Now), ids: newIDs(b.seed),
		faults: fault.New(b.seed),
	}
	in.channels = &recorded[Channel]{
		Collection: store.NewMemory(b.bound(maxChannels), Channel.copy), instance: in, name: "channels",
		written: func(c Channel) any { return openChannel{c, c.Token} }, current: func() bool { return true },
	}
	if b.begins.Frozen {
		in.clock.Freeze()
	}
	if !b.begins.Now.IsZero() {
		in.clock.Set(b.begins.Now)
	}
	in.listeners = outbox.NewListeners()
	in.outbox = outbox.New(in.clock, in.carrier(), outbox.Limits{Most: b.bound, Kept: b.deliveries})
	var stages []*Stage
	for _, v := range b.server.vendors() {
		stage, err := in.newStage(v)
		if err != nil {
			in.refused = err
		}
		stages = append(stages, stage)
	}
	in.playing.Store(&stages)
	if b.name == "" {
		in.refused = cmp.Or(in.refused, in.addChannels(b.server.options.Channels))
	}
	return in
}

// newStage lets a vendor begin.
func (in *instance) newStage(v *vendor) (*Stage, error) {
	stage := &Stage{instance: in, vendor: v}
	if err := stage.play(); err != nil {
		return stage, err
	}
	if given := in.sandbox.server.options.State[v.contract.ID]; given != nil {
		if err := stage.addState(given); err != nil {
			return stage, stateError(v.contract.ID, err)
		}
	}
	return stage, nil
}

func (in *instance) stages() []*Stage { return *in.playing.Load() }

// addChannels adds what Options.Channels give.
func (in *instance) addChannels(list []Channel) error {
	for _, c := range list {
		stage, err := in.chosenStage(c.Vendor)
		if err == nil {
			_, err = in.addChannel(stage.vendor, c)
		}
		if err != nil {
			return fmt.Errorf("a channel of %s: %w", cmp.Or(c.Vendor, "the vendor"), err)
		}
	}
	return nil
}

// stageOf returns the stage of a vendor, or nil.
func (in *instance) stageOf(vendor string) *Stage {
	for _, stage := range in.stages() {
		if stage.vendor.contract.ID == vendor {
			return stage
		}
	}
	return nil
}
