package suite_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/suite"
	"github.com/parleykit/parley/mockserver"
	vendor "github.com/parleykit/parley/mockserver/elma365"
)

// A team adds the checks to the Ginkgo suite of its own repository. Their IDs,
// levels, evidence and requirements are labels: ginkgo --label-filter='MUST && !assumed'.
func ExampleSpecs() {
	var webhook string // of the messenger, set by the team's BeforeSuite

	elma365 := vendor.Vendor()
	suite.Specs(elma365.Contract, checks.Suites()[:1], func(context.Context) conformance.Options {
		mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, elma365)
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		server := httptest.NewServer(mock)
		ginkgo.DeferCleanup(server.Close)
		mock.SetBaseURL(server.URL)
		return conformance.Options{Sandbox: mock.Sandbox(), Target: webhook, Token: "confirm"}
	})

	_ = func(t *testing.T) { // func TestWebhook(t *testing.T)
		ginkgo.RunSpecs(t, "our messenger")
	}
}
