package file

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A segment begins with a mark and the sequence of the first entry that it may have.
const (
	segmentMark = "PARLEYL1"
	segmentHead = len(segmentMark) + 8
)

// A record is the length of its text, a checksum of all that follows, its kind, its
// sequence and the text. Numbers are little-endian.
const recordHead = 4 + 4 + 1 + 8

// The kinds of record.
const (
	isEntry      = 'e'
	isCheckpoint = 'c' // its sequence is that of the entry after which it was
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord writes a record at the end of bytes.
func appendRecord(to []byte, kind byte, sequence uint64, text []byte) []byte {
	at := len(to)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(text)))
	to = append(to, 0, 0, 0, 0, kind)
	to = binary.LittleEndian.AppendUint64(to, sequence)
	to = append(to, text...)
	binary.LittleEndian.PutUint32(to[at+4:], crc32.Checksum(to[at+8:], castagnoli))
	return to
}

type record struct {
	kind     byte
	sequence uint64
	length   int64 // with its head
	text     []byte
}

// errTorn says that a record is not whole.
var errTorn = errors.New("torn")

// reader reads the records of a segment from one of them on.
type reader struct {
	from   io.Reader
	left   int64 // bytes
	buffer []byte
}

// next is the next record, io.EOF after the last, or errTorn. Its text is there until
// the next call.
func (r *reader) next() (record, error) {
	var head [recordHead]byte
	if r.left == 0 {
		return record{}, io.EOF
	}
	if r.left < recordHead {
		return record{}, errTorn
	}
	if _, err := io.ReadFull(r.from, head[:]); err != nil {
		return record{}, err
	}
	length := int64(binary.LittleEndian.Uint32(head[:]))
	if length > r.left-recordHead {
		return record{}, errTorn
	}
	if int64(cap(r.buffer)) < length {
		r.buffer = make([]byte, length)
	}
	text := r.buffer[:length]
	if _, err := io.ReadFull(r.from, text); err != nil {
		return record{}, err
	}
	sum := crc32.Update(crc32.Checksum(head[8:], castagnoli), castagnoli, text)
	one := record{kind: head[8], sequence: binary.LittleEndian.Uint64(head[9:]), length: recordHead + length, text: text}
	if sum != binary.LittleEndian.Uint32(head[4:]) || one.kind != isEntry && one.kind != isCheckpoint {
		return record{}, errTorn
	}
	r.left -= one.length
	return one, nil
}
