package jsonpointer_test

import (
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// TestKeys reads the examples of RFC 6901, section 5, and writes them again.
func TestKeys(t *testing.T) {
	for pointer, want := range map[string][]string{
		"": nil, "/": {""}, "/foo/0": {"foo", "0"}, "/a~1b": {"a/b"}, "/m~0n": {"m~n"}, "/~01": {"~1"}, "/c%d": {"c%d"},
	} {
		keys := jsonpointer.Keys(pointer)
		if !slices.Equal(keys, want) {
			t.Errorf("%q: %q, want %q", pointer, keys, want)
		}
		again := ""
		for _, key := range keys {
			again += "/" + jsonpointer.Escape(key)
		}
		if again != pointer {
			t.Errorf("%q was written as %q", pointer, again)
		}
	}
	if keys := jsonpointer.Keys("header:X"); keys != nil {
		t.Errorf("a header has the keys %q", keys)
	}
}

func TestLastAndParent(t *testing.T) {
	for pointer, want := range map[string][2]string{
		"": {"", ""}, "/a": {"a", ""}, "/a/b~1c": {"b/c", "/a"}, "/a/": {"", "/a"},
	} {
		if last, parent := jsonpointer.Last(pointer), jsonpointer.Parent(pointer); last != want[0] || parent != want[1] {
			t.Errorf("%q ends in %q below %q; want %q", pointer, last, parent, want)
		}
	}
}

func TestGeneral(t *testing.T) {
	for pointer, want := range map[string]string{
		"": "", "/data/files/12/name": "/data/files/*/name", "/0": "/*", "/a1/1a/": "/a1/1a/", "header:X/1": "header:X/1",
	} {
		if got := jsonpointer.General(pointer); got != want {
			t.Errorf("%q: %q, want %q", pointer, got, want)
		}
	}
}
