package expertflow_test

import (
	"fmt"

	checks "github.com/parleykit/parley/conformance/expertflow"
)

// An application is judged by its own calls: Expertflow CX calls no webhook.
func ExampleSuites() {
	for _, s := range checks.Suites() {
		fmt.Println(s.ID+":", s.Title)
	}
	// Output:
	// expertflow/client: The application's own calls to Expertflow CX
}
