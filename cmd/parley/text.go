package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
)

// compact prints JSON on one line, fit for a shell's single quotes.
func compact(data []byte) string {
	var line bytes.Buffer
	if json.Compact(&line, data) != nil {
		return strings.TrimSpace(string(data))
	}
	return strings.ReplaceAll(line.String(), "'", `'\''`)
}

// tokenOf reads a token flag: the token itself, or @FILE so that it does not
// stand in the process list.
func tokenOf(text string) (string, error) {
	file, ok := strings.CutPrefix(text, "@")
	if !ok {
		return text, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", usage("--token: %w", err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}
