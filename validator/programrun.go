package validator

import "slices"

// kindSet are kinds of values, a bit each.
type kindSet uint8

const (
	kindOfObject kindSet = 1 << iota
	kindOfList
	kindOfText
	kindOfNumber
	kindOfBool
	kindOfNull
	anyKind = kindOfObject | kindOfList | kindOfText | kindOfNumber | kindOfBool | kindOfNull
)

var kindBits = [256]kindSet{
	'{': kindOfObject, '[': kindOfList, '"': kindOfText, '0': kindOfNumber, 't': kindOfBool, 'f': kindOfBool, 'n': kindOfNull,
}

var kindNames = map[string]kindSet{
	"object": kindOfObject, "array": kindOfList, "string": kindOfText, "number": kindOfNumber, "integer": kindOfNumber, "boolean": kindOfBool, "null": kindOfNull,
}

// kindsNamed are those that JSON Schema calls so.
func kindsNamed(types []string) (all kindSet) {
	for _, name := range types {
		all |= kindNames[name]
	}
	return all
}

// accepts judges the value at a place of a tape.
func (r *rule) accepts(t *tape, at int) bool {
	if !r.made.Load() {
		r.make()
	}
	one := &t.tokens[at]
	if r.kinds&kindBits[one.kind] == 0 {
		return false
	}
	if r.chooses != "" {
		return r.chosen(t, at).accepts(t, at)
	}
	if r.nodesJudge {
		return r.acceptedByNodes(view{tape: t, at: at})
	}
	if len(r.equal)+len(r.odd) > 0 && !r.acceptsOdd(view{tape: t, at: at}) {
		return false
	}
	switch one.kind {
	case '{':
		return r.acceptsObject(t, at)
	case '[':
		return r.acceptsList(t, at)
	case '"':
		if len(r.limits)+len(r.enums) > 0 && !r.acceptsText(view{tape: t, at: at}.text()) {
			return false
		}
	case '0':
		if (r.whole || len(r.limits)+len(r.units) > 0) && !r.acceptsNumber(view{tape: t, at: at}) {
			return false
		}
	}
	return !r.listed || one.kind == 'n' || view{tape: t, at: at}.isWrittenAs(r.known)
}

// chosen is the rule for an object by the text that it has under a key.
func (r *rule) chosen(t *tape, at int) *rule {
	value, there := view{tape: t, at: at}.member(r.chooses)
	if !there {
		return r.absent
	}
	if value.kind() == '"' {
		if next := r.cases[value.text()]; next != nil {
			return next
		}
	}
	return r.neither
}

func (r *rule) acceptsOdd(value view) bool {
	for _, wanted := range r.equal {
		if equal(value, wanted) != yes {
			return false
		}
	}
	for _, l := range r.odd {
		if l.accept(value) != yes {
			return false
		}
	}
	return true
}

func (r *rule) acceptsText(text string) bool {
	for _, texts := range r.enums {
		if !texts[text] {
			return false
		}
	}
	for _, l := range r.limits {
		if !l.acceptText(text) {
			return false
		}
	}
	return true
}

func (r *rule) acceptsNumber(value view) bool {
	if r.whole && !value.isPlainNumber() {
		return false
	}
	for _, l := range r.limits {
		if l.acceptNumber(value.number()) != yes {
			return false
		}
	}
	for _, unit := range r.units {
		if moment, err := value.number().Float64(); err == nil && unitHint(unit, moment) != "" {
			return false
		}
	}
	return true
}

func (r *rule) acceptsObject(t *tape, at int) bool {
	missing, there := r.required, uint64(0)
	for key, end := at+1, int(t.tokens[at].next); key < end; key = int(t.tokens[key+1].next) {
		own := r.member(t, key)
		next := r.other
		if own != nil {
			if own.required {
				missing--
			}
			there |= own.bit
			next = own.rule
		} else if r.patterned {
			var ok bool
			if next, ok = r.byPattern(t.shared(key)); !ok {
				return false
			}
		} else if r.closed && !r.open {
			return false
		}
		if next != nil && !next.accepts(t, key+1) {
			return false
		}
	}
	return missing == 0 && (len(r.demands)+len(r.alternatives) == 0 || r.meets(there) && r.fits(view{tape: t, at: at}))
}

// member is what a rule says of the member with the key at a place; nil: nothing by its
// name.
func (r *rule) member(t *tape, key int) *ruleMember {
	if len(r.slots) == 0 {
		return nil
	}
	mark := t.tokens[key].mark
	last := len(r.slots) - 1
	for slot := int(mark) & last; r.slots[slot&last] != 0; slot++ {
		if one := &r.members[r.slots[slot&last]-1]; one.mark == mark && one.key == t.shared(key) {
			return one
		}
	}
	return nil
}

// meets tells whether members that are there meet all demands.
func (r *rule) meets(there uint64) bool {
	for _, d := range r.demands {
		met := 0
		for _, set := range d.sets {
			if set&^there == 0 {
				met++
			}
		}
		if met == 0 || d.one && met > 1 {
			return false
		}
	}
	return true
}

// fits tells whether an object fits its alternatives.
func (r *rule) fits(object view) bool {
	for _, a := range r.alternatives {
		if a.one && exactlyOne(a.branches, object) != yes || !a.one && !slices.ContainsFunc(a.branches, func(n *node) bool { return n.acceptsMembers(object) }) {
			return false
		}
	}
	return true
}

// acceptsMembers is accepts of an alternative, and looks only at the members that it
// names.
func (n *node) acceptsMembers(object view) bool {
	for _, key := range n.required {
		if _, there := object.member(key); !there {
			return false
		}
	}
	for key, next := range n.properties {
		if value, there := object.member(key); there && next.accepts(value) != yes {
			return false
		}
	}
	return true
}

func (r *rule) acceptsList(t *tape, at int) bool {
	size := int(t.tokens[at].size)
	for _, l := range r.limits {
		if size < l.minItems || l.maxItems >= 0 && size > l.maxItems {
			return false
		}
	}
	if r.items == nil {
		return true
	}
	for element, end := at+1, int(t.tokens[at].next); element < end; element = int(t.tokens[element].next) {
		if !r.items.accepts(t, element) {
			return false
		}
	}
	return true
}

// acceptedByNodes judges a value by nodes that ask for something which rules don't know.
func (r *rule) acceptedByNodes(value view) bool {
	var nodes []*node
	for _, n := range r.nodes {
		if n.accepts(value) != yes {
			return false
		}
		nodes = n.expand(value, nodes)
	}
	pointer := pointerBuffers.Get().(*[]byte)
	defer pointerBuffers.Put(pointer)
	w := walker{pointer: (*pointer)[:0]}
	w.walk(nodes, value)
	return len(w.found) == 0
}
