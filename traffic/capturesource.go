package traffic

import (
	"bytes"
	"io"
)

// source reads a text through a buffer and knows where it is.
type source struct {
	from   io.Reader // nil: the buffer is all there is
	buffer []byte
	at     int   // of the next byte, in buffer
	before int64 // how many bytes were read before those in buffer
	breaks int   // line breaks passed
	err    error // of from, once there is nothing left in buffer
}

const sourceBuffer = 64 << 10

func newSource(from io.Reader) source {
	return source{from: from, buffer: make([]byte, 0, sourceBuffer)}
}

// rest returns what is in the buffer; when that is nothing, it reads on. It is
// empty at the end, with the reason in err.
func (s *source) rest() []byte {
	if s.at == len(s.buffer) {
		s.fill(1)
	}
	return s.buffer[s.at:]
}

// fill reads until there are n bytes to look at, or the end.
func (s *source) fill(n int) []byte {
	for len(s.buffer)-s.at < n && s.err == nil {
		if s.from == nil {
			s.err = io.EOF
			break
		}
		if s.at > 0 {
			s.before += int64(s.at)
			s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.at:])]
			s.at = 0
		}
		read, err := s.from.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer, s.err = s.buffer[:len(s.buffer)+read], err
	}
	return s.buffer[s.at:]
}

// pass goes on by n bytes of the buffer that may hold line breaks.
func (s *source) pass(n int) {
	s.breaks += bytes.Count(s.buffer[s.at:s.at+n], []byte{'\n'})
	s.at += n
}

// position is that of the next byte.
func (s *source) position() Position {
	return Position{Offset: s.before + int64(s.at), Line: s.breaks + 1}
}
