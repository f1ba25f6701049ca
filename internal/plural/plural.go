// Package plural counts things for a sentence.
package plural

import "strconv"

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
