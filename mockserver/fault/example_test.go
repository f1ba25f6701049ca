package fault_test

import (
	"fmt"
	"time"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
)

// The second call of an operation is answered 503; what a rule may name is in the
// contract.
func ExampleRules() {
	contract, err := specs.Embedded("elma365")
	if err != nil {
		fmt.Println(err)
		return
	}
	rule, err := fault.Rule{Operation: "message", Status: 503, Undocumented: true, Nth: 2}.Checked([]*specs.Contract{contract})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := fault.New(1)
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	if _, err := rules.Add(rule, now); err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		effect := rules.Act(fault.Subject{Vendor: "elma365", ID: "message", Now: now})
		fmt.Println(effect != nil && effect.Status == 503)
	}
	// Output:
	// false
	// true
	// false
}
