package shell

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/visible"
)

func TestWord(t *testing.T) {
	for word, want := range map[string]string{
		"docs/shop.yaml":    "docs/shop.yaml",
		"":                  "''",
		"my shop.yaml":      "'my shop.yaml'",
		"it's":              `'it'\''s'`,
		`a\nb`:              `'a\nb'`,
		"\nimport sys\n":    `$'\nimport sys\n'`,
		"a\tb\\c'd\n":       `$'a\tb\\c\'d\n'`,
		"a\x1b7":            `$'a\0337'`,
		"\u202eabc":         `$'\342\200\256abc'`,
		"##vso[x]":          `$'\043\043vso[x]'`,
		"größer\nals 10 %s": `$'größer\nals 10 %s'`,
	} {
		if got := Word(word); got != want {
			t.Errorf("%q is %s, want %s", word, got, want)
		}
	}
}

// TestAShellTakesAWord has bash read what is printed, as a terminal shows it.
func TestAShellTakesAWord(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash, which would be asked")
	}
	for _, word := range []string{"", "it's", `a\nb`, "\nimport sys\nprint('x')\n", "a\tb\\c'd\r\n\n", "\x1b[31m7\u202e\xff0", "##vso[x]", `$HOME "$(id)"` + "\n`id`"} {
		out, err := exec.Command(bash, "-c", "printf %s "+visible.Line(Word(word))+"; printf .").Output()
		if err != nil || strings.TrimSuffix(string(out), ".") != word {
			t.Errorf("%q is read as %q, %v", word, out, err)
		}
	}
}
