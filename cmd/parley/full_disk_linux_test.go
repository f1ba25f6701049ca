package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", size)); err != nil {
		t.Skip("skipped: a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestRecordingOnAFullDisk: a mock goes on answering, its recording has whole lines
// only, and goes on when there is room.
func TestRecordingOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 256<<10)
	file, ballast := filepath.Join(dir, "r.ndjson"), filepath.Join(dir, "ballast")
	var errs safeBuffer
	k := &killed{t: t, seen: map[string]answer{}}
	k.command = exec.Command(buildParley(t), "serve", "elma365", "--quiet", "--addr", "127.0.0.1:0", "--record", file)
	k.command.Stderr = &errs
	k.begin()
	if err := os.WriteFile(ballast, bytes.Repeat([]byte("x"), 224<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func() {
		response, err := http.Get(k.url + "/no/such/path")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if !comesTrue(func() bool {
		call()
		return strings.Contains(errs.String(), "no space left on device; what cannot be written is lost")
	}) {
		t.Fatalf("the disk is never full: %s", errs.String())
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.HasSuffix(text, []byte("}\n")) {
		t.Errorf("on the full disk (%v) it ends in %q", err, text[max(0, len(text)-40):])
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if !comesTrue(func() bool { call(); return strings.Contains(errs.String(), "recording: it goes on; ") }) {
		t.Fatalf("it does not go on: %s", errs.String())
	}
	k.command.Process.Signal(os.Interrupt)
	k.command.Wait()
	if code := k.command.ProcessState.ExitCode(); code != exitEnvironment {
		t.Errorf("exit %d, want %d: some are missing", code, exitEnvironment)
	}
	if text, err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte(`{"id":"ex-`)) || !bytes.HasSuffix(line, []byte("}\n")) {
			t.Errorf("a broken line: %q", line)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestDataOnAFullDisk: calls are refused while what they do can't be written, and taken
// when there is room again; nothing that was answered is lost.
func TestDataOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 512<<10)
	ballast, data := filepath.Join(dir, "ballast"), filepath.Join(dir, "data")
	var errs safeBuffer
	k := &killed{t: t, seen: map[string]answer{}}
	k.command = exec.Command(buildParley(t), "serve", "elma365", "--quiet", "--addr", "127.0.0.1:0", "--data", data, "--durability", "step")
	k.command.Stderr = &errs
	k.begin()
	if err := os.WriteFile(ballast, bytes.Repeat([]byte("x"), 448<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	answered := 0
	call := func() int {
		response, err := http.Get(k.url + "/no/such/path")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if id := response.Header.Get("Parley-Exchange"); id != "" {
			answered = number(id)
		}
		return response.StatusCode
	}
	if !comesTrue(func() bool { return call() == http.StatusServiceUnavailable }) {
		t.Fatalf("the disk is never full: %s", errs.String())
	}
	if !comesTrue(func() bool { return strings.Contains(errs.String(), "--data: sandbox default: ") }) {
		t.Errorf("it does not say so: %s", errs.String())
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if !comesTrue(func() bool { return call() == http.StatusNotFound }) {
		t.Fatalf("it does not go on: %s", errs.String())
	}
	k.command.Process.Kill()
	k.command.Wait()
	again := &killed{t: t}
	again.serve(buildParley(t), "--data", data)
	defer again.command.Process.Kill()
	response, err := http.Get(fmt.Sprintf("%s/_parley/journal/ex-%06d", again.url, answered))
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("ex-%06d was answered, and is %v, %v", answered, response.StatusCode, err)
	}
}
