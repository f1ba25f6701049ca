package validator

import (
	"maps"
	"slices"
)

// question is a schema that asks an object for one of some texts under one key, or only
// whether it has the key, and for nothing else.
type question struct {
	key      string
	texts    []string // nil: any value does
	required bool
}

// asks is false of a node that asks for anything else.
func (n *node) asks() (q question, ok bool) {
	if n.onlyDemands() && len(n.required) == 1 {
		return question{key: n.required[0], required: true}, true
	}
	if len(n.properties) != 1 || len(n.required) > 1 || !n.asksNothingElse() || n.hasConst || len(n.types) > 0 {
		return q, false
	}
	for key, next := range n.properties {
		q = question{key: key, texts: next.textsOnly(), required: len(n.required) == 1}
	}
	return q, q.texts != nil && (len(n.required) == 0 || n.required[0] == q.key)
}

// textsOnly are the texts of which a node asks for one, where it asks for nothing else;
// or nil.
func (n *node) textsOnly() []string {
	if len(n.types) > 0 && !slices.Equal(n.types, []string{"string"}) || len(n.properties)+len(n.required) > 0 {
		return nil
	}
	if text, ok := n.constant.(string); ok && n.hasConst && n.asksNothingElse() {
		return []string{text}
	}
	l := n.limits
	if l == nil || l.pattern != nil || l.format != nil || max(l.minLength, l.maxLength) >= 0 {
		return nil
	}
	other := *n
	if other.limits = nil; !other.asksNothingElse() {
		return nil
	}
	return slices.Sorted(maps.Keys(textsOf(l.enum)))
}

// answer is what is assumed of a key, if anything is.
func (r *rule) answer(key string) (assumption, bool) {
	for _, a := range r.assumed {
		if a.key == key {
			return a, true
		}
	}
	return assumption{}, false
}

// isAnswered tells whether an object fits a question of which that is known.
func (q question) isAnswered(a assumption) bool {
	switch {
	case a.kind == hasNone:
		return !q.required
	case q.texts == nil:
		return true
	}
	return a.kind == hasText && slices.Contains(q.texts, a.text)
}

// condition follows the branch of a condition that asks for a text which is assumed, or
// lets the rule choose by that text.
func (m *making) condition(n *node) bool {
	if m.rule.chooses != "" || n.condition == nil || n.then == nil && n.otherwise == nil {
		return true
	}
	q, ok := n.condition.asks()
	if !ok || m.rule.kinds != kindOfObject { // other values are answered yes
		return false
	}
	a, known := m.rule.answer(q.key)
	if !known {
		return m.choose(q.key)
	}
	branch := n.otherwise
	if q.isAnswered(a) {
		branch = n.then
	}
	return m.gather(appendNode(nil, branch))
}

// choice takes alternatives that only demand members, or of which a text says which one
// is meant.
func (m *making) choice(branches []*node, one bool) bool {
	if m.rule.chooses != "" || len(branches) == 0 {
		return true
	}
	if !slices.ContainsFunc(branches, func(n *node) bool { return !n.onlyDemands() }) {
		m.demands, m.one = append(m.demands, branches), append(m.one, one)
		return m.rule.kinds == kindOfObject
	}
	key := discriminating(branches)
	switch {
	case m.rule.kinds != kindOfObject:
		return false
	case key == "" && !slices.ContainsFunc(branches, func(n *node) bool { return !n.isAlternative() }):
		m.rule.alternatives = append(m.rule.alternatives, alternative{one, branches})
		m.rule.closed = true
		return true
	case key == "":
		return false
	}
	a, known := m.rule.answer(key)
	switch {
	case !known:
		return m.choose(key)
	case a.kind != hasText:
		return false
	}
	var meant []*node
	for _, branch := range branches {
		if slices.Contains(branch.textsAt(key), a.text) {
			meant = append(meant, branch)
		}
	}
	return len(meant) == 1 && m.gather(meant)
}

// onlyDemands tells whether a node says which members must be there, and nothing else.
func (n *node) onlyDemands() bool {
	return len(n.required) > 0 && n.asksNothingElse() && n.describesNothing() && !n.hasConst && len(n.types) == 0
}

// isAlternative tells whether a node says something of few members of an object alone,
// which the walk, that has all such branches, finds nothing by.
func (n *node) isAlternative() bool {
	if !n.asksNothingElse() || n.hasConst || n.unit != "" || len(n.known) > 0 || n.open || len(n.types) > 0 && !slices.Contains(n.types, "object") {
		return false
	}
	for _, next := range n.properties {
		if next.hasConst || !next.leaf {
			return false
		}
	}
	return true
}

// discriminating is the key under which each branch allows one text only. Of several, a
// branch may be meant that does not fit.
func discriminating(branches []*node) string {
	for _, key := range slices.Sorted(maps.Keys(branches[0].properties)) {
		if !slices.ContainsFunc(branches, func(n *node) bool { return len(n.textsAt(key)) != 1 }) {
			return key
		}
	}
	return ""
}

// textsAt are the texts of which a node allows only one under a key; nil: it may allow
// others.
func (n *node) textsAt(key string) []string {
	next := n.properties[key]
	if next == nil {
		return nil
	}
	if text, ok := next.constant.(string); ok && next.hasConst {
		return []string{text}
	}
	if next.limits == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(textsOf(next.limits.enum)))
}

// choose makes the rule one that chooses another by the text under a key: of all texts
// that its nodes ask for there.
func (m *making) choose(key string) bool {
	r := m.rule
	texts := map[string]bool{}
	textsAsked(m.rule.nodes, key, texts, map[*node]bool{})
	with := func(kind assumed, text string) *rule {
		return r.of.rule(r.nodes, append(slices.Clip(r.assumed), assumption{key, text, kind}))
	}
	r.chooses, r.cases, r.neither, r.absent = key, make(map[string]*rule, len(texts)), with(hasOther, ""), with(hasNone, "")
	for text := range texts {
		r.cases[text] = with(hasText, text)
	}
	return true
}

// textsAsked collects what nodes, and those that may apply with them, ask for under a key.
func textsAsked(nodes []*node, key string, texts map[string]bool, seen map[*node]bool) {
	for _, n := range nodes {
		if seen[n] {
			continue
		}
		seen[n] = true
		for _, text := range n.textsAt(key) {
			texts[text] = true
		}
		textsAsked(n.inPlace(), key, texts, seen)
	}
}

// nameDemanded gives a bit to each member that a demand names; false: there are not
// enough.
func (m *making) nameDemanded(name func(key string) *ruleMember) bool {
	bits := map[string]uint64{}
	for i, branches := range m.demands {
		d := demand{one: m.one[i]}
		for _, branch := range branches {
			var set uint64
			for _, key := range branch.required {
				if bits[key] == 0 {
					bits[key] = 1 << len(bits)
				}
				name(key).bit = bits[key]
				set |= bits[key]
			}
			d.sets = append(d.sets, set)
		}
		m.rule.demands = append(m.rule.demands, d)
	}
	return len(bits) <= 64
}
