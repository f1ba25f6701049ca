package specs

import (
	"slices"
	"testing"
)

func TestPathsFromTheMostConcreteOne(t *testing.T) {
	want := []string{
		"/export.csv", "/items/mine", "/items/mine/{x}", "/items/{id}:archive", "/items/{id}.json", "/items/{id}", "/items/{id}/a", "/items/{id}/{b}",
		"/users:search", "/users/me", "/users/{a}-{b}", "/users/{id}", "/{any}.{kind}", "/{any}", "/{any}/more",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, ComparePaths)
	// Which of two unlike texts comes first decides nothing; that a template follows them does.
	for i, path := range got {
		for _, later := range got[i+1:] {
			if order := ComparePaths(path, later); order >= 0 || ComparePaths(later, path) != -order {
				t.Errorf("%s and %s: %d and %d", path, later, order, ComparePaths(later, path))
			}
		}
	}
	before := func(a, b string) {
		t.Helper()
		if slices.Index(got, a) > slices.Index(got, b) {
			t.Errorf("%s comes after %s: %v", a, b, got)
		}
	}
	before("/items/{id}:archive", "/items/{id}")
	before("/items/{id}.json", "/items/{id}")
	before("/users/me", "/users/{id}")
	before("/users/{a}-{b}", "/users/{id}")
	before("/export.csv", "/{any}.{kind}")
	before("/{any}.{kind}", "/{any}")
	if ComparePaths("/a/{x}", "/a/{y}") != 0 || ComparePaths("/a/{x}", "/a/{x}/") == 0 || Shape("/a/{x}:b/{y}") != "/a/{}:b/{}" {
		t.Error("paths that differ in the names of parameters alone are the same, and no others")
	}
}
