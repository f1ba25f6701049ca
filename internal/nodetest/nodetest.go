// Package nodetest lets tests ask programs of Node, which judge what Parley does and are not
// ours. Nothing of Parley itself may use it.
package nodetest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Installed skips a test whose judge npm has not installed in a folder; where CI runs that
// is an error.
func Installed(t *testing.T, folder, name string) {
	t.Helper()
	for _, read := range []string{".", "testdata", filepath.Join(folder, "node_modules")} { // what node reads is unknown to the cache of tests
		if _, err := os.ReadDir(read); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", filepath.FromSlash(name))); err != nil {
		missing := name + " is not installed: make tools does it, with npm"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
}

// Through hands values to a program, each as a line of JSON, and reads its answers, one
// for each.
func Through[Answer, Value any](t *testing.T, values []Value, program ...string) []Answer {
	t.Helper()
	var input bytes.Buffer
	for _, value := range values {
		input.Write(append(Encode(t, value), '\n'))
	}
	lines := Run(t, input.Bytes(), program...)
	if len(lines) != len(values) {
		t.Fatalf("%s answered %d of %d lines", program[0], len(lines), len(values))
	}
	answers := make([]Answer, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &answers[i]); err != nil {
			t.Fatalf("%v in %.200s", err, line)
		}
	}
	return answers
}

// Run returns the lines that a program prints for what it is given.
func Run(t *testing.T, input []byte, args ...string) [][]byte {
	t.Helper()
	node := exec.CommandContext(t.Context(), "node", args...)
	node.Stdin = bytes.NewReader(input)
	var complaint bytes.Buffer
	node.Stderr = &complaint
	output, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, complaint.String())
	}
	return bytes.Split(bytes.TrimSpace(output), []byte("\n"))
}

// Encode is a value as JSON.
func Encode(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
