package file_test

import (
	"context"
	"fmt"
	"os"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/file"
)

func Example() {
	dir, _ := os.MkdirTemp("", "ledger")
	defer os.RemoveAll(dir)
	ctx := context.Background()

	l, _ := file.Open(dir, file.Options{Durability: ledger.Step})
	log, _ := l.Open(ctx, "default", 0)
	sequence, _ := log.Append([]byte("a message"))
	fmt.Println(sequence, log.Await(ctx, sequence)) // it is on the disk
	l.Close(ctx)

	l, _ = file.Open(dir, file.Options{})
	defer l.Close(ctx)
	log, _ = l.Open(ctx, "default", 0)
	log.Entries(ctx, 1, 1, func(sequence uint64, entry []byte) error {
		fmt.Printf("%d %s\n", sequence, entry)
		return nil
	})
	// Output:
	// 1 <nil>
	// 1 a message
}
