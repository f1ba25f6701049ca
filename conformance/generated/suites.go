// Package generated makes checks from the documents of a contract alone: for a vendor
// that has no checks of its own, and beside those for what they leave out. What the
// vendor sends is taken from samples, what the partner sends and answers is judged by
// the contract, and what the contract does not decide is undetermined.
package generated

import (
	"slices"
	"sync"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// Suites lists a vendor's own suites, and after them what the documents of its contract
// let judge of the events and operations that no own check covers: the partner's webhook
// when the contract has events, and the partner's own calls when it has operations. The
// checks of an event stand together, in the contract's order. What is generated for a
// suite that the vendor has too stands at its end, but for checks whose ID is taken.
func Suites(c *specs.Contract, own ...conformance.Suite) []conformance.Suite {
	m := &maker{contract: c}
	m.judge = sync.OnceValues(func() (*validator.Validator, error) { return validator.New(c) })
	for _, s := range own {
		m.own = append(m.own, s.Checks...)
	}
	suites := slices.Clone(own)
	for _, s := range []conformance.Suite{m.webhook(), m.client()} {
		i := slices.IndexFunc(suites, func(one conformance.Suite) bool { return one.ID == s.ID })
		switch {
		case len(s.Checks) == 0:
		case i < 0:
			suites = append(suites, s)
		default:
			suites[i] = joined(suites[i], s)
		}
	}
	return suites
}

// joined is a suite of the vendor's own with generated checks at its end.
func joined(own, s conformance.Suite) conformance.Suite {
	taken := func(c conformance.Check) bool {
		return slices.ContainsFunc(own.Checks, func(one conformance.Check) bool { return one.ID == c.ID })
	}
	left := slices.DeleteFunc(s.Checks, taken)
	if len(left) == 0 {
		return own
	}
	own.Checks = slices.Concat(own.Checks, left)
	own.Needs.Target = own.Needs.Target || s.Needs.Target
	own.Needs.Stimulus = own.Needs.Stimulus || s.Needs.Stimulus
	own.Needs.Token = own.Needs.Token || s.Needs.Token
	if len(own.Asks) > 0 { // without any it may ask for everything
		own.Asks = slices.Concat(own.Asks, s.Asks)
	}
	return own
}

// maker makes the checks of one contract.
type maker struct {
	contract *specs.Contract
	judge    func() (*validator.Validator, error) // compiled when the first check needs it
	own      []conformance.Check                  // of the vendor
}

// suite is one without checks. Title is completed with the vendor's name.
func (m *maker) suite(id, title string, needs conformance.Needs) conformance.Suite {
	return conformance.Suite{
		ID: m.contract.ID + "/" + id, Vendor: m.contract.ID, Title: title + " " + m.contract.Name + "; generated from the documents", Needs: needs,
	}
}

func (m *maker) webhook() conformance.Suite {
	s := m.suite("webhook", "The partner's webhook, called by", conformance.Needs{Target: true})
	for _, o := range m.uncovered(m.contract.Events) {
		v := event{maker: m, Operation: o, payload: m.contract.Payloads[o.Payload]}
		_, demanded := m.contract.TokenCredential(o)
		s.Needs.Token = s.Needs.Token || demanded || len(v.secrets()) > 0
		s.Checks = append(s.Checks, v.sampleChecks()...)
		if v.payload == nil || len(v.payload.Samples) > 0 { // else the one check says what is missing
			s.Checks = slices.Concat(s.Checks, v.variantChecks(), v.refusalChecks())
		}
	}
	s.Checks = append(s.Checks, m.signatureChecks()...)
	return s
}

func (m *maker) client() conformance.Suite {
	s := m.suite("client", "The partner's own calls to", conformance.Needs{Stimulus: true})
	for _, o := range m.uncovered(m.contract.Operations) {
		c := calling{maker: m, Operation: o}
		s.Asks = append(s.Asks, c.ask())
		s.Checks = append(s.Checks, c.callCheck())
		if status := c.failure(); status != 0 {
			s.Checks = append(s.Checks, c.repetitionCheck(status))
		}
	}
	if len(m.contract.Operations) > 0 && !m.named(operations) {
		s.Checks, s.Asks = append(s.Checks, m.operationsCheck()), append(s.Asks, m.ask())
	}
	return s
}
