package mockserver_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/traffic"
)

func oneOf[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

func anyMatch(r *rand.Rand) mockserver.Match {
	return mockserver.Match{
		Operation: oneOf(r, "", "", "ticket", "operations/note", "events/changed", "changed"),
		Caller:    oneOf(r, "", "", traffic.Partner, traffic.Vendor), Channel: oneOf(r, "", "", "a", "b"),
		Status: oneOf(r, 0, 0, 200, 503), After: oneOf(r, "", "", "", "ex-000020"),
		Body:     oneOf(r, nil, nil, map[string]any{"n": 1}),
		Contains: oneOf(r, nil, nil, map[string]string{"text": "b"}),
	}
}

func anyExchange(r *rand.Rand, id string) *traffic.Exchange {
	e := &traffic.Exchange{
		ID: id, Vendor: "acme", Caller: oneOf(r, traffic.Partner, traffic.Vendor), Channel: oneOf(r, "", "a", "b"),
		Operation: oneOf(r, "", "operations/ticket", "operations/note", "events/changed", "operations/changed"),
		Request:   traffic.Request{Body: traffic.NewBody(fmt.Appendf(nil, `{"n": %d, "text": %q}`, r.IntN(3), oneOf(r, "a", "ab")), 100)},
	}
	if status := oneOf(r, 0, 200, 503); status != 0 {
		e.Response = &traffic.Response{Status: status}
	}
	return e
}

func idsOf(list []*traffic.Exchange) (ids []string) {
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}

// TestWhatIsAwaitedDiffersInNothing: many that wait for different exchanges at once have
// those in which Differences finds none, in order.
func TestWhatIsAwaitedDiffersInNothing(t *testing.T) {
	const waits, appended = 60, 80
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 1))
		box := acme.New(t, nil).Sandbox()
		ctx, giveUp := context.WithCancel(t.Context())
		var group sync.WaitGroup
		var matches [waits]mockserver.Match
		var found [waits][]*traffic.Exchange
		for i := range waits {
			matches[i] = anyMatch(r)
			group.Go(func() { found[i], _ = box.Await(ctx, appended+1, matches[i]) })
		}
		for n := range appended {
			box.Journal().Append(anyExchange(r, fmt.Sprintf("ex-%06d", n)))
		}
		giveUp()
		group.Wait()
		for i, match := range matches {
			want := box.Journal().Find(func(e *traffic.Exchange) bool { return len(match.Differences(e)) == 0 })
			if !slices.Equal(idsOf(found[i]), idsOf(want)) {
				t.Fatalf("seed %d: awaiting %+v found %v, not %v", seed, match, idsOf(found[i]), idsOf(want))
			}
		}
	}
}
