// Package generated makes checks from the documents of a contract alone, for a
// vendor that has no checks of its own: what the vendor sends is taken from
// samples, what the partner sends and answers is judged by the contract, and what
// the contract does not decide is undetermined.
package generated

import (
	"slices"
	"sync"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// Suites lists what the documents of a contract let judge: the partner's webhook
// when the contract has events, and the partner's own calls when it has
// operations. The checks of an event stand together, in the contract's order.
func Suites(c *specs.Contract) []conformance.Suite {
	m := &maker{contract: c}
	m.judge = sync.OnceValues(func() (*validator.Validator, error) { return validator.New(c) })
	var suites []conformance.Suite
	if len(c.Events) > 0 {
		suites = append(suites, m.webhook())
	}
	if len(c.Operations) > 0 {
		suites = append(suites, m.client())
	}
	return suites
}

// maker makes the checks of one contract.
type maker struct {
	contract *specs.Contract
	judge    func() (*validator.Validator, error) // compiled when the first check needs it
}

func (m *maker) webhook() conformance.Suite {
	s := conformance.Suite{
		ID: m.contract.ID + "/webhook", Vendor: m.contract.ID,
		Title: "The partner's webhook, called by " + m.contract.Name + "; generated from the documents",
		Needs: conformance.Needs{Target: true},
	}
	for _, o := range m.contract.Events {
		v := event{maker: m, Operation: o, payload: m.contract.Payloads[o.Payload]}
		s.Needs.Token = s.Needs.Token || len(v.secrets()) > 0
		s.Checks = append(s.Checks, v.sampleChecks()...)
		if v.payload == nil || len(v.payload.Samples) > 0 { // else the one check says what is missing
			s.Checks = slices.Concat(s.Checks, v.variantChecks(), v.refusalChecks())
		}
	}
	return s
}

func (m *maker) client() conformance.Suite {
	s := conformance.Suite{
		ID: m.contract.ID + "/client", Vendor: m.contract.ID,
		Title: "The partner's own calls to " + m.contract.Name + "; generated from the documents",
		Needs: conformance.Needs{Stimulus: true},
	}
	for _, o := range m.contract.Operations {
		c := calling{maker: m, Operation: o}
		s.Asks = append(s.Asks, c.ask())
		s.Checks = append(s.Checks, c.callCheck())
		if status := c.failure(); status != 0 {
			s.Checks = append(s.Checks, c.repetitionCheck(status))
		}
	}
	s.Checks, s.Asks = append(s.Checks, m.operationsCheck()), append(s.Asks, m.ask())
	return s
}
