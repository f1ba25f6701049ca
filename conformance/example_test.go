package conformance_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/mockserver"
	vendor "github.com/parleykit/parley/mockserver/elma365"
)

// A partner that compares no tokens is judged in a few lines.
func ExampleJudge() {
	messenger, err := partner.New(reference.Reference(), partner.Options{Token: "confirm", Defects: []string{"accepts-any-token"}})
	if err != nil {
		panic(err)
	}
	defer messenger.Close()
	webhook := httptest.NewServer(messenger)
	defer webhook.Close()

	elma365 := vendor.Vendor()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, elma365)
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(mock)
	defer server.Close()
	mock.SetBaseURL(server.URL)

	report, err := conformance.Judge(context.Background(), conformance.Options{
		Suites: checks.Suites(), Only: []string{"webhook/message", "wrong-token"},
		Contract: elma365.Contract, Sandbox: mock.Sandbox(),
		Target: webhook.URL + "/webhook", Token: "confirm",
	})
	if err != nil {
		panic(err)
	}
	for _, r := range report.Results {
		fmt.Println(r.Verdict, r.ID)
	}
	fmt.Println(report.Outcome)
	// Output:
	// pass elma365/webhook/message
	// fail elma365/webhook/wrong-token
	// failed
}
