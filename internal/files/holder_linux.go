package files

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
)

// holder says who holds a file: of the processes that have a lock, the one that has
// this file open.
func holder(name string) string {
	info, err := os.Stat(name)
	locks, err2 := os.Open("/proc/locks")
	if err != nil || err2 != nil {
		return someone
	}
	defer locks.Close()
	for lines := bufio.NewScanner(locks); lines.Scan(); { // 1: FLOCK ADVISORY WRITE 1234 fe:00:5678 0 EOF
		words := strings.Fields(lines.Text())
		if len(words) > 4 && words[1] == "FLOCK" && hasOpen(words[4], info) {
			return fmt.Sprintf("process %s%s", words[4], commandOf(words[4]))
		}
	}
	return someone
}

func hasOpen(pid string, info os.FileInfo) bool {
	open, err := filepath.Glob(filepath.Join("/proc", pid, "fd", "*"))
	if err != nil {
		return false
	}
	for _, name := range open {
		if other, err := os.Stat(name); err == nil && os.SameFile(info, other) {
			return true
		}
	}
	return false
}

var plainWord = lazy.Regexp(`^[A-Za-z0-9_.-]{1,40}$`)

// commandOf is a program and its command, "" where that is not known. What follows
// them may be secret.
func commandOf(pid string) string {
	line, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
	if err != nil {
		return ""
	}
	words := strings.Split(string(bytes.TrimRight(line, "\x00")), "\x00")
	text := filepath.Base(words[0])
	if !plainWord().MatchString(text) {
		return ""
	}
	if len(words) > 1 && plainWord().MatchString(words[1]) && words[1][0] != '-' {
		text += " " + words[1]
	}
	return " (" + text + ")"
}
