package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// IsArchive reports whether a file of that name is recorded as an HTTP Archive.
func IsArchive(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".har") }

// OpenArchive is Open for an HTTP Archive, an entry per line. The file is a whole archive
// whenever nothing is being written; one that a killed process left cut off is completed.
// A file that is there must be an archive of Parley's.
func OpenArchive(name string, har traffic.HAROptions, limit int64, redact *redaction.Redactor, tell func(error)) (*Recording, error) {
	return begin(name, limit, redact, tell, &har)
}

// archive is the file of an HTTP Archive, to which lines are appended as to any other:
// what ends the archive is taken away before, and written again behind them.
type archive struct {
	*os.File
	end   int64 // of the last line
	first bool  // no entry is before the next
}

const archiveEnd = "]}}\n"

// openArchive begins an archive, or goes on with one.
func openArchive(file *os.File, har traffic.HAROptions) (*archive, error) {
	a := &archive{File: file, first: true}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		head := traffic.HARHead(har) + "\n"
		a.end = int64(len(head))
		_, err := io.WriteString(file, head+archiveEnd)
		return a, err
	}
	begins := make([]byte, len(traffic.HARBeginning))
	if _, err := file.ReadAt(begins, 0); err != nil || string(begins) != traffic.HARBeginning {
		return nil, fmt.Errorf("%s is there and is no HTTP Archive of Parley's; name a new file", file.Name())
	}
	if a.end, err = lastLine(file, info.Size()); err != nil {
		return nil, err
	}
	before := make([]byte, min(a.end, 2))
	if _, err := file.ReadAt(before, a.end-int64(len(before))); err != nil {
		return nil, err
	}
	a.first = string(before) == "[\n" || string(before) == ",\n"
	return a, a.finish(a.end)
}

// lastLine is where the last whole line of entries ends.
func lastLine(file *os.File, size int64) (int64, error) {
	tail := make([]byte, min(size, int64(len(archiveEnd))))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil {
		return 0, err
	}
	if string(tail) == archiveEnd {
		return size - int64(len(archiveEnd)), nil
	}
	block := make([]byte, 64<<10)
	for at := size; at > 0; {
		part := block[:min(at, int64(len(block)))]
		at -= int64(len(part))
		if _, err := file.ReadAt(part, at); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
	}
	return 0, errors.New(file.Name() + " has no whole line; name a new file")
}

// Write appends whole lines, each with a comma before it.
func (a *archive) Write(text []byte) (int, error) {
	if err := a.File.Truncate(a.end); err != nil {
		return 0, err
	}
	whole := append(bytes.Clone(text), archiveEnd...)
	if a.first {
		whole[0] = ' '
	}
	n, err := a.File.Write(whole)
	n = min(n, len(text))
	a.end += int64(n)
	a.first = a.first && n < len(text)
	return n, err
}

// Truncate takes half a line away.
func (a *archive) Truncate(size int64) error { return a.finish(size) }

// finish ends the archive after the last whole line.
func (a *archive) finish(end int64) error {
	if err := a.File.Truncate(end); err != nil {
		return err
	}
	a.end = end
	_, err := io.WriteString(a.File, archiveEnd)
	return err
}
