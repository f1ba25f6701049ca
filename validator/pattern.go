package validator

import (
	"regexp"
	"strings"

	"github.com/parleykit/parley/internal/regex"
)

// isRE2 tells whether the compiler of schemas can take a pattern.
func isRE2(text string) bool {
	_, err := regexp.Compile(text)
	return err == nil
}

// patternPrefix marks a format that stands for a pattern which the compiler of schemas
// cannot take.
const patternPrefix = formatPrefix + "pattern:"

const (
	codePattern     = "body.pattern"
	codeUndecided   = "body.undecided"
	textThatMatches = "text that matches "

	undecidedHint = "the pattern takes too long for this text, so nobody knows whether it matches; write it so that it tries fewer ways"
)

// decided is a problem as it is, or, of a text for which its pattern took too long, that
// nobody knows whether there is one.
func (one problem) decided(value any) problem {
	text, isText := value.(string)
	pattern, ok := strings.CutPrefix(one.expected, textThatMatches)
	if one.code == codePattern && isText && ok && regex.Undecided(pattern, text) {
		one.code = codeUndecided
	}
	return one
}

// asFormat is the name of the format that a pattern is judged by.
func asFormat(text string) string {
	match, err := regex.Compile(text)
	if err == nil {
		addFormat(patternPrefix+text, match.MatchString)
	}
	return patternPrefix + text
}
