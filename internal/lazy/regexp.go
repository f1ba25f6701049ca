// Package lazy has regular expressions that are compiled when they are first used.
// Those of all packages together would take longer than most commands do.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns what compiles text once, and panics then if it is no pattern: it is for
// variables of packages.
func Regexp(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
