package generated

import (
	"fmt"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// security says in words which credentials a call needs, "" for none, and why.
func (c calling) security() (string, specs.Evidence) {
	var texts []string
	var evidence specs.Evidence
	for _, set := range c.contract.Credentials(c.Operation) {
		var parts []string
		for _, k := range set {
			parts = append(parts, k.String())
			evidence = k.Evidence
		}
		texts = append(texts, enumerate(parts, "and"))
	}
	return enumerate(texts, "or"), evidence
}

// authorized demands that a call carries what one of the alternatives asks for. What
// it is worth, only the vendor knows.
func (c calling) authorized(e *traffic.Exchange) error {
	sets := c.contract.Credentials(c.Operation)
	carried := func(set []specs.Credential) bool {
		return !slices.ContainsFunc(set, func(k specs.Credential) bool { return !validator.Carries(&e.Request, k) })
	}
	if len(sets) == 0 || slices.ContainsFunc(sets, carried) {
		return nil
	}
	expected, _ := c.security()
	actual := fmt.Sprintf("%s %s came without", e.Request.Method, e.Request.URL)
	return conformance.Breaking(conformance.Fail(expected, actual, e), c.securityFact())
}

func (c calling) securityFact() string { return c.Name() + " security" }
