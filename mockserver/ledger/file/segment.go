package file

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// segment is one file of a log, of which records can be found.
type segment struct {
	name   string
	number int    // files are numbered as they were made
	first  uint64 // sequence of the first entry that it may have
	last   uint64 // of its last entry; first-1: it has none
	size   int64  // what is written and whole
	states []place
	marks  []place // some of its entries
}

// place is where a record begins.
type place struct {
	sequence uint64
	offset   int64
}

// markEvery is how many entries are between two whose places are known.
const markEvery = 32

// note keeps where a record is.
func (s *segment) note(kind byte, at place) {
	switch {
	case kind == isCheckpoint:
		s.states = append(s.states, at)
		return
	case (at.sequence-s.first)%markEvery == 0:
		s.marks = append(s.marks, at)
	}
	s.last = at.sequence
}

func segmentName(number int) string { return fmt.Sprintf("%08d.log", number) }

// readSegment finds the records of a file. The error wraps errTorn where the file is not
// whole after size bytes.
func readSegment(name string, number int) (*segment, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	s := &segment{name: name, number: number}
	from := bufio.NewReaderSize(file, 1<<16)
	var head [segmentHead]byte
	if _, err := io.ReadFull(from, head[:]); err != nil || string(head[:len(segmentMark)]) != segmentMark {
		return s, errTorn
	}
	s.first = binary.LittleEndian.Uint64(head[len(segmentMark):])
	s.last, s.size = s.first-1, int64(segmentHead)
	records := reader{from: from, left: info.Size() - s.size}
	for {
		one, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return s, err
		case one.kind == isEntry && one.sequence != s.last+1:
			return s, errTorn
		}
		s.note(one.kind, place{one.sequence, s.size})
		s.size += one.length
	}
}

// mend cuts off what is not whole, and puts it aside unless it is the beginning of a
// single record.
func (s *segment) mend(sandbox string) (Cut, error) {
	text, err := os.ReadFile(s.name)
	if err != nil {
		return Cut{}, err
	}
	rest := text[min(s.size, int64(len(text))):]
	cut := Cut{Sandbox: sandbox, File: s.name, Bytes: int64(len(rest))}
	if !isBeginning(rest) {
		cut.Aside = s.name + ".cut"
		if err := os.WriteFile(cut.Aside, rest, 0o600); err != nil {
			return cut, err
		}
	}
	if s.size == 0 { // it has not even a head
		return cut, os.Remove(s.name)
	}
	return cut, os.Truncate(s.name, s.size)
}

// isBeginning tells that bytes are a record of which the end is missing, as a process
// leaves that is killed while it writes. A machine that loses its power may leave more.
func isBeginning(rest []byte) bool {
	return len(rest) < recordHead || int64(binary.LittleEndian.Uint32(rest)) > int64(len(rest)-recordHead)
}

// visit reads the records of a segment from a place on, until read says that it is enough.
func (s *segment) visit(from int64, read func(record) (more bool, err error)) error {
	file, err := os.Open(s.name)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return err
	}
	records := reader{from: bufio.NewReaderSize(file, 1<<16), left: s.size - from}
	for {
		one, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%w: %s can't be read behind byte %d: %w", ErrDamaged, s.name, s.size-records.left, err)
		}
		if more, err := read(one); err != nil || !more {
			return err
		}
	}
}

// before is the place of the last known entry at or before a sequence.
func (s *segment) before(sequence uint64) int64 {
	at := int64(segmentHead)
	for _, m := range s.marks {
		if m.sequence > sequence {
			break
		}
		at = m.offset
	}
	return at
}

// synced makes durable that a folder has a file. Not every system can.
func synced(name string) {
	if dir, err := os.Open(filepath.Dir(name)); err == nil {
		dir.Sync()
		dir.Close()
	}
}
