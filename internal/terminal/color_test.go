package terminal_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/terminal"
)

// What is no terminal is painted on where somebody asks for it, and NO_COLOR goes before
// all of the environment.
func TestColors(t *testing.T) {
	for line, want := range map[string]bool{
		"auto":                             false,
		"always":                           true,
		"always NO_COLOR=1":                true,
		"never FORCE_COLOR=1":              false,
		"auto FORCE_COLOR=1":               true,
		"auto FORCE_COLOR=0":               false,
		"auto FORCE_COLOR=":                false,
		"auto CLICOLOR_FORCE=1":            true,
		"auto CLICOLOR_FORCE=0":            false,
		"auto CLICOLOR_FORCE=1 NO_COLOR=":  true,
		"auto CLICOLOR_FORCE=1 NO_COLOR=0": false,
		"auto FORCE_COLOR=3 NO_COLOR=1":    false,
		"auto CLICOLOR=0 FORCE_COLOR=1":    true,
		"auto CLICOLOR=1":                  false,
	} {
		t.Run(line, func(t *testing.T) {
			words := strings.Fields(line)
			for _, name := range []string{"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"} {
				t.Setenv(name, "")
			}
			for _, word := range words[1:] {
				name, value, _ := strings.Cut(word, "=")
				t.Setenv(name, value)
			}
			if got := terminal.Colors(&strings.Builder{}, words[0]); got != want {
				t.Errorf("painted: %v", got)
			}
		})
	}
}

// COLUMNS says how wide lines may be, also where no terminal is.
func TestColumns(t *testing.T) {
	for columns, want := range map[string]int{"": 80, "60": 60, "200": 80, "10": 80, "wide": 80, "-60": 80} {
		t.Setenv("COLUMNS", columns)
		if got := terminal.Width(&strings.Builder{}, 80); got != want {
			t.Errorf("COLUMNS=%s gives %d", columns, got)
		}
	}
}
