package generated

import (
	"path"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

// operations is the fact that a partner calls nothing but operations, and how a check
// says that it covers that.
const operations = "operations"

// uncovered are the events or operations for which checks are to be generated.
func (m *maker) uncovered(list []*specs.Operation) []*specs.Operation {
	return slices.DeleteFunc(slices.Clone(list), m.covered)
}

// covered reports whether a check of the vendor's own is about an event or operation:
// it names it, or decides a requirement that belongs to it. One that several of the
// contract's operations name is about all of them, and covers none.
func (m *maker) covered(o *specs.Operation) bool {
	if m.named(o.Name()) {
		return true
	}
	return slices.ContainsFunc(append(m.quoting(o.Evidence), o.Requirements...), func(id string) bool {
		return m.belongsToOne(id) && slices.ContainsFunc(m.own, func(c conformance.Check) bool { return slices.Contains(c.Requirements, id) })
	})
}

// named reports whether a check of the vendor's own says that it covers something.
func (m *maker) named(what string) bool {
	return slices.ContainsFunc(m.own, func(c conformance.Check) bool {
		return slices.ContainsFunc(c.Covers, func(pattern string) bool {
			matches, _ := path.Match(pattern, what) // a pattern that is none covers nothing
			return matches
		})
	})
}

// belongsToOne reports whether a requirement is that of one event or operation alone.
func (m *maker) belongsToOne(id string) bool {
	n := 0
	for _, o := range slices.Concat(m.contract.Events, m.contract.Operations) {
		if slices.Contains(o.Requirements, id) || slices.Contains(m.quoting(o.Evidence), id) {
			n++
		}
	}
	return n == 1
}
