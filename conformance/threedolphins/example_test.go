package threedolphins_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
	"github.com/parleykit/parley/conformance/suite"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// A bot is judged in a Go test: the mock plays 3Dolphins, the bot is any
// http.Handler, and Only picks what is judged. It answers by itself, so that nobody
// has to make it act.
func ExampleSuites() {
	vendor := threedolphins.Vendor()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, vendor)
	if err != nil {
		panic(err)
	}
	address := httptest.NewServer(mock)
	defer address.Close()
	mock.SetBaseURL(address.URL)

	bot, err := partner.New(reference.Reference(), partner.Options{API: address.URL, Defects: []string{"sends-no-owner"}})
	if err != nil {
		panic(err)
	}
	defer bot.Close()
	webhook := httptest.NewServer(bot)
	defer webhook.Close()

	report, err := suite.Run(context.Background(), conformance.Options{
		Suites: checks.Suites(), Only: []string{"3dolphins/webhook/sticker", "3dolphins/client/owner"},
		Contract: vendor.Contract, Sandbox: mock.Sandbox(), Target: webhook.URL + "/webhook",
		Stimulus: func(context.Context, string) error { return nil },
	})
	if err != nil {
		panic(err)
	}
	for _, r := range report.Results {
		fmt.Println(r.Verdict, r.Title)
	}
	fmt.Println(report.Outcome)
	// Output:
	// pass takes a customer's sticker, which arrives as the text Sticker
	// fail sends each Outgoing Event with owner, of the type and form of the page
	// failed
}
