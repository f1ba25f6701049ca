package independent

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

// throughNode hands values to a program, each as a line of JSON, and reads its answers, one
// for each.
func throughNode[Answer, Value any](t *testing.T, values []Value, program ...string) []Answer {
	t.Helper()
	var input bytes.Buffer
	for _, value := range values {
		input.Write(append(encode(t, value), '\n'))
	}
	lines := runNode(t, input.Bytes(), program...)
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

// runNode returns the lines that a script of ours prints for what it is given.
func runNode(t *testing.T, input []byte, args ...string) [][]byte {
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
