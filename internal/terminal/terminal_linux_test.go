package terminal_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/terminal/terminaltest"
)

// A terminal of a kernel's making is one, unless it says that it is dumb, and its width
// bounds lines.
func TestTerminal(t *testing.T) {
	tty, _ := terminaltest.Open(t)
	for columns, want := range map[uint16]int{0: 80, 60: 60, 200: 80} {
		if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
			t.Fatal(err)
		}
		if got := terminal.Width(tty, 80); got != want {
			t.Errorf("with %d columns a line has %d", columns, got)
		}
	}
	t.Setenv("TERM", "xterm")
	if !terminal.Is(tty) {
		t.Error("a terminal is none")
	}
	t.Setenv("TERM", "dumb")
	if terminal.Is(tty) {
		t.Error("a dumb terminal is painted on")
	}
}
