package specs_test

import (
	"fmt"

	"github.com/parleykit/parley/specs"
)

func ExampleEmbedded() {
	contract, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	message := contract.Operation("operations/message")
	fmt.Println(message.Method, message.Path)
	fmt.Printf("%s (%s)\n", message.Summary, message.Evidence.Class)
	// Output:
	// POST /api/messengers/external/other/webhook/{channelId}
	// Send a client's message to the operator (documented)
}

func ExampleContract_WithReadings() {
	contract, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	lenient, err := contract.WithReadings(map[string]string{"ELMA365-R-02": "any-2xx"})
	if err != nil {
		panic(err)
	}
	fmt.Println(contract.Chosen("ELMA365-R-02"), "→", lenient.Chosen("ELMA365-R-02"))
	// Output: only-200 → any-2xx
}
