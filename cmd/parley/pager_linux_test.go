package main

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/terminal/terminaltest"
)

// TestLongTextsArePaged: at a terminal they go through $PAGER, and what is printed is
// painted; not where somebody says otherwise, nor into a file.
func TestLongTextsArePaged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environ, args string
		paged, color  bool
	}{
		"a text":             {"PAGER=sed s/^/paged:/", "specs show elma365", true, false},
		"codes":              {"PAGER=sed s/^/paged:/", "validate --codes", true, false},
		"a flag":             {"PAGER=sed s/^/paged:/", "specs show elma365 --no-pager", false, false},
		"no pager":           {"PAGER=", "specs show elma365", false, false},
		"cat":                {"PAGER=cat", "specs show elma365", false, false},
		"a dumb terminal":    {"PAGER=sed s/^/paged:/ TERM=dumb", "specs show elma365", false, false},
		"one that is left":   {"PAGER=sed s/^/paged:/;1q", "specs show elma365 requirements", true, false},
		"painted":            {"PAGER=", "conform elma365 --list", false, true},
		"painted by nobody":  {"PAGER= NO_COLOR=1", "conform elma365 --list", false, false},
		"painted by a flag":  {"PAGER= NO_COLOR=1", "conform elma365 --list --color always", false, true},
		"a flag for nothing": {"PAGER=", "conform elma365 --list --color=never", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(buildParley(t), strings.Fields(c.args)...)
			cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=", "FORCE_COLOR=", "CLICOLOR_FORCE=", "CLICOLOR=", "COLUMNS=")
			cmd.Env = append(cmd.Env, variables(c.environ)...)
			text := onTerminal(t, cmd)
			if got := strings.Contains(text, "paged:"); got != c.paged || !strings.Contains(text, "ELMA365") && !strings.Contains(text, "body.") {
				t.Errorf("paged: %v\n%.300q", got, text)
			}
			if got := strings.Contains(text, "\x1b["); got != c.color {
				t.Errorf("painted: %v\n%.300q", got, text)
			}
		})
	}
}

// variables splits "A=b c D=e" where a name in capitals begins.
func variables(text string) []string {
	var list []string
	for word := range strings.FieldsSeq(text) {
		if name, _, found := strings.Cut(word, "="); len(list) > 0 && (!found || strings.ToUpper(name) != name) {
			list[len(list)-1] += " " + word
		} else {
			list = append(list, word)
		}
	}
	return list
}

// onTerminal runs a command whose output is a terminal, and returns what it showed.
func onTerminal(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	tty, person := terminaltest.Open(t)
	cmd.Stdout, cmd.Stderr = tty, tty
	shown := make(chan string)
	go func() {
		data, _ := io.ReadAll(person) // its end is an error, when nobody has the terminal open
		shown <- string(data)
	}()
	if err := cmd.Run(); err != nil {
		t.Errorf("%v", err)
	}
	tty.Close()
	return <-shown
}
