// Package ginkgo_test is what a team has in its own repository: the checks of ELMA365
// in the team's own Ginkgo suite, beside its own specs. Run it with
//
//	go test ./examples/ginkgo
//	go test ./examples/ginkgo -ginkgo.label-filter='MUST && !assumed && events'
package ginkgo_test

import (
	"context"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/ginkgo/v2"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/partner"
	messenger "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/conformance/suite"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
)

func TestMessenger(t *testing.T) {
	RunSpecs(t, "our messenger")
}

const token = "confirm"

var vendor = elma365.Vendor()

// The webhook's checks, each a spec with its ID, level, evidence and requirements as
// labels. A reference messenger stands for the team's own.
var _ = suite.Specs(vendor.Contract, checks.Suites()[:1], func(context.Context) conformance.Options {
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, vendor)
	must(err)
	server := httptest.NewServer(mock)
	DeferCleanup(server.Close)
	mock.SetBaseURL(server.URL)

	ours, err := partner.New(messenger.Reference(), partner.Options{Token: token})
	must(err)
	webhook := httptest.NewServer(ours)
	DeferCleanup(webhook.Close)
	DeferCleanup(ours.Close)
	return conformance.Options{Sandbox: mock.Sandbox(), Target: webhook.URL + "/webhook", Token: token}
})

// What the team knows better than any vendor stands beside them.
var _ = It("has a token", Label("ours"), func() {
	if token == "" {
		Fail("a messenger without a token takes every request")
	}
})

func must(err error) {
	if err != nil {
		Fail(err.Error(), 1)
	}
}
