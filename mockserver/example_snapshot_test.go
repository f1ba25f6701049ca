package mockserver_test

import (
	"fmt"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// A mock is written down, and another one goes on from there.
func ExampleRestore() {
	vendor := acme.Vendor()
	mock, err := mockserver.New(mockserver.Options{Seed: 7}, vendor)
	if err != nil {
		panic(err)
	}
	if _, err := mock.Sandbox().AddFault(fault.Rule{Operation: "ticket", Status: 404}); err != nil {
		panic(err)
	}
	text, err := mock.Sandbox().Snapshot()
	if err != nil {
		panic(err)
	}

	next, err := mockserver.Restore(text, mockserver.Options{}, vendor)
	if err != nil {
		panic(err)
	}
	fmt.Println(next.Sandbox().Seed(), next.Sandbox().Faults()[0].ID)

	_, err = mockserver.Restore(text[:20], mockserver.Options{}, vendor)
	fmt.Println(err)
	// Output:
	// 7 ft-000001
	// the mock can't go on from this snapshot: it ends after 20 bytes, in the middle; take another one, or begin without it
}
