package unset_test

import (
	"fmt"

	"github.com/parleykit/parley/internal/unset"
)

func ExampleFields() {
	fmt.Println(unset.Fields(struct {
		ID   string
		Sent bool
		To   []string
	}{ID: "d-1", To: []string{}}))
	// Output: [Sent]
}
