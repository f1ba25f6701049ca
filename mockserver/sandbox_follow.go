package mockserver

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/parleykit/parley/mockserver/watch"
	"github.com/parleykit/parley/traffic"
)

// Follow reads what of the journal has traits and matches from now on, or from after an
// exchange, by its ID: then with how many of those that followed it are no longer there.
func (b *Sandbox) Follow(since string, t traffic.Traits, match func(*traffic.Exchange) bool) (s *traffic.Subscription, missed uint64) {
	if since == "" {
		return b.journal.Only(t).Subscribe(match), 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	gone := b.exchanges - uint64(b.journal.Stats().Kept)
	n, err := strconv.ParseUint(strings.TrimPrefix(since, "ex-"), 10, 64)
	if err != nil || n > gone {
		n = gone
	}
	return b.journal.Only(t).SubscribeKept(match), gone - n
}

// Lists are the lists in what the vendors remember, to be looked at and followed.
func (b *Sandbox) Lists() *watch.Lists { return b.lists }

// WithState returns the contract ID of a vendor, which may be empty when the mock
// plays one. The error says that there is none, or that it remembers nothing.
func (b *Sandbox) WithState(vendor string) (id string, err error) {
	stage, err := b.current().chosenStage(vendor)
	if err != nil {
		return "", err
	}
	if stage.behaviour.State == nil {
		return "", fmt.Errorf("%s remembers nothing", stage.vendor.contract.Name)
	}
	return stage.vendor.contract.ID, nil
}

// WhileServed is a context that also ends when the mock is shut down or the sandbox
// removed.
func (b *Sandbox) WhileServed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(b.served, cancel)
	return ctx, func() { stop(); cancel() }
}
