package validator

import (
	"regexp"

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

// asFormat is the name of the format that a pattern is judged by.
func asFormat(text string) string {
	match, err := regex.Compile(text)
	if err == nil {
		addFormat(patternPrefix+text, match.MatchString)
	}
	return patternPrefix + text
}
