package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// harReader walks down to log.entries and reads them one by one, so that memory
// stays flat. After what is no JSON it goes on at the next entry that it can find.
type harReader struct {
	scanner
	options CaptureOptions
	level   harLevel
	entry   int      // how many entries have begun
	lists   int      // how many lists of entries have begun
	firsts  []string // with which keys entries begin
	decoder harDecoder
}

// harLevel is where a harReader stands.
type harLevel int

const (
	outside harLevel = iota
	inArchive
	inLog
	inEntries
	behind
)

func newHAR(text io.Reader, o CaptureOptions) *harReader {
	h := &harReader{options: o, firsts: []string{"startedDateTime", "pageref"}}
	h.source = newSource(text)
	h.limit, h.longest = o.Entry, 2*o.Body // escapes and base64 take more than what they stand for
	if bytes.HasPrefix(h.fill(len(byteOrderMark)), byteOrderMark) {
		h.at += len(byteOrderMark)
	}
	return h
}

// read hands on all entries, and what could not be read.
func (h *harReader) read(take func(captured) bool) {
	for {
		entry, err := h.step()
		var broken *EntryError
		switch {
		case err == nil && entry.at.Entry == 0:
			continue
		case errors.Is(err, io.EOF):
			return
		case err != nil && !errors.As(err, &broken):
			take(captured{err: err})
			return
		}
		if entry.err = err; !take(entry) {
			return
		}
	}
}

// step reads a key with its value, or an entry.
func (h *harReader) step() (captured, error) {
	c, err := h.space()
	if errors.Is(err, errEnd) && h.level == behind {
		return captured{}, io.EOF
	}
	switch {
	case err != nil:
	case h.level == inEntries && c == ']':
		h.skip()
		h.comma()
		h.level = inLog
		return captured{}, nil
	case h.level == inEntries:
		return h.next()
	case h.level == behind:
		err = h.fail("something stands after the end of the archive, beginning with %s", shown(c))
	case h.level == outside && c == '{':
		h.skip()
		h.level = inArchive
		return captured{}, nil
	case h.level == outside:
		err = h.fail("expected {, got %s", shown(c))
	default:
		err = h.member()
	}
	return captured{}, h.resumed(0, h.position(), err)
}

// member reads a key of the archive or of its log, and goes down where the
// entries are.
func (h *harReader) member() error {
	key, err := h.key()
	if err != nil {
		return err
	}
	if key == "" {
		h.comma()
		if h.level--; h.level == outside {
			h.level = behind
		}
		return nil
	}
	c, err := h.space()
	switch {
	case err != nil:
		return err
	case h.level == inArchive && key == "log" && c == '{':
		h.skip()
		h.level = inLog
		return nil
	case h.level == inLog && key == "entries" && c == '[':
		h.skip()
		h.level = inEntries
		if h.lists++; h.lists > 1 {
			return &repeated{"the log has the key entries twice; both lists are read"}
		}
		return nil
	}
	err = h.value()
	h.comma()
	return err
}

// repeated is wrong, but does not keep anybody from reading on.
type repeated struct{ text string }

// Error says what stands there twice.
func (e *repeated) Error() string { return e.text }

// next reads one entry.
func (h *harReader) next() (captured, error) {
	h.entry++
	at := h.position()
	at.Source, at.Entry = h.options.Source, h.entry
	h.keep, h.kept, h.over, h.dropped, h.twice = true, h.kept[:0], false, 0, ""
	h.marks = h.marks[:0]
	err := h.value()
	h.keep = false
	if err == nil {
		if c, after := h.space(); after == nil && c != ',' && c != ']' {
			err = h.fail("expected a comma or ], got %s", shown(c))
		}
	}
	if err != nil {
		return captured{at: at}, h.resumed(h.entry, at, err)
	}
	h.comma()
	entry := captured{at: at, text: h.kept, marks: h.marks, dropped: h.dropped, over: h.over, limit: h.limit, twice: h.twice}
	h.learn(entry)
	return entry, nil
}

// learn remembers with which key an entry begins that can be decoded.
func (h *harReader) learn(entry captured) {
	begin, _ := bytes.CutPrefix(entry.text[:min(len(entry.text), 66)], []byte(`{"`))
	first, _, closed := bytes.Cut(begin, []byte{'"'})
	if !closed || len(h.firsts) == 8 || slices.ContainsFunc(h.firsts, func(known string) bool { return known == string(first) }) {
		return
	}
	if _, err := h.decoder.entryOf(entry); err == nil {
		h.firsts = append(h.firsts, string(first))
	}
}

// resumed makes an error of what is no JSON, and goes on to where the next entry
// begins. An error of the source itself stays as it is.
func (h *harReader) resumed(entry int, at Position, err error) error {
	var syntax *syntaxError
	var twice *repeated
	at.Source, at.Entry = h.options.Source, entry
	switch {
	case err == nil:
		return nil
	case errors.As(err, &twice):
		return &EntryError{at, twice.text}
	case errors.Is(err, errEnd):
		h.level = behind
		return &EntryError{at, err.Error()}
	case !errors.As(err, &syntax):
		return err
	}
	text := syntax.text
	if entry > 0 {
		text += fmt.Sprintf(" at line %d, byte %d", syntax.at.Line, syntax.at.Offset)
	} else {
		at.Line, at.Offset = syntax.at.Line, syntax.at.Offset
	}
	h.level = behind
	if h.resume() {
		h.level = inEntries
		text += fmt.Sprintf("; read on from the entry at line %d, byte %d", h.position().Line, h.position().Offset)
	} else {
		text += "; no entry was found after it"
	}
	return &EntryError{at, text}
}

// resume passes over everything until an entry begins.
func (h *harReader) resume() bool {
	for {
		part := h.rest()
		if len(part) == 0 {
			return false
		}
		i := bytes.IndexByte(part, '{')
		if i < 0 {
			h.pass(len(part))
			continue
		}
		h.pass(i)
		if h.begins(h.fill(256)) {
			return true
		}
		h.at++
	}
}

// begins tells whether text begins as entries do. Inside a string the quotation
// marks would be escaped, so that this is one.
func (h *harReader) begins(text []byte) bool {
	text, ok := bytes.CutPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte{'"'})
	key, after, closed := bytes.Cut(text, []byte{'"'})
	return ok && closed && slices.Contains(h.firsts, string(key)) && bytes.HasPrefix(bytes.TrimLeft(after, " \t\r\n"), []byte{':'})
}
