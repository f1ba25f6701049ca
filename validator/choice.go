package validator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// explain lists what is wrong with a refused value. Choices are explained by the
// branch that the value comes nearest to. It never returns nothing: what it
// can't take apart is reported as the compiled schema has it.
func (s *schema) explain(value any) []problem {
	if s.parts.usable {
		if list, ok := s.parts.explain(s.root, value, nil); ok && len(list) > 0 {
			return list
		}
	}
	if list := s.problems(value); len(list) > 0 {
		return list
	}
	return []problem{{code: "body.schema", expected: "a body that the schema accepts"}}
}

// explain judges a value at a path by a node. It fails when the node does not
// compile without its choices.
func (p *parts) explain(n *node, value any, at []string) ([]problem, bool) {
	list, ok := p.problems(n, value)
	for i := range list {
		list[i].path = slices.Concat(at, list[i].path)
	}
	e := explainer{parts: p, ok: ok}
	e.choices(n, value, at)
	return append(list, e.found...), e.ok
}

// explainer finds the choices that apply to a value and explains those that fail.
type explainer struct {
	parts *parts
	found []problem
	ok    bool
}

func (e *explainer) choices(n *node, value any, at []string) {
	if n.leaf {
		return
	}
	for _, next := range n.allOf {
		e.choices(next, value, at)
	}
	if len(n.oneOf) > 0 {
		e.choice("body.one-of", n.oneOf, value, at)
	}
	if len(n.anyOf) > 0 {
		e.choice("body.any-of", n.anyOf, value, at)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			for _, next := range n.below(key) {
				e.choices(next, value[key], append(slices.Clip(at), key))
			}
		}
	case []any:
		for i := range value {
			for _, next := range n.elements(i) {
				e.choices(next, value[i], append(slices.Clip(at), strconv.Itoa(i)))
			}
		}
	}
}

// below returns the nodes of a member, by this node alone.
func (n *node) below(key string) []*node {
	if next, ok := n.properties[key]; ok {
		return []*node{next}
	}
	var list []*node
	for _, p := range n.patterns {
		if p.match.MatchString(key) {
			list = append(list, p.node)
		}
	}
	if list == nil {
		list = appendNode(nil, n.additional)
	}
	return list
}

// elements returns the nodes of an element, by this node alone.
func (n *node) elements(i int) []*node {
	if i < len(n.tuple) {
		return n.tuple[i : i+1]
	}
	return appendNode(nil, n.items)
}

// attempt is one branch, and what is wrong with a value by it.
type attempt struct {
	branch   *node
	number   int
	problems []problem
}

func (e *explainer) choice(code string, branches []*node, value any, at []string) {
	var tried, fit []attempt
	for i, branch := range branches {
		list, ok := e.parts.explain(branch, value, at)
		e.ok = e.ok && ok
		one := attempt{branch, i + 1, list}
		if len(list) == 0 {
			fit = append(fit, one)
		}
		tried = append(tried, one)
	}
	switch {
	case len(fit) == 1 || len(fit) > 0 && code == "body.any-of":
	case len(fit) > 1:
		e.found = append(e.found, problem{code: code, path: at,
			expected: "exactly one form; the value fits " + list(titles(fit), "and")})
	default:
		e.none(code, tried, value, at)
	}
}

// none explains a value that fits no branch.
func (e *explainer) none(code string, tried []attempt, value any, at []string) {
	if keys := missingOnly(tried, at); keys != "" {
		e.found = append(e.found, problem{code: code, path: at, expected: "an object with " + keys})
		return
	}
	nearest := slices.MinFunc(tried, func(a, b attempt) int {
		return cmp.Or(
			cmp.Compare(distance(value, a), distance(value, b)),
			cmp.Compare(len(a.problems), len(b.problems)),
			cmp.Compare(a.number, b.number),
		)
	})
	e.found = append(e.found, problem{code: code, path: at,
		expected: fmt.Sprintf("one of %d forms: %s; nearest is %s", len(tried), list(titles(tried), "or"), nearest.title())})
	e.found = append(e.found, nearest.problems...)
}

// distance is 0 for a branch whose constants and type the value has.
func distance(value any, a attempt) int {
	if a.branch.couldMean(value) {
		return 0
	}
	return 1
}

// missingOnly says in words what is missing when every branch fails only for
// keys of the value itself: "text, or files".
func missingOnly(tried []attempt, at []string) string {
	var alternatives []string
	for _, a := range tried {
		var keys []string
		for _, p := range a.problems {
			if p.code != "body.required" || len(p.path) != len(at)+1 {
				return ""
			}
			keys = append(keys, strconv.Quote(p.key))
		}
		alternatives = append(alternatives, list(keys, "and"))
	}
	return strings.Join(alternatives, ", or ")
}

func titles(attempts []attempt) []string {
	var names []string
	for _, a := range attempts {
		names = append(names, a.title())
	}
	return names
}

// title is what the contract calls a branch, or its number.
func (a attempt) title() string {
	if a.branch.title != "" {
		return "“" + a.branch.title + "”"
	}
	return "form " + strconv.Itoa(a.number)
}
