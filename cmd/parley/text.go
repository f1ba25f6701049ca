package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/visible"
)

// compact prints JSON on one line, fit for a shell's single quotes.
func compact(data []byte) string {
	var line bytes.Buffer
	if json.Compact(&line, data) != nil {
		return strings.TrimSpace(string(data))
	}
	return strings.ReplaceAll(line.String(), "'", `'\''`)
}

// maxToken is the most that a token's file may have, in bytes.
const maxToken = 64 << 10

// tokenOf reads the value of a token's flag: the token itself, or @FILE so that it
// does not stand in the process list.
func tokenOf(flag, text string) (string, error) {
	file, ok := strings.CutPrefix(text, "@")
	if !ok {
		return text, nil
	}
	data, err := files.Read(file, maxToken)
	if err != nil {
		return "", named(flag, err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// writeTo writes to a file, its owner's alone and whole or not at all, or with "" to
// standard output.
func writeTo(name string, stdout io.Writer, write func(io.Writer) error) error {
	if name == "" {
		if err := write(stdout); err != nil {
			return environment("%w", err)
		}
		return nil
	}
	if err := files.Write(name, func(file io.Writer) error { return write(visible.NewWriter(file)) }); err != nil {
		return environment("--out: %w", err)
	}
	return nil
}
