package store_test

import (
	"fmt"
	"testing"

	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/mockserver/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(_ *testing.T, bound int) store.Collection[storetest.Value] {
		return store.NewMemory(bound, storetest.Clone)
	})
}

func ExampleMemory() {
	var visits store.Collection[int] = store.NewMemory[int](1000, nil)
	for range 3 {
		visits.Upsert("user12", func(n *int) error {
			*n++
			return nil
		})
	}
	n, err := visits.Get("user12")
	fmt.Println(n, err)
	_, err = visits.Get("user13")
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// not found
}
