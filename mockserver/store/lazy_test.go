package store_test

import (
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/mockserver/store/storetest"
)

func TestLazily(t *testing.T) {
	storetest.Run(t, func(_ *testing.T, bound int) store.Collection[storetest.Value] {
		return store.Lazily(store.NewMemory(bound, storetest.Clone), func() {})
	})
}

// TestLazilyIsFilledAtItsFirstUse, whatever that is, and once.
func TestLazilyIsFilledAtItsFirstUse(t *testing.T) {
	for name, use := range map[string]func(store.Collection[int]) error{
		"get":  func(c store.Collection[int]) error { _, err := c.Get("a"); return err },
		"list": func(c store.Collection[int]) error { _, err := c.List(); return err },
		"update": func(c store.Collection[int]) error {
			_, err := c.Update("a", func(*int) error { return nil })
			return err
		},
		"upsert": func(c store.Collection[int]) error {
			_, err := c.Upsert("a", func(*int) error { return nil })
			return err
		},
		"delete": func(c store.Collection[int]) error { return c.Delete("a") },
		"len":    func(c store.Collection[int]) error { _, err := c.Len(); return err },
		"save":   func(c store.Collection[int]) error { _, err := c.Save(); return err },
		"load":   func(c store.Collection[int]) error { return c.Load(store.Saved[int]{}) },
		"count":  func(c store.Collection[int]) error { _, err := c.Evicted(); return err },
	} {
		kept, filled := store.NewMemory[int](0, nil), 0
		c := store.Lazily[int](kept, sync.OnceFunc(func() {
			filled++
			kept.Upsert("a", func(n *int) error { *n = 1; return nil })
		}))
		if filled != 0 {
			t.Errorf("%s: it is filled before its first use", name)
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() { use(c) })
		}
		group.Wait()
		if err := use(c); filled != 1 || err != nil && name != "delete" && name != "get" && name != "update" {
			t.Errorf("%s: it is filled %d times, %v", name, filled, err)
		}
	}
}
