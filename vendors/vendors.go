// Package vendors is the one list of what Parley has in Go for the contracts that it
// ships: how a vendor is played, what is checked of its partners, and a partner that
// does all of it. The contracts themselves are folders of specs; one that is not in
// this list is played from its samples and judged by what its documents say.
package vendors

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

// Vendor is what Parley has for a contract beyond its documents. What is nil is not
// there.
type Vendor struct {
	ID        string // of the contract
	Play      func(*mockserver.Stage) mockserver.Behaviour
	Suites    func() []conformance.Suite
	Reference func() partner.Vendor
	Try       Call
}

// Call is one that the mock accepts as soon as it has started.
type Call struct {
	Operation string
	Sample    string            // of its body; "" for the documented one
	Params    map[string]string // of its path
}

// All is the list.
func All() []Vendor {
	return []Vendor{
		{
			ID: "elma365", Play: elma365mock.Play, Suites: elma365checks.Suites, Reference: elma365partner.Reference,
			Try: Call{Operation: "message", Sample: "text-only", Params: map[string]string{"channelId": elma365mock.DefaultChannel}},
		},
		{
			ID: "expertflow", Play: expertflowmock.Play, Suites: expertflowchecks.Suites, Reference: expertflowpartner.Reference,
			Try: Call{Operation: "pushActivity", Sample: "survey-result"},
		},
		{
			ID: "3dolphins", Play: dolphinsmock.Play, Suites: dolphinschecks.Suites, Reference: dolphinspartner.Reference,
			Try: Call{Operation: "getToken", Sample: "parley"},
		},
	}
}

// Of is the vendor of a contract; one that has its ID alone when there is nothing in Go.
func Of(id string) Vendor {
	all := All()
	if i := slices.IndexFunc(all, func(v Vendor) bool { return v.ID == id }); i >= 0 {
		return all[i]
	}
	return Vendor{ID: id}
}

// For is the vendor of a contract that is to be played or judged by. What there is in Go
// speaks of what stands in the vendor's own contract, which a document of that name is
// not: its ID comes from the name of its file.
func For(c *specs.Contract) Vendor {
	if c.IsDocument() {
		return Vendor{ID: c.ID}
	}
	return Of(c.ID)
}

// Played joins contracts with the behaviour that Parley has for them.
func Played(contracts ...*specs.Contract) []mockserver.Vendor {
	var list []mockserver.Vendor
	for _, c := range contracts {
		list = append(list, mockserver.Vendor{Contract: c, Play: For(c).Play})
	}
	return list
}
