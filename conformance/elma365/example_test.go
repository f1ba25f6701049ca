package elma365_test

import (
	"fmt"

	checks "github.com/parleykit/parley/conformance/elma365"
)

// A messenger is judged by two suites. ExampleJudge of package conformance runs some of
// their checks.
func ExampleSuites() {
	for _, s := range checks.Suites() {
		fmt.Println(s.ID+":", s.Title)
	}
	// Output:
	// elma365/webhook: The messenger's webhook, called by ELMA365
	// elma365/client: The messenger's own calls to ELMA365
}
