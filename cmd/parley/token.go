package main

import (
	"strings"

	"github.com/parleykit/parley/internal/files"
)

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
