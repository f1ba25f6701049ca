package florist_test

import (
	"context"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/florist"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/florist"
	"github.com/parleykit/parley/mockserver/florist"
)

const prefix = "florist/webhook/"

var contracts = &checktest.Contracts{Vendor: "florist", Prefix: "FLORIST-"}

// table has the defects in the order of the partner's.
var table = []checktest.Row{
	{Defect: "accepts-any-order", Fail: "own-orders"},
}

func TestSuites(t *testing.T) { checktest.Suites(t, contracts.With(t, ""), checks.Suites()) }

func TestTheGoodPartnerPasses(t *testing.T) { judged(t, checktest.Row{}) }

func TestEachDefectFailsItsChecks(t *testing.T) { checktest.Each(t, table, judged) }

func TestTablesAreComplete(t *testing.T) {
	checktest.Complete(t, reference.Reference().Defects, checktest.Table{Prefix: prefix, Suites: checks.Suites(), Rows: table})
}

// judged judges the reference partner with the defects of a row.
func judged(t *testing.T, r checktest.Row) {
	contract := contracts.With(t, r.Readings)
	mock, api := checktest.Play(t, contract, florist.Play)
	shop := checktest.Partner(t, reference.Reference(), partner.Options{API: api, Defects: r.Defects()})
	address := checktest.Serve(t, shop, shop.Close)
	report := checktest.JudgeFunc(checktest.Judge).Report(t, conformance.Options{
		Suites: checks.Suites(), Contract: contract, Sandbox: mock.Sandbox(), Target: address + "/webhook", Seed: 1,
		Stimulus: func(ctx context.Context, ask string) error { return checktest.Ask(ctx, address+"/order", ask, "") },
	})
	checktest.Compare(t, report, prefix, r)
}
