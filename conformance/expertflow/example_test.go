package expertflow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
	"github.com/parleykit/parley/conformance/suite"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
)

// An application is judged in a Go test: the mock plays Expertflow CX, the stimulus
// makes the application push, and Only picks what is judged.
func ExampleSuites() {
	vendor := expertflow.Vendor()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, vendor)
	if err != nil {
		panic(err)
	}
	address := httptest.NewServer(mock)
	defer address.Close()
	mock.SetBaseURL(address.URL)

	application, err := partner.New(reference.Reference(), partner.Options{API: address.URL, Defects: []string{"survey-names-customer-only"}})
	if err != nil {
		panic(err)
	}
	defer application.Close()
	orders := httptest.NewServer(application)
	defer orders.Close()

	report, err := suite.Run(context.Background(), conformance.Options{
		Suites: checks.Suites(), Only: []string{"channel-session", "conversation"},
		Contract: vendor.Contract, Sandbox: mock.Sandbox(),
		Stimulus: func(_ context.Context, ask string) error {
			path := "/push-recording"
			if ask == checks.AskSurvey {
				path = "/push-survey"
			}
			response, err := http.Post(orders.URL+path, "", nil)
			if err != nil {
				return err
			}
			return response.Body.Close()
		},
	})
	if err != nil {
		panic(err)
	}
	for _, r := range report.Results {
		fmt.Println(r.Verdict, r.Title)
	}
	fmt.Println(report.Outcome)
	// Output:
	// pass names the channel session of an activity that is related to one
	// fail names the conversation of an activity that is associated with one
	// failed
}
