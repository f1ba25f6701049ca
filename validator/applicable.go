package validator

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
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
func member(nodes []*node, key string, value any) (below []*node, described bool) {
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
func element(nodes []*node, i int, value any) (below []*node) {
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
func (n *node) applicable(value any) []*node { return n.expand(value, nil) }

// expand appends the nodes that describe a value: the node itself, its allOf, and
// of its choices and conditions the branches that the value may be meant for.
func (n *node) expand(value any, into []*node) []*node {
	switch {
	case n.always != nil && into == nil:
		return slices.Clip(n.always) // the common case allocates nothing
	case n.always != nil:
		return append(into, n.always...)
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
func (n *node) branch(value any) *node {
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
func expandMeant(branches []*node, value any, into []*node) []*node {
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
func (n *node) couldMean(value any) bool {
	if _, all := value.(anything); all {
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
	object, _ := value.(map[string]any)
	for key, next := range n.properties {
		if given, ok := object[key]; ok && next.hasConst && equal(given, next.constant) == no {
			return false
		}
	}
	return true
}

func isType(value any, name string) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case json.Number:
		return name == "number" || name == "integer" && isInteger(value)
	case []any:
		return name == "array"
	}
	return name == "object"
}

func isInteger(number json.Number) bool {
	if !strings.ContainsAny(string(number), ".eE") {
		return true
	}
	f, err := number.Float64()
	return err == nil && f == math.Trunc(f)
}
