// Package near tells which of the names that exist is likely to be meant by one that
// does not.
package near

import "strings"

// DidYouMean is "did you mean NAME?" of the candidate that is nearest to a text; "" when
// none is near.
func DidYouMean(text string, candidates []string) string {
	if best := Best(text, candidates); best != "" {
		return "did you mean " + best + "?"
	}
	return ""
}

// Aside is DidYouMean in a sentence that goes on before it, behind "; ".
func Aside(text string, candidates []string) string {
	if hint := DidYouMean(text, candidates); hint != "" {
		return "; " + hint
	}
	return ""
}

// Best is the candidate that is nearest to a text; "" when none is near.
func Best(text string, candidates []string) string {
	best := ""
	for _, c := range candidates {
		if c != text && Is(c, text) && (best == "" || Distance(text, c) < Distance(text, best)) {
			best = c
		}
	}
	return best
}

// Is tells whether two names are likely to mean the same: they differ in case
// or separators, or in one character of a short name, two of a long one.
func Is(a, b string) bool {
	if len(a) > 200 || len(b) > 200 {
		return false
	}
	a, b = plain(a), plain(b)
	if a == b {
		return true
	}
	switch d := Distance(a, b); min(len(a), len(b)) {
	case 0, 1, 2:
		return false
	case 3, 4, 5:
		return d == 1
	default:
		return d <= 2
	}
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "", "\u00a0", "")

func plain(name string) string { return strings.ToLower(separators.Replace(name)) }

// Distance counts insertions, deletions, substitutions and swaps of
// neighbours (optimal string alignment), in bytes.
func Distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
