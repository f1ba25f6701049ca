package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/specs"
)

// use is a file and the flag that names it.
type use struct{ flag, name string }

// apart refuses a file that would be written while another flag names it too, by
// whatever spelling of its path. Names may be "".
func apart(written, others []use) error {
	for i, w := range written {
		for _, o := range append(written[i+1:len(written):len(written)], others...) {
			if w.flag != o.flag && w.name != "" && o.name != "" && files.Same(w.name, o.name) {
				return usage("%s %s and %s %s are one file, and one would spoil the other; name two", w.flag, w.name, o.flag, o.name)
			}
		}
	}
	return nil
}

// beside is a file with what stands beside it at times; "" stays alone.
func beside(flag, name, ending string) []use {
	if name == "" {
		return nil
	}
	return []use{{flag, name}, {flag, name + ending}}
}

// apart refuses two flags that name one file, but for a state that goes on.
func (f serveFlags) apart() error {
	record := beside("--record", f.record, files.Previous)
	others := []use{{"--state", f.state.file}, {"--scenario", f.scenario}, {"--data", f.data}, {"--access", f.access}}
	for _, token := range f.tokens {
		others = append(others, tokenFile("--token", token)...)
	}
	others = append(others, tokenFile("--control-token", f.controlToken)...)
	return apart(record, others)
}

// tokenFile is the file that a token's flag names, if it names one.
func tokenFile(flag, token string) []use {
	if file, ok := strings.CutPrefix(token, "@"); ok {
		return []use{{flag, file}}
	}
	return nil
}

// vetData refuses flags of former versions, and a durability that is none.
func (f serveFlags) vetData() error {
	switch {
	case f.oldState != "":
		return usage("--state-to and --state-from were replaced: --data DIR keeps all sandboxes and the journal, and goes on from there")
	case f.durability != string(ledger.Step) && f.durability != string(ledger.Interval):
		return usage("--durability %s is none; choose step or interval", f.durability)
	}
	return nil
}

// vetFolder refuses what is no folder, and a folder with files: somebody may have
// worked on them.
func vetFolder(flag, dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.IsDir() {
		return usage("%s: %s is %s; name a folder that does not exist", flag, dir, files.Kind(info.Mode()))
	}
	var entries []os.DirEntry
	if err == nil {
		entries, err = os.ReadDir(dir)
	}
	if err != nil {
		return usage("%s: %w", flag, err)
	}
	if len(entries) > 0 {
		return usage("%s: %s holds files already; name a folder that does not exist", flag, dir)
	}
	return nil
}

// modes says who may read a folder that is written, and its files.
type modes struct{ folder, file fs.FileMode }

var (
	everyone = modes{0o755, 0o644} // documents for other people and tools; no secret is in them
	ownerly  = modes{0o700, 0o600} // what was seen on the wire is in them
)

// writeFiles fills a folder that is new or empty.
func writeFiles(dir string, list []specs.File, may modes) error {
	for _, f := range list {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), may.folder); err != nil {
			return err
		}
		if err := writeNew(name, f.Data, may.file); err != nil {
			return err
		}
	}
	return nil
}

func writeNew(name string, data []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// tellOf prints what a recording says of itself while it runs.
func tellOf(stderr io.Writer) func(error) {
	return func(err error) { visible.Fprintf(stderr, "parley: %v\n", err) }
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
