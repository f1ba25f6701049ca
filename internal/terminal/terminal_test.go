package terminal_test

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/terminal"
)

// A device is not for that a terminal: output that nobody sees is not painted.
func TestWhatIsNoTerminal(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	read, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer pipe.Close()
	for name, w := range map[string]io.Writer{"the null device": null, "a pipe": pipe, "no file": &strings.Builder{}} {
		if terminal.Is(w) || terminal.Width(w, 80) != 80 {
			t.Errorf("%s is taken for a terminal", name)
		}
	}
}

func TestWrap(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        {""},
		"one two three":           {"one two", "three"},
		"a\n b  c\n\nd\n":         {"a", "b c", "", "d"},
		"über alles hinaus":       {"über", "alles", "hinaus"},
		"see https://h.example/x": {"see", "https://h.example/x"},
	} {
		if got := terminal.Wrap(text, 9); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
