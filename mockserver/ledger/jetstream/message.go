package jetstream

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// The headers of a message of a log.
const (
	headerFormat = "Parley-Format"
	headerFence  = "Parley-Fence"  // of the owner's lease
	headerWriter = "Parley-Writer" // number of the message with which the writer opened the log; 0 in that one
	headerKind   = "Parley-Kind"
	headerFirst  = "Parley-First" // sequence of the first entry; of a state, that of the entry after which it was
	headerLast   = "Parley-Last"  // of the last entry
	headerPart   = "Parley-Part"  // number of the oldest part; 0: there is none
)

// What a message is.
const (
	isOpening = "opening" // somebody owns the log from here on
	isEntries = "entries"
	isState   = "state" // one checkpoint
)

// piece is a message of a log without its text.
type piece struct {
	number        uint64 // in the stream
	kind          string
	fence, writer uint64
	first, last   uint64
	part          uint64
	at            time.Time // when it was written
}

func (p piece) header() nats.Header {
	h := nats.Header{}
	h.Set(headerFormat, format)
	h.Set(headerKind, p.kind)
	for name, value := range map[string]uint64{headerFence: p.fence, headerWriter: p.writer, headerFirst: p.first, headerLast: p.last, headerPart: p.part} {
		h.Set(name, strconv.FormatUint(value, 10))
	}
	return h
}

// pieceOf reads the header of a message.
func pieceOf(number uint64, h nats.Header) (piece, error) {
	p := piece{number: number, kind: h.Get(headerKind)}
	if found := h.Get(headerFormat); found != format {
		return p, fmt.Errorf("%w: message %d has format %q, and format %s is known; use the version of Parley that wrote it", ErrFormat, number, found, format)
	}
	for name, value := range map[string]*uint64{headerFence: &p.fence, headerWriter: &p.writer, headerFirst: &p.first, headerLast: &p.last, headerPart: &p.part} {
		n, err := strconv.ParseUint(h.Get(name), 10, 64)
		if err != nil {
			return p, fmt.Errorf("%w: message %d has the header %s: %q, which is no number", ErrFormat, number, name, h.Get(name))
		}
		*value = n
	}
	return p, nil
}

// text is an entry or a state: its bytes, or the numbers of the parts that it is in.
type text struct {
	bytes []byte
	parts []uint64
}

var errMessage = errors.New("it is not what Parley writes")

// append writes the text behind others: a number, of which the lowest bit tells parts from
// bytes and the rest is how many follow, and these.
func (t text) append(to []byte) []byte {
	if t.parts == nil {
		return append(binary.AppendUvarint(to, uint64(len(t.bytes))<<1), t.bytes...)
	}
	to = binary.AppendUvarint(to, uint64(len(t.parts))<<1|1)
	for _, number := range t.parts {
		to = binary.AppendUvarint(to, number)
	}
	return to
}

// cutText reads a text and returns what follows it.
func cutText(from []byte) (t text, rest []byte, err error) {
	head, n := binary.Uvarint(from)
	count := head >> 1
	if n <= 0 || count > uint64(len(from)-n) {
		return t, nil, errMessage
	}
	from = from[n:]
	if head&1 == 0 {
		return text{bytes: from[:count]}, from[count:], nil
	}
	t.parts = make([]uint64, count)
	for i := range t.parts {
		number, n := binary.Uvarint(from)
		if n <= 0 {
			return t, nil, errMessage
		}
		t.parts[i], from = number, from[n:]
	}
	return t, from, nil
}

// without is a list of servers without passwords.
func without(servers []string) string {
	var all []string
	for _, server := range servers {
		u, err := url.Parse(server)
		if err != nil {
			all = append(all, "an address that is no URL")
			continue
		}
		u.User = nil
		all = append(all, u.String())
	}
	return strings.Join(all, ", ")
}
