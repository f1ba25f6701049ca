package validator

import (
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// matcher is a compiled pattern.
type matcher interface{ MatchString(text string) bool }

// compilePattern compiles the pattern of a schema. Most are RE2's as well, which takes a
// time that depends on the text alone; what RE2 cannot run, such as look-ahead, is run
// with a limit of time.
func compilePattern(text string) (matcher, error) {
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

// MatchString is true of a text that took too long: it decided nothing.
func (b backtracking) MatchString(text string) bool {
	matched, err := b.Regexp.MatchString(text)
	return matched || err != nil
}

// isRE2 tells whether the compiler of schemas can take a pattern.
func isRE2(text string) bool {
	_, err := regexp.Compile(text)
	return err == nil
}

// patternPrefix marks a format that stands for a pattern which the compiler of schemas
// cannot take.
const patternPrefix = formatPrefix + "pattern:"

// asFormat is the name of the format that a pattern is judged by.
func asFormat(text string) string {
	match, err := compilePattern(text)
	if err == nil {
		addFormat(patternPrefix+text, match.MatchString)
	}
	return patternPrefix + text
}
