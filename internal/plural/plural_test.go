package plural_test

import (
	"testing"

	"github.com/parleykit/parley/internal/plural"
)

func TestOf(t *testing.T) {
	for want, got := range map[string]string{
		"0 findings": plural.Of(0, "finding"),
		"1 finding":  plural.Of(1, "finding"),
		"2 findings": plural.Of(2, "finding"),
		"1 entry":    plural.Of(1, "entry", "entries"),
		"3 entries":  plural.Of(3, "entry", "entries"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestList(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := plural.List(words, "or"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
