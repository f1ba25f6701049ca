// Package recipes follows the recipes of CONTRIBUTING.md in a copy of the tree: with all
// of a recipe's lines the tests that it names pass, and without one of them those fail
// that the line names. What a recipe changes is in testdata, as files that are added
// and as a diff. The package has tests only.
package recipes
