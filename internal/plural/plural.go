// Package plural counts and lists things for a sentence.
package plural

import (
	"slices"
	"strconv"
	"strings"
)

// Of writes "1 entry", "2 entries", "3 bodies". Without a plural of its own the noun
// takes an s.
func Of(n int, noun string, plural ...string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case len(plural) > 0:
		return strconv.Itoa(n) + " " + plural[0]
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// List joins words for a sentence: "a, b or c", with "or" as last.
func List[Word ~string](words []Word, last string) string {
	var text strings.Builder
	for i, word := range words {
		switch i {
		case 0:
		case len(words) - 1:
			text.WriteString(" " + last + " ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(string(word))
	}
	return text.String()
}

// Few is List with "and" of at most so many words: "a, b, c and 5 more".
func Few[Word ~string](words []Word, most int) string {
	if len(words) <= most {
		return List(words, "and")
	}
	return List(append(slices.Clone(words[:most]), Word(strconv.Itoa(len(words)-most)+" more")), "and")
}
