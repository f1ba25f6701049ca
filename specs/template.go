package specs

import (
	"cmp"
	"strings"
)

// Shape is a path template without the names of its parameters: paths of the same
// shape cannot be told apart.
func Shape(template string) string {
	if Concrete(template) {
		return template
	}
	return parameters().ReplaceAllString(template, "{}")
}

// Concrete reports whether a path has no parameters.
func Concrete(path string) bool { return !strings.Contains(path, "{") }

// ComparePaths orders path templates so that the first that matches a path is the
// most concrete one: segment by segment, text before a template, and of two templates
// the one with more text, so that /items/{id}:archive comes before /items/{id}. It is
// 0 for paths of the same shape.
func ComparePaths(a, b string) int {
	one, other := strings.Split(Shape(a), "/"), strings.Split(Shape(b), "/")
	for i := range min(len(one), len(other)) {
		if order := compareSegments(one[i], other[i]); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(one), len(other))
}

// compareSegments compares two segments without names of parameters.
func compareSegments(a, b string) int {
	holes, others := strings.Count(a, "{}"), strings.Count(b, "{}")
	if holes == 0 || others == 0 {
		return cmp.Or(cmp.Compare(min(holes, 1), min(others, 1)), strings.Compare(a, b))
	}
	return cmp.Or(
		cmp.Compare(len(b)-2*others, len(a)-2*holes), // more text first
		strings.Compare(a, b),
	)
}
