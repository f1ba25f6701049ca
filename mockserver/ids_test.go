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

func TestNumberedIDsAreOrdered(t *testing.T) {
	for _, test := range []struct {
		a, b uint64
		want string
	}{{1, 2, "ex-000001"}, {42, 999_999, "ex-000042"}, {999_999, 1_000_000, "ex-999999"}, {1_000_000, 12_345_678, "ex-1000000"}} {
		a, b := numbered("ex-", test.a), numbered("ex-", test.b)
		if a != test.want || later(a, b) || !later(b, a) || later(a, a) {
			t.Errorf("%d is %s and %d is %s", test.a, a, test.b, b)
		}
	}
}
