package files_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/files"
)

func says(text string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		return err
	}
}

func holds(t *testing.T, name, want string) {
	t.Helper()
	if data, err := os.ReadFile(name); err != nil || string(data) != want {
		t.Errorf("%s: %q %v, want %q", filepath.Base(name), data, err, want)
	}
}

func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if err != nil || strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("there are %v (%v), want %v", names, err, want)
	}
}

// TestWholeOrNotAtAll: what can't be written leaves what was there.
func TestWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	full := errors.New("no space left")
	if err := files.Write(name, says("half", full)); !errors.Is(err, full) {
		t.Error(err)
	}
	only(t, dir)
	h, err := files.Hold(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Replace(says("half", full)); !errors.Is(err, full) {
		t.Error(err)
	}
	h.Release()
	only(t, dir) // Hold had made it
	if err := files.Write(name, says("one", nil)); err != nil {
		t.Fatal(err)
	}
	if err := files.Write(name, says("half", full)); !errors.Is(err, full) {
		t.Error(err)
	}
	if h, err = files.Hold(name); err != nil {
		t.Fatal(err)
	}
	if err := h.Replace(says("half", full)); !errors.Is(err, full) {
		t.Error(err)
	}
	holds(t, name, "one")
	write(t, name+files.Next, "of a process that was killed")
	if err := h.Replace(says("two", nil)); err != nil {
		t.Error(err)
	}
	holds(t, name, "two")
	if err := os.Mkdir(name+files.Next, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := h.Replace(says("three", nil)); err == nil || !strings.Contains(err.Error(), files.Next+" is a folder") {
		t.Error(err)
	}
	h.Release()
	holds(t, name, "two")
	only(t, dir, "a", "a"+files.Next)
	if err := files.Writable(filepath.Join(dir, "none", "a")); err == nil || !strings.Contains(err.Error(), "cannot be made") {
		t.Error(err)
	}
}

func TestRotate(t *testing.T) {
	dir := t.TempDir()
	name := write(t, filepath.Join(dir, "a"), "one")
	h, err := files.Hold(name)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	for _, text := range []string{"two", "three"} {
		if err := h.Rotate(); err != nil {
			t.Fatal(err)
		}
		f, err := h.Append()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	holds(t, name, "three")
	holds(t, name+files.Previous, "two")
	if _, err := files.Hold(name); err == nil || !strings.Contains(err.Error(), "is written by") {
		t.Errorf("it is held no more: %v", err)
	}
	other, err := files.Hold(name + files.Previous)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Rotate(); err == nil || !strings.Contains(err.Error(), files.Previous+" is written by") {
		t.Errorf("over what another one writes: %v", err)
	}
	other.Release()
	holds(t, name, "three")
	holds(t, name+files.Previous, "two")
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "")
	write(t, filepath.Join(dir, "below", "b"), "")
	t.Chdir(dir)
	here := []string{"a", "./a", "below/../a", filepath.Join(dir, "a")}
	gone := []string{"none", "./none", "below/../none", filepath.Join(dir, "none")}
	if os.Symlink(dir, dir+"-too") == nil {
		here, gone = append(here, dir+"-too/a"), append(gone, dir+"-too/none")
	}
	if os.Link("a", "hard") == nil && os.Symlink("a", "soft") == nil {
		here = append(here, "hard", "soft")
	}
	for _, names := range [][]string{here, gone} {
		for _, name := range names {
			if !files.Same(names[0], name) {
				t.Errorf("%s and %s are not the same", names[0], name)
			}
		}
	}
	for _, name := range []string{"b", "below/a", "none"} {
		if files.Same("a", name) {
			t.Errorf("a and %s are the same", name)
		}
	}
}
