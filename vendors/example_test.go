package vendors_test

import (
	"fmt"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// A mock of any contract that Parley ships, without naming the vendor in Go.
func Example() {
	contract, err := specs.Embedded("expertflow")
	if err != nil {
		panic(err)
	}
	mock, err := mockserver.New(mockserver.Options{}, vendors.Played(contract)...)
	if err != nil {
		panic(err)
	}
	fmt.Println(len(mock.Sandbox().State()), "vendor")
	fmt.Println(vendors.Of("expertflow").Suites()[0].ID)
	// Output:
	// 1 vendor
	// expertflow/client
}
