package validator

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

// said is what the contract says of a place in a body.
type said struct {
	requirement string      // attached to the place, or to the nearest value around it
	evidence    specs.Class // of the place itself; "" where it has none
	choice      string      // the requirement of a choice (anyOf, oneOf) that the value has to make
	secret      bool
}

// requirementAt returns what the contract says of a place, which need not be there.
func (p *payload) requirementAt(value any, pointer string) said {
	var s said
	around := ""
	p.along(value, pointer, func(nodes []*node, value any) {
		own, ofMembers := "", ""
		s.evidence, s.choice, s.secret = "", "", false
		for _, n := range nodes {
			own = cmp.Or(own, n.requirement)
			ofMembers = cmp.Or(ofMembers, n.ofMembers(value))
			s.evidence = cmp.Or(s.evidence, n.evidence)
			if len(n.anyOf)+len(n.oneOf) > 0 {
				s.choice = cmp.Or(s.choice, n.requirement)
			}
			s.secret = s.secret || n.secret
		}
		s.requirement = cmp.Or(own, around)
		around = cmp.Or(ofMembers, around)
	})
	return s
}

// ofMembers returns the requirement that binds the members of a value: of a
// condition that holds its branch, and of a reference its target, know them better
// than the schema that has it.
func (n *node) ofMembers(value any) string {
	closer := ""
	for _, next := range n.allOf {
		closer = cmp.Or(closer, next.ofMembers(value))
	}
	if branch := n.branch(viewOf(value)); branch != nil {
		closer = cmp.Or(branch.ofMembers(value), closer)
	}
	return cmp.Or(closer, n.requirement)
}

// along visits the nodes of a place and of all values around it, the outermost
// first, with what stands there: the place need not be there.
func (p *payload) along(value any, pointer string, visit func(nodes []*node, value any)) {
	nodes := p.graph.applicable(viewOf(value))
	visit(nodes, value)
	if pointer == "" || pointer[0] != '/' {
		return
	}
	for segment := range strings.SplitSeq(pointer[1:], "/") {
		next, ok := valuepath.Pointer(value, "/"+segment)
		if !ok {
			next = anything{}
		}
		below, _ := member(nodes, jsonpointer.Unescape(segment), viewOf(next))
		if i, err := strconv.Atoi(segment); err == nil && i >= 0 { // "-1" is a key
			below = append(below, element(nodes, i, viewOf(next))...)
		}
		nodes, value = below, next
		visit(nodes, value)
	}
}

// requirementOfMissing is requirementAt for a member that is missing. A part of a schema that only
// demands members, and says by which requirement, may demand less than what the
// contract says of those that are there.
func (p *payload) requirementOfMissing(value any, pointer string) said {
	s, by := p.requirementAt(value, pointer), ""
	p.along(value, jsonpointer.Parent(pointer), func(nodes []*node, _ any) {
		by = ""
		for _, n := range nodes {
			if len(n.properties) == 0 && slices.Contains(n.required, jsonpointer.Last(pointer)) {
				by = cmp.Or(by, n.requirement)
			}
		}
	})
	s.requirement = cmp.Or(by, s.requirement)
	return s
}
