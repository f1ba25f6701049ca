package watch_test

import (
	"fmt"
	"sync/atomic"

	"github.com/parleykit/parley/mockserver/watch"
)

// A wait is shown the list when it has as many elements as it waits for. Who changes
// the state only says so.
func ExampleLists_Follow() {
	var tickets atomic.Pointer[[]string]
	tickets.Store(&[]string{"T-1"})
	lists := watch.New(func(string) any { return map[string]any{"tickets": *tickets.Load()} })

	wait, stop := lists.Follow(watch.List{Vendor: "acme", Path: "/tickets"}, 2)
	defer stop()
	tickets.Store(&[]string{"T-1", "T-2"})
	lists.Changed()
	fmt.Println((<-wait.Came()).Texts)
	// Output: ["T-1" "T-2"]
}
