package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
)

func TestMemory(t *testing.T) {
	ledgertest.Run(t, ledgertest.Backend{
		New:    func(*testing.T) ledger.Ledger { return ledger.NewMemory() },
		Fenced: true,
	})
}

func ExampleMemory() {
	ctx := context.Background()
	log, _ := ledger.NewMemory().Open(ctx, "default", 0)
	log.Checkpoint(ctx, 0, []byte("nothing"))
	for _, step := range []string{"a message", "its answer"} {
		log.Append([]byte(step))
	}
	at, state, _ := log.State(ctx, 2)
	fmt.Printf("%s, and then\n", state)
	log.Entries(ctx, at+1, 2, func(sequence uint64, entry []byte) error {
		fmt.Printf("%d %s\n", sequence, entry)
		return nil
	})
	// Output:
	// nothing, and then
	// 1 a message
	// 2 its answer
}
