package validator

import (
	"cmp"
	"slices"
)

// making is a rule on its way.
type making struct {
	rule    *rule
	demands [][]*node
	one     []bool // of demands: exactly one
}

// gather finds all nodes that apply. It is false for what rules don't know.
func (m *making) gather(nodes []*node) bool {
	for _, n := range nodes {
		if m.rule.chooses != "" { // the rule that it chooses has all that follows
			return true
		}
		if slices.Contains(m.rule.all, n) {
			continue
		}
		m.rule.all = append(m.rule.all, n)
		if n.never || n.doubt || n.not != nil || len(n.tuple)+len(n.dependent)+len(n.checks) > 0 {
			return false
		}
		m.value(n)
		if !m.gather(n.allOf) || !m.condition(n) || !m.choice(n.anyOf, false) || !m.choice(n.oneOf, true) {
			return false
		}
	}
	return true
}

// value takes what a node asks of the value itself.
func (m *making) value(n *node) {
	r := m.rule
	if len(n.types) > 0 {
		r.kinds &= kindsNamed(n.types)
		r.whole = r.whole || slices.Contains(n.types, "integer") && !slices.Contains(n.types, "number")
	}
	if n.hasConst {
		r.equal = append(r.equal, n.constant)
	}
	if l := n.limits; l != nil {
		switch texts := textsOf(l.enum); {
		case l.enum == nil:
			r.limits = append(r.limits, l)
		case texts == nil:
			r.odd = append(r.odd, l)
		default:
			r.enums, r.kinds = append(r.enums, texts), r.kinds&kindOfText
			r.limits = append(r.limits, l)
		}
	}
	r.listed = r.listed || len(n.known) > 0
	r.known = append(r.known, n.known...)
	if n.unit != "" {
		r.units = append(r.units, n.unit)
	}
}

// textsOf is a set of texts; nil where there are none, or other values among them.
func textsOf(values []any) map[string]bool {
	texts := map[string]bool{}
	for _, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil
		}
		texts[text] = true
	}
	if len(texts) == 0 {
		return nil
	}
	return texts
}

// nameMembers finds which rule judges each member, and the elements of a list. It is
// false where that can't be told, or there are too many.
func (m *making) nameMembers() bool {
	r, named := m.rule, map[string]*ruleMember{}
	name := func(key string) *ruleMember {
		if named[key] == nil {
			named[key] = &ruleMember{key: key, mark: markOf(key)}
		}
		return named[key]
	}
	var others, items []*node
	for _, n := range m.rule.all {
		for key := range n.properties {
			name(key)
		}
		for _, key := range n.required {
			if one := name(key); !one.required {
				one.required = true
				r.required++
			}
		}
		r.open, r.closed = r.open || n.open, r.closed || len(n.properties)+len(n.patterns) > 0
		r.patterned = r.patterned || len(n.patterns) > 0
		others, items = appendNode(others, n.additional), appendNode(items, n.items)
	}
	if !m.nameDemanded(name) {
		return false
	}
	r.other, r.items = r.of.rule(others, nil), r.of.rule(items, nil)
	for key, one := range named {
		var ok bool
		if one.rule, ok = r.below(key); !ok {
			return false
		}
		r.members = append(r.members, *one)
	}
	slices.SortFunc(r.members, func(a, b ruleMember) int { return cmp.Compare(a.key, b.key) })
	return true
}

// number puts the members into their table. There are few enough of them, or it is
// false.
func (m *making) number() bool {
	r := m.rule
	if len(r.members) > maxMembers {
		return false
	}
	if len(r.members) == 0 {
		return true
	}
	size := 4
	for size < 2*len(r.members) {
		size *= 2
	}
	r.slots = make([]uint8, size)
	for i, one := range r.members {
		slot := int(one.mark) & (size - 1)
		for r.slots[slot] != 0 {
			slot = (slot + 1) & (size - 1)
		}
		r.slots[slot] = uint8(i + 1)
	}
	return true
}
