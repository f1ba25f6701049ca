package validator

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// about returns the requirement that the contract attaches to a place, or to the
// nearest value around it, and whether the place is a secret.
func (p *payload) about(value any, pointer string) (requirement string, secret bool) {
	around := ""
	p.along(value, pointer, func(nodes []*node, value any) {
		secret = false
		own, ofMembers := "", ""
		for _, n := range nodes {
			own = cmp.Or(own, n.requirement)
			ofMembers = cmp.Or(ofMembers, n.ofMembers(value))
			secret = secret || n.secret
		}
		requirement = cmp.Or(own, around)
		around = cmp.Or(ofMembers, around)
	})
	return requirement, secret
}

// ofMembers returns the requirement that binds the members of a value: of a
// condition that holds its branch, and of a reference its target, know them better
// than the schema that has it.
func (n *node) ofMembers(value any) string {
	closer := ""
	for _, next := range n.allOf {
		closer = cmp.Or(closer, next.ofMembers(value))
	}
	if branch := n.branch(value); branch != nil {
		closer = cmp.Or(branch.ofMembers(value), closer)
	}
	return cmp.Or(closer, n.requirement)
}

// along visits the nodes of a place and of all values around it, the outermost
// first, with what stands there: the place need not be there.
func (p *payload) along(value any, pointer string, visit func(nodes []*node, value any)) {
	nodes := p.outline.speakers(value)
	visit(nodes, value)
	if pointer == "" || pointer[0] != '/' {
		return
	}
	for segment := range strings.SplitSeq(pointer[1:], "/") {
		next, ok := lookup(value, "/"+segment)
		if !ok {
			next = anything{}
		}
		below, _ := member(nodes, jsonpointer.Unescape(segment), next)
		if i, err := strconv.Atoi(segment); err == nil {
			below = append(below, element(nodes, i, next)...)
		}
		nodes, value = below, next
		visit(nodes, value)
	}
}
