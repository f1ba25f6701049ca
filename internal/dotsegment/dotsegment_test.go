package dotsegment_test

import (
	"testing"

	"github.com/parleykit/parley/internal/dotsegment"
)

func TestIn(t *testing.T) {
	for path, want := range map[string]bool{
		"": false, "/": false, "/a/b": false, "/a..b/..c/...": false, "//": false, "/100%": false, "/a%2fb": false,
		"/.": true, "/a/../b": true, "..": true, "/a/%2e%2E": true, "/a/.%2e/b": true, `/a/..\b`: true, "/a%2f..%2fb": true, "/%252e%252e/": true,
	} {
		if got := dotsegment.In(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}
