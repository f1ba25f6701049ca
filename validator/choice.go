package validator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/plural"
)

// A body of more than largeBody bytes is first judged with only longArray
// elements of each array, because an error costs thousands of times what a valid
// element does.
const (
	largeBody = 64 << 10
	longArray = 1000
)

// judge lists what is wrong with a value, and how many problems more there are
// at least. Size is that of the body.
func (s *schema) judge(given view, size int) (list []problem, left int) {
	said := s.accept(given)
	if said == yes {
		return nil, 0
	}
	value := given.value()
	if size > largeBody {
		if short, cut := shortened(value); cut && !s.accepts(short) {
			if list = s.explain(short); len(list) >= maxFindings {
				return least(list)
			}
		}
	}
	if said == unsure && s.accepts(value) {
		return nil, 0
	}
	list = s.explain(value)
	if said == no && len(list) == 0 { // by a pattern of keys that the compiler does not have
		list = []problem{{code: "body.schema", expected: "a body that the schema accepts"}}
	}
	return least(list)
}

// least sorts problems, because schemas are judged in the random order of maps,
// and keeps the first of too many.
func least(list []problem) ([]problem, int) {
	slices.SortStableFunc(list, func(a, b problem) int {
		return cmp.Or(slices.Compare(a.path, b.path), cmp.Compare(a.code, b.code), cmp.Compare(a.expected, b.expected))
	})
	left := max(0, len(list)-maxDrafts)
	return list[:len(list)-left], left
}

// shortened copies a value with long arrays cut.
func shortened(value any) (short any, cut bool) {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inside := range value {
			var here bool
			next[key], here = shortened(inside)
			cut = cut || here
		}
		return next, cut
	case []any:
		next := make([]any, min(len(value), longArray))
		cut = len(next) < len(value)
		for i := range next {
			var here bool
			next[i], here = shortened(value[i])
			cut = cut || here
		}
		return next, cut
	}
	return value, false
}

// explain lists what is wrong with a value; nothing, when the compiled schema
// accepts it after all. Choices are explained by the branch that the value comes
// nearest to; what can't be taken apart is reported as the schema has it.
func (s *schema) explain(value any) []problem {
	if s.newer != nil {
		return s.newer.explain(s.root, value)
	}
	if s.parts != nil && len(s.parts.separate()) > 0 {
		if list, ok := s.parts.explain(s.root, value, nil); ok && len(list) > 0 {
			return list
		}
	}
	full, err := s.full()
	if err != nil { // its contract was proven to compile, wrongly
		return []problem{{code: "body.schema", expected: "a schema that compiles: " + err.Error()}}
	}
	return problemsOf(full, value)
}

// explain judges a value at a path by a node. It fails when the node does not
// compile without its choices.
func (p *parts) explain(n *node, value any, at []string) ([]problem, bool) {
	list, ok := p.problems(n, value, at)
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
	if n.leaf && n.plain || len(n.types) > 0 && typed(viewOf(value), n.types) == no {
		return // nothing to choose, or the type excludes every choice
	}
	for _, next := range n.allOf {
		e.choices(next, value, at)
	}
	if branch := n.branch(viewOf(value)); branch != nil { // where it is not certain, the choices in it stay unexplained
		e.choices(branch, value, at)
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
			inside := append(slices.Clip(at), key)
			e.patterns(n, key, value[key], inside)
			below, _ := n.below(key)
			for _, next := range below {
				e.choices(next, value[key], inside)
			}
		}
	case []any:
		for i := range value {
			if next := n.element(i); next != nil {
				e.choices(next, value[i], append(slices.Clip(at), strconv.Itoa(i)))
			}
		}
	}
}

// patterns explains a member by the patterns set aside that its key matches.
func (e *explainer) patterns(n *node, key string, value any, at []string) {
	for _, p := range n.patternsApart() {
		if p.match.MatchString(key) {
			list, ok := e.parts.problems(p.node, value, at)
			e.found, e.ok = append(e.found, list...), e.ok && ok
		}
	}
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
			expected: "exactly one form; the value fits " + plural.List(titles(fit), "and")})
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
		expected: fmt.Sprintf("one of %d forms: %s; nearest is %s", len(tried), plural.List(titles(tried), "or"), nearest.title())})
	e.found = append(e.found, nearest.problems...)
}

// distance is 0 for a branch whose constants and type the value has.
func distance(value any, a attempt) int {
	if a.branch.couldMean(viewOf(value)) {
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
		alternatives = append(alternatives, plural.List(keys, "and"))
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
