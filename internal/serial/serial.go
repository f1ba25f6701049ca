// Package serial makes IDs that count, "ex-000042", and orders them.
package serial

import (
	"cmp"
	"strconv"
)

// ID writes the n-th ID of a prefix, with at least six digits.
func ID(prefix string, n uint64) string {
	text := append(make([]byte, 0, 24), prefix...)
	for limit := uint64(100_000); limit > n && limit > 1; limit /= 10 {
		text = append(text, '0')
	}
	return string(strconv.AppendUint(text, n, 10))
}

// Compare orders IDs of one prefix by their number.
func Compare(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
