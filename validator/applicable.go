package validator

import (
	"encoding/json"
	"math"
	"slices"
)

// canFind tells whether nodes can lead to a finding of the walk.
func canFind(nodes []*node) bool {
	for _, n := range nodes {
		if !n.silent {
			return true
		}
	}
	return false
}

// member gathers the nodes of an object's member. Described is false when the
// nodes name keys, and this is none of them.
func member(nodes []*node, key string, value view) (below []*node, described bool) {
	closed := false
	for _, n := range nodes {
		inside, named := n.below(key)
		for _, next := range inside {
			below = next.expand(value, below)
		}
		described = described || named || n.open
		closed = closed || len(n.properties)+len(n.patterns) > 0
	}
	return below, described || !closed
}

// below returns the nodes of a member by this node alone; named is false when
// they are those for any other key.
func (n *node) below(key string) (list []*node, named bool) {
	if next, ok := n.properties[key]; ok {
		return next.self, true
	}
	for _, p := range n.patterns {
		if p.match.MatchString(key) {
			list = append(list, p.node)
		}
	}
	if list != nil {
		return list, true
	}
	if n.additional == nil {
		return nil, false
	}
	return n.additional.self, false
}

// element gathers the nodes of a list's element.
func element(nodes []*node, i int, value view) (below []*node) {
	for _, n := range nodes {
		if next := n.element(i); next != nil {
			below = next.expand(value, below)
		}
	}
	return below
}

func (n *node) element(i int) *node {
	if i < len(n.tuple) {
		return n.tuple[i]
	}
	return n.items
}

// applicable are the nodes that describe a value.
func (n *node) applicable(value view) []*node { return n.expand(value, nil) }

// expand appends the nodes that describe a value: the node itself, its allOf, and
// of its choices and conditions the branches that the value may be meant for.
func (n *node) expand(value view, into []*node) []*node {
	switch {
	case n.always != nil && into == nil:
		return slices.Clip(n.always) // the common case allocates nothing
	case n.always != nil:
		return append(into, n.always...)
	case into == nil:
		into = make([]*node, 0, 8) // instead of growing to it
	}
	into = append(into, n)
	for _, next := range n.allOf {
		into = next.expand(value, into)
	}
	if n.condition != nil {
		holds := n.condition.accepts(value)
		if n.then != nil && holds != no {
			into = n.then.expand(value, into)
		}
		if n.otherwise != nil && holds != yes {
			into = n.otherwise.expand(value, into)
		}
	}
	return expandMeant(n.anyOf, value, expandMeant(n.oneOf, value, into))
}

// branch is the one of then and else that certainly applies to a value, if any.
func (n *node) branch(value view) *node {
	if n.condition == nil {
		return nil
	}
	switch n.condition.accepts(value) {
	case yes:
		return n.then
	case no:
		return n.otherwise
	}
	return nil
}

// expandMeant appends the branches that a value may be meant for; all, when it
// fits none.
func expandMeant(branches []*node, value view, into []*node) []*node {
	meant := false
	for _, next := range branches {
		if next.couldMean(value) {
			into, meant = next.expand(value, into), true
		}
	}
	for _, next := range branches {
		if !meant {
			into = next.expand(value, into)
		}
	}
	return into
}

// couldMean is false when the type of a value, or a constant in it, excludes a
// branch.
func (n *node) couldMean(value view) bool {
	if value.kind() == 0 {
		return true
	}
	if len(n.types) > 0 && typed(value, n.types) == no {
		return false
	}
	for _, next := range n.allOf {
		if !next.couldMean(value) {
			return false
		}
	}
	for key, next := range n.properties {
		if !next.hasConst {
			continue
		}
		if given, ok := value.member(key); ok && equal(given, next.constant) == no {
			return false
		}
	}
	return true
}

func isType(value view, name string) bool {
	switch value.kind() {
	case 'n':
		return name == "null"
	case 't', 'f':
		return name == "boolean"
	case '"':
		return name == "string"
	case '0':
		return name == "number" || name == "integer" && (value.isPlainNumber() || isWhole(value.number()))
	case '[':
		return name == "array"
	}
	return name == "object"
}

func isWhole(number json.Number) bool {
	f, err := number.Float64()
	return err == nil && f == math.Trunc(f)
}
