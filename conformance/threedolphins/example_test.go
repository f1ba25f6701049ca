package threedolphins_test

import (
	"fmt"

	checks "github.com/parleykit/parley/conformance/threedolphins"
)

// A third party is judged by its webhook and its events, and apart from these by its
// calls to the service APIs, where it makes any.
func ExampleSuites() {
	for _, s := range checks.Suites() {
		fmt.Println(s.ID+":", s.Title)
	}
	// Output:
	// 3dolphins/webhook: The third party's webhook, called by 3Dolphins
	// 3dolphins/client: The third party's own events to 3Dolphins
	// 3dolphins/tickets: A client of the Ticket API (user parley, password parley)
}
