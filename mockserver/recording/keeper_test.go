package recording_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/recording"
)

// source counts its snapshots.
type source struct {
	mu      sync.Mutex
	text    string
	err     error
	changed bool
	taken   int
}

func (s *source) Snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = false
	s.taken++
	return []byte(s.text), s.err
}

func (s *source) Changed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *source) set(text string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text, s.err, s.changed = text, err, true
}

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestKeeper: the file has the newest snapshot from the start to the end, and only
// its owner reads it.
func TestKeeper(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	for name, mode := range map[string]os.FileMode{file: 0o644, file + ".next": 0o666} { // of others
		if err := os.WriteFile(name, []byte("earlier"), mode); err != nil {
			t.Fatal(err)
		}
	}
	s := &source{text: "first"}
	k, err := recording.Keep(file, s, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	if got := content(t, file); got != "first" {
		t.Errorf("at the start: %q", got)
	}
	s.set("second", nil)
	mocktest.Until(t, func() bool { return content(t, file) == "second" })
	s.set("last", nil)
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, file); got != "last" {
		t.Errorf("at the end: %q", got)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v, want 0600", info.Mode(), err)
	}
	if s.taken != 3 {
		t.Errorf("%d snapshots, want one for each change", s.taken)
	}
	if _, err := os.Stat(file + ".next"); !os.IsNotExist(err) {
		t.Errorf("something else was left: %v", err)
	}
}

// TestKeeperFails: it says so once, leaves what there was, and goes on.
func TestKeeperFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := &source{text: "first"}
	told := make(chan error, 10)
	k, err := recording.Keep(file, s, func(err error) { told <- err })
	if err != nil {
		t.Fatal(err)
	}
	s.set("broken", errors.New("no"))
	if err := <-told; fmt.Sprint(err) != "state: no" {
		t.Error(err)
	}
	if got := content(t, file); got != "first" {
		t.Errorf("after an error: %q", got)
	}
	s.set("whole again", nil)
	mocktest.Until(t, func() bool { return content(t, file) == "whole again" })
	s.set("broken", errors.New("no more"))
	if err := k.Close(); err == nil || err.Error() != "state: no more" {
		t.Error(err)
	}
	if n := len(told); n != 1 {
		t.Errorf("told %d times more, want once", n)
	}
	file = filepath.Join(t.TempDir(), "state.json")
	if _, err := recording.Keep(file, &source{err: errors.New("no")}, nil); err == nil || err.Error() != "state: no" {
		t.Error(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("an empty file was left: %v", err)
	}
	if _, err := recording.Keep(filepath.Join(t.TempDir(), "nowhere", "state.json"), &source{}, nil); err == nil || !strings.Contains(err.Error(), "state.json cannot be made") {
		t.Error(err)
	}
}
