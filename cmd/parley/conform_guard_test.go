//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestHelperGuarded is not a test: it is a Parley that starts a command, as conform
// does, and waits for it.
func TestHelperGuarded(t *testing.T) {
	script := os.Getenv("PARLEY_TEST_GUARDED")
	if script == "" {
		t.Skip("started by another test")
	}
	cmd := exec.Command("sh", "-c", script)
	release, err := startGuarded(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	cmd.Wait() // its error says how it ended
}

// TestAProgramEndsWithAKilledParley, and so do its children, and what would have
// ended them.
func TestAProgramEndsWithAKilledParley(t *testing.T) {
	for name, stubborn := range map[string]string{"as it is asked": "", "though it does not want to": "trap '' TERM HUP; "} {
		t.Run(name, func(t *testing.T) {
			pids := filepath.Join(t.TempDir(), "pids")
			parley := exec.Command(os.Args[0], "-test.run", "^TestHelperGuarded$")
			parley.Env = append(os.Environ(), "PIDS="+pids, "PARLEY_TEST_GUARDED="+stubborn+`sleep 1000 & echo $$ $! > "$PIDS.new"; mv "$PIDS.new" "$PIDS"; wait; sleep 1000`)
			if err := parley.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, "the program to start", func() bool { _, err := os.Stat(pids); return err == nil })
			text, err := os.ReadFile(pids)
			if err != nil {
				t.Fatal(err)
			}
			parley.Process.Kill()
			parley.Wait() // its error says that it was killed
			for _, word := range strings.Fields(string(text)) {
				pid, err := strconv.Atoi(word)
				if err != nil {
					t.Fatal(err)
				}
				await(t, "process "+word+" to end", func() bool { return !alive(pid) })
			}
		})
	}
}

// TestAnEndedProgramLeavesNoGuard behind.
func TestAnEndedProgramLeavesNoGuard(t *testing.T) {
	cmd := exec.Command("sh", "-c", "exit 3")
	release, err := startGuarded(cmd)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its error says how it ended
	release()
	if cmd.ProcessState.ExitCode() != 3 {
		t.Errorf("it ended with %v", cmd.ProcessState)
	}
	if _, err := exec.LookPath("pgrep"); err != nil {
		t.Skip("whether something is left was not looked at, because pgrep is not installed")
	}
	if left, err := exec.Command("pgrep", "-f", "parley-guard "+strconv.Itoa(os.Getpid())+"$").Output(); err == nil {
		t.Errorf("left: %s", left)
	}
}
