package validator

import "encoding/json"

// verdict is what the acceptor says of a value. It computes what schemas commonly
// use; where a schema asks for more, it says unsure, and a library decides.
type verdict int8

const (
	no verdict = iota
	unsure
	yes
)

// accepts judges a value.
func (n *node) accepts(value view) verdict {
	kind := value.kind()
	if kind == 0 {
		return unsure
	}
	if n.never {
		return no
	}
	if n.discriminator != nil {
		return n.discriminator.accept(value)
	}
	result := yes
	if n.doubt {
		result = unsure
	}
	if len(n.types) > 0 {
		result = min(result, typed(value, n.types))
	}
	if n.hasConst {
		result = min(result, equal(value, n.constant))
	}
	if n.limits != nil {
		result = min(result, n.limits.accept(value))
	}
	if result == no {
		return no
	}
	switch kind {
	case '{':
		result = min(result, n.acceptObject(value))
	case '[':
		result = min(result, n.acceptArray(value))
	}
	if result == no || n.plain {
		return result
	}
	return min(result, n.acceptChoices(value))
}

func typed(value view, types []string) verdict {
	result := no
	for _, name := range types {
		switch {
		case isType(value, name):
			if name != "integer" || value.isPlainNumber() {
				return yes
			}
			result = unsure
		case name == "integer" && value.kind() == '0':
			result = unsure
		}
	}
	return result
}

// equal compares a value with one of a schema.
func equal(value view, wanted any) verdict {
	kind := value.kind()
	switch wanted := wanted.(type) {
	case map[string]any:
		return min(unsure, verdictOf(kind == '{'))
	case []any:
		return min(unsure, verdictOf(kind == '['))
	case json.Number:
		if kind != '0' {
			return no
		}
		given := value.number()
		if !(isShortInteger(given) && isShortInteger(wanted)) {
			return unsure
		}
		return verdictOf(given == wanted)
	case string:
		return verdictOf(kind == '"' && value.text() == wanted)
	case bool:
		return verdictOf(kind == 't' && wanted || kind == 'f' && !wanted)
	}
	return verdictOf(wanted == nil && kind == 'n')
}

func verdictOf(ok bool) verdict {
	if ok {
		return yes
	}
	return no
}

func (n *node) acceptObject(object view) verdict {
	result, missing := yes, n.demanded
	for key, value := range object.members {
		own := n.named[key]
		if own.required {
			missing--
		}
		described := own.node != nil
		if described {
			result = min(result, own.node.accepts(value))
		}
		for _, p := range n.patterns {
			if p.match.MatchString(key) {
				described, result = true, min(result, p.node.accepts(value))
			}
		}
		if !described && n.additional != nil {
			result = min(result, n.additional.accepts(value))
		}
		if result == no {
			return no
		}
	}
	if missing > 0 {
		return no
	}
	return result
}

func (n *node) acceptArray(list view) verdict {
	if n.items == nil && len(n.tuple) == 0 {
		return yes
	}
	result := yes
	for i, value := range list.elements {
		switch {
		case i < len(n.tuple):
			result = min(result, n.tuple[i].accepts(value))
		case n.items != nil:
			result = min(result, n.items.accepts(value))
		}
	}
	return result
}

func (n *node) acceptChoices(value view) verdict {
	result := yes
	for _, next := range n.allOf {
		result = min(result, next.accepts(value))
	}
	if len(n.anyOf) > 0 {
		best := no
		for _, next := range n.anyOf {
			best = max(best, next.accepts(value))
		}
		result = min(result, best)
	}
	if len(n.oneOf) > 0 {
		result = min(result, exactlyOne(n.oneOf, value))
	}
	if n.not != nil {
		result = min(result, yes-n.not.accepts(value))
	}
	if n.condition != nil {
		result = min(result, n.acceptCondition(value))
	}
	return result
}

func exactlyOne(branches []*node, value view) verdict {
	fit, doubts := 0, 0
	for _, next := range branches {
		switch next.accepts(value) {
		case yes:
			fit++
		case unsure:
			doubts++
		}
	}
	switch {
	case fit > 1 || fit+doubts == 0:
		return no
	case doubts > 0:
		return unsure
	}
	return yes
}

func (n *node) acceptCondition(value view) verdict {
	branch := func(next *node) verdict {
		if next == nil {
			return yes
		}
		return next.accepts(value)
	}
	switch n.condition.accepts(value) {
	case yes:
		return branch(n.then)
	case no:
		return branch(n.otherwise)
	}
	return min(unsure, max(branch(n.then), branch(n.otherwise)))
}
