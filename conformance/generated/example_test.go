package generated_test

import (
	"fmt"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/specs"
)

// The folder of an invented vendor is all that its checks are made from.
func ExampleSuites() {
	contract, err := specs.LoadFolder("../../testdata/contracts/acme")
	if err != nil {
		panic(err)
	}
	for _, suite := range generated.Suites(contract) {
		fmt.Println(suite.Title)
		plan, err := conformance.Plan(contract, []conformance.Suite{suite}, nil, nil)
		if err != nil {
			panic(err)
		}
		for _, c := range plan[:2] {
			fmt.Println(" ", c.Level, c.ID, "decides", c.Facts[0].ID)
		}
	}
	// Output:
	// The partner's webhook, called by Acme Desk; generated from the documents
	//   MUST acme/webhook/ticketAnswered/sample/documented decides events/ticketAnswered
	//   MUST acme/webhook/ticketAnswered/sample/without-agent decides events/ticketAnswered
	// The partner's own calls to Acme Desk; generated from the documents
	//   MUST acme/client/openTicket/call decides operations/openTicket
	//   SHOULD acme/client/openTicket/after-500 decides operations/openTicket 500
}
