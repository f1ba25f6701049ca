package mockserver

import (
	"strings"
	"testing"
)

func TestIDsFollowFromTheSeed(t *testing.T) {
	a, b, c := newIDs(1), newIDs(1), newIDs(2)
	seen := map[string]bool{}
	for range 100 {
		id := a.uuid()
		if id != b.uuid() || id == c.uuid() || seen[id] || len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Fatalf("the ID %s", id)
		}
		seen[id] = true
	}
}
