// Package regex compiles the patterns of schemas, which are ECMAScript's.
package regex

import (
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// Matcher is a compiled pattern.
type Matcher interface{ MatchString(text string) bool }

// Compile compiles a pattern. Most are RE2's as well, which takes a time that depends on
// the text alone; what RE2 cannot run, such as look-ahead, is run with a limit of time.
func Compile(text string) (Matcher, error) {
	fast, err := regexp.Compile(text)
	if err == nil {
		return fast, nil
	}
	for _, options := range []regexp2.RegexOptions{regexp2.ECMAScript, regexp2.None} {
		if slow, failed := regexp2.Compile(text, options); failed == nil {
			slow.MatchTimeout = matchTimeout
			return backtracking{slow}, nil
		}
	}
	return nil, err
}

// matchTimeout is how long a pattern may look for a match in one text.
const matchTimeout = 100 * time.Millisecond

// backtracking runs what RE2 does not know.
type backtracking struct{ *regexp2.Regexp }

// MatchString is false of a text that took too long, as of one that does not match:
// Undecided tells them apart.
func (b backtracking) MatchString(text string) bool {
	matched, err := b.Regexp.MatchString(text)
	return matched && err == nil
}

// Undecided tells whether a pattern takes too long for a text, so that nobody knows
// whether it matches.
func Undecided(pattern, text string) bool {
	match, err := Compile(pattern)
	slow, ok := match.(backtracking)
	if err != nil || !ok {
		return false
	}
	_, err = slow.Regexp.MatchString(text)
	return err != nil
}
