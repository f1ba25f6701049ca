package main

import (
	"io"
	"log"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/visible"
)

// catchLog takes what the standard library says of its own accord: net/http logs
// connections that went wrong, and quotes what the other side sent.
func catchLog(stderr io.Writer) {
	log.SetFlags(0)
	log.SetOutput(libraryLog{stderr})
}

type libraryLog struct{ out io.Writer }

// quoted is a Go string as %q writes it.
var quoted = lazy.Regexp(`"(?:[^"\\]|\\.)*"`)

// Write takes one message. What it quotes is left out: it is the other side's, and may
// be secret.
func (l libraryLog) Write(data []byte) (int, error) {
	text := quoted().ReplaceAllString(strings.TrimRight(string(data), "\n"), `"…"`)
	_, err := visible.Fprintf(l.out, "parley: %s\n", below(text))
	return len(data), err
}
