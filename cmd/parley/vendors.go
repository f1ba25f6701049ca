package main

import (
	"slices"

	"github.com/parleykit/parley/conformance"
	elma365checks "github.com/parleykit/parley/conformance/elma365"
	expertflowchecks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/partner"
	elma365partner "github.com/parleykit/parley/conformance/partner/elma365"
	expertflowpartner "github.com/parleykit/parley/conformance/partner/expertflow"
	dolphinspartner "github.com/parleykit/parley/conformance/partner/threedolphins"
	dolphinschecks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver"
	elma365mock "github.com/parleykit/parley/mockserver/elma365"
	expertflowmock "github.com/parleykit/parley/mockserver/expertflow"
	dolphinsmock "github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
)

// vendor is what Parley has for a contract beyond its documents.
type vendor struct {
	id        string
	play      func(*mockserver.Stage) mockserver.Behaviour
	suites    func() []conformance.Suite
	reference func() partner.Vendor
	try       example
}

// example is a call that the mock accepts as soon as it has started.
type example struct {
	operation string
	sample    string // "" for the documented one
	params    map[string]string
}

// vendors is the one list of them. A contract that is not in it is played from
// its samples.
var vendors = []vendor{
	{
		id: "elma365", play: elma365mock.Play, suites: elma365checks.Suites, reference: elma365partner.Reference,
		try: example{operation: "message", sample: "text-only", params: map[string]string{"channelId": elma365mock.DefaultChannel}},
	},
	{
		id: "expertflow", play: expertflowmock.Play, suites: expertflowchecks.Suites, reference: expertflowpartner.Reference,
		try: example{operation: "pushActivity", sample: "survey-result"},
	},
	{
		id: "3dolphins", play: dolphinsmock.Play, suites: dolphinschecks.Suites, reference: dolphinspartner.Reference,
		try: example{operation: "getToken", sample: "parley"},
	},
}

func vendorOf(id string) vendor {
	if i := slices.IndexFunc(vendors, func(v vendor) bool { return v.id == id }); i >= 0 {
		return vendors[i]
	}
	return vendor{id: id}
}

// played joins contracts with the behaviour that Parley has for them.
func played(contracts []*specs.Contract) []mockserver.Vendor {
	var list []mockserver.Vendor
	for _, c := range contracts {
		list = append(list, mockserver.Vendor{Contract: c, Play: vendorOf(c.ID).play})
	}
	return list
}
