package validator

import (
	"encoding/json"
	"reflect"
	"strings"
)

// verdict is what the acceptor says of a value. It computes what schemas commonly
// use; where a schema asks for more, it says unsure, and a library decides.
type verdict int8

const (
	no verdict = iota
	unsure
	yes
)

// anything stands for a value that is not there: every branch may be meant.
type anything struct{}

// accepts judges a value.
func (n *node) accepts(value any) verdict {
	if _, all := value.(anything); all {
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
	switch value := value.(type) {
	case map[string]any:
		result = min(result, n.acceptObject(value))
	case []any:
		result = min(result, n.acceptArray(value))
	}
	if result == no || n.plain {
		return result
	}
	return min(result, n.acceptChoices(value))
}

func typed(value any, types []string) verdict {
	result := no
	for _, name := range types {
		switch {
		case isType(value, name):
			number, ok := value.(json.Number)
			if name != "integer" || !ok || !strings.ContainsAny(string(number), ".eE") {
				return yes
			}
			result = unsure
		case name == "integer" && isType(value, "number"):
			result = unsure
		}
	}
	return result
}

// equal compares a value with one of a schema.
func equal(value, wanted any) verdict {
	switch wanted := wanted.(type) {
	case map[string]any, []any:
		if reflect.TypeOf(value) != reflect.TypeOf(wanted) {
			return no
		}
		return unsure
	case json.Number:
		given, ok := value.(json.Number)
		if ok && !(isShortInteger(given) && isShortInteger(wanted)) {
			return unsure
		}
		return verdictOf(ok && given == wanted)
	}
	switch value.(type) {
	case map[string]any, []any:
		return no
	}
	return verdictOf(value == wanted)
}

func verdictOf(ok bool) verdict {
	if ok {
		return yes
	}
	return no
}

func (n *node) acceptObject(object map[string]any) verdict {
	for _, key := range n.required {
		if _, ok := object[key]; !ok {
			return no
		}
	}
	result := yes
	if len(n.patterns) == 0 && n.additional == nil && len(n.properties) < len(object) {
		for key, next := range n.properties { // fewer to look up than the object has
			if value, ok := object[key]; ok {
				result = min(result, next.accepts(value))
			}
		}
		return result
	}
	for key, value := range object {
		next, described := n.properties[key]
		if described {
			result = min(result, next.accepts(value))
		}
		for _, p := range n.patterns {
			if p.match.MatchString(key) {
				described, result = true, min(result, p.node.accepts(value))
			}
		}
		if !described && n.additional != nil {
			result = min(result, n.additional.accepts(value))
		}
	}
	return result
}

func (n *node) acceptArray(list []any) verdict {
	if n.items == nil && len(n.tuple) == 0 {
		return yes
	}
	result := yes
	for i, value := range list {
		switch {
		case i < len(n.tuple):
			result = min(result, n.tuple[i].accepts(value))
		case n.items != nil:
			result = min(result, n.items.accepts(value))
		}
	}
	return result
}

func (n *node) acceptChoices(value any) verdict {
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

func exactlyOne(branches []*node, value any) verdict {
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

func (n *node) acceptCondition(value any) verdict {
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
