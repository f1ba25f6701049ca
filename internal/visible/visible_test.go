package visible_test

import (
	"testing"

	"github.com/parleykit/parley/internal/visible"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a b\nü 😀": "a b\nü 😀", "\x1b[31m": "\uFFFD[31m", "a\tb\r\x00": "a\uFFFDb\uFFFD\uFFFD", "\u202e": "\uFFFD",
	} {
		if got := visible.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
