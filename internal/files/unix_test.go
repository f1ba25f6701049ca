//go:build darwin || linux

package files_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/parleykit/parley/internal/files"
)

// odd makes one of each kind of file that is no regular one, and returns their
// names by what they are called.
func odd(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"a folder": dir, "a pipe": pipe, "a device": "/dev/zero"}
}

// TestNothingElseIsRead, and nothing waits for the other end of a pipe.
func TestNothingElseIsRead(t *testing.T) {
	for kind, name := range odd(t) {
		if _, err := files.Read(name, files.Text); err == nil || !strings.Contains(err.Error(), name+" is "+kind) {
			t.Errorf("%s: %v", name, err)
		}
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(name, link); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Read(link, files.Text); err == nil || !strings.Contains(err.Error(), link+" is "+kind) {
			t.Errorf("link to %s: %v", name, err)
		}
	}
}

// TestNothingElseIsWritten: what is there stays, and nothing lies beside it.
func TestNothingElseIsWritten(t *testing.T) {
	names := odd(t)
	dir := t.TempDir()
	names["a link"] = filepath.Join(dir, "link")
	if err := os.Symlink(write(t, filepath.Join(dir, "mine"), "mine"), names["a link"]); err != nil {
		t.Fatal(err)
	}
	hanging := filepath.Join(t.TempDir(), "hanging")
	if err := os.Symlink(filepath.Join(dir, "nothing"), hanging); err != nil {
		t.Fatal(err)
	}
	for kind, name := range names {
		for way, try := range map[string]func(string) error{
			"Write":  func(name string) error { return files.Write(name, func(io.Writer) error { return nil }) },
			"Create": func(name string) error { _, err := files.Create(name); return err },
			"Hold":   func(name string) error { _, err := files.Hold(name); return err },
		} {
			if err := try(name); err == nil || !strings.Contains(err.Error(), name+" is "+kind) {
				t.Errorf("%s %s: %v", way, name, err)
			}
			if err := try(hanging); err == nil || !strings.Contains(err.Error(), hanging+" is a link") {
				t.Errorf("%s: a link to nothing: %v", way, err)
			}
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "mine")); err != nil || string(data) != "mine" {
		t.Errorf("%q %v", data, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%v %v", left, err)
	}
}

// TestOthersMayNot: what was wider is made its owner's alone.
func TestOthersMayNot(t *testing.T) {
	for way, try := range map[string]func(string) error{
		"Write":  func(name string) error { return files.Write(name, func(io.Writer) error { return nil }) },
		"Create": func(name string) error { f, err := files.Create(name); return errors.Join(err, f.Close()) },
		"Hold": func(name string) error {
			h, err := files.Hold(name)
			if err == nil {
				defer h.Release()
				err = h.Replace(func(io.Writer) error { return nil })
			}
			return err
		},
		"Append": func(name string) error {
			h, err := files.Hold(name)
			if err != nil {
				return err
			}
			defer h.Release()
			f, err := h.Append()
			return errors.Join(err, f.Close())
		},
	} {
		dir := t.TempDir()
		wide := write(t, filepath.Join(dir, "wide"), "")
		if err := os.Chmod(wide, 0o666); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{wide, filepath.Join(dir, "new")} {
			if err := try(name); err != nil {
				t.Errorf("%s %s: %v", way, name, err)
			}
			if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s %s: %v %v", way, name, info.Mode(), err)
			}
		}
	}
}

// TestHelperHolder is not a test: it is the process that holds a file.
func TestHelperHolder(t *testing.T) {
	name := os.Getenv("PARLEY_TEST_HOLD")
	if name == "" {
		t.Skip("started by another test")
	}
	h, err := files.Hold(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Replace(func(w io.Writer) error { _, err := io.WriteString(w, "theirs"); return err }); err != nil {
		t.Fatal(err)
	}
	fmt.Println("held")
	io.Copy(io.Discard, os.Stdin) // until it is killed
}

func TestOneProcessHolds(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	other := exec.Command(os.Args[0], "-test.run", "^TestHelperHolder$")
	other.Env = append(os.Environ(), "PARLEY_TEST_HOLD="+name)
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("held\n"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, dir+"-too"); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(name, filepath.Join(dir, "second name")); err != nil {
		t.Fatal(err)
	}
	for _, spelling := range []string{name, dir + "-too/./file", filepath.Join(dir, "second name")} {
		_, err = files.Hold(spelling)
		want := spelling + " is written by another process; "
		if _, none := os.Stat("/proc/locks"); none == nil {
			want = fmt.Sprintf("%s is written by process %d (files.test); ", spelling, other.Process.Pid)
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	other.Process.Kill()
	other.Wait() // its error says that it was killed
	h, err := files.Hold(name)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "theirs" {
		t.Errorf("%q %v", data, err)
	}
	if _, err := files.Hold(name); err == nil {
		t.Error("held twice")
	}
	h.Release()
}
