package elma365_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/conformance/suite"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
)

// A messenger is judged in a Go test: the mock plays ELMA365, the messenger is
// any http.Handler, and Only picks what is judged.
func ExampleSuites() {
	vendor := elma365.Vendor()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, vendor)
	if err != nil {
		panic(err)
	}
	address := httptest.NewServer(mock)
	defer address.Close()
	mock.SetBaseURL(address.URL)

	messenger, err := partner.New(reference.Reference(), partner.Options{Token: "confirm", Defects: []string{"trims-token"}})
	if err != nil {
		panic(err)
	}
	defer messenger.Close()
	webhook := httptest.NewServer(messenger)
	defer webhook.Close()

	report, err := suite.Run(context.Background(), conformance.Options{
		Suites: checks.Suites(), Only: []string{"elma365/webhook/token-space-after", "elma365/webhook/mark-as-read"},
		Contract: vendor.Contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Token: "confirm",
	})
	if err != nil {
		panic(err)
	}
	for _, r := range report.Results {
		fmt.Println(r.Verdict, r.Title)
	}
	fmt.Println(report.Outcome)
	// Output:
	// pass answers markAsRead with 200
	// fail rejects each event with a space after the token with 401
	// failed
}
