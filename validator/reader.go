package validator

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/traffic"
)

// maxNames bounds the keys that a reader remembers to save allocations.
const maxNames = 512

// Duplicate keys and invalid UTF-8 must become findings, not errors: the rest of
// the body is still judged.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// reader turns the tokens of one text into a value. Readers are pooled.
type reader struct {
	json   *jsontext.Decoder
	buffer bytes.Buffer
	doc    *Document
	utf8   bool
	names  map[string]string
}

var readers = sync.Pool{New: func() any {
	return &reader{json: jsontext.NewDecoder(new(bytes.Buffer), lenient...), names: map[string]string{}}
}}

func (r *reader) start(d *Document, text []byte) {
	r.doc, r.utf8 = d, utf8.Valid(text)
	r.buffer = *bytes.NewBuffer(text)
	r.json.Reset(&r.buffer, lenient...)
}

func (r *reader) release() {
	r.doc, r.buffer = nil, bytes.Buffer{}
	r.json.Reset(&r.buffer, lenient...)
	readers.Put(r)
}

func (r *reader) value(depth int) (any, error) {
	switch r.json.PeekKind() {
	case '{':
		return r.object(depth + 1)
	case '[':
		return r.array(depth + 1)
	case '"':
		raw, err := r.json.ReadValue()
		if err != nil {
			return nil, err
		}
		return r.unquote(raw), nil
	case '0':
		raw, err := r.json.ReadValue()
		if err != nil {
			return nil, err
		}
		return r.number(string(raw)), nil
	}
	token, err := r.json.ReadToken()
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if token.Kind() == 'n' {
		return nil, nil
	}
	return token.Bool(), nil
}

func (r *reader) object(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	if _, err := r.json.ReadToken(); err != nil {
		return nil, err
	}
	object := map[string]any{}
	for r.json.PeekKind() != '}' {
		raw, err := r.json.ReadValue()
		if err != nil {
			return nil, err
		}
		key, at := r.name(raw), int(r.json.InputOffset())-len(raw)
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		before := len(object)
		object[key] = value
		if len(object) == before {
			r.duplicate(key, at)
		}
	}
	_, err := r.json.ReadToken()
	return object, err
}

func (r *reader) array(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	if _, err := r.json.ReadToken(); err != nil {
		return nil, err
	}
	list := []any{}
	for r.json.PeekKind() != ']' {
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := r.json.ReadToken()
	return list, err
}

func (r *reader) duplicate(key string, at int) {
	if len(r.doc.Findings) >= maxFindings { // before the position is counted out
		r.doc.leftOut++
		return
	}
	f := finding("json.duplicate-key", traffic.Finding{
		Pointer:  string(r.json.StackPointer()),
		Expected: "each key once",
		Actual:   "a second " + strconv.Quote(shorten(key)),
		Hint:     "readers of JSON differ in which of the two they keep; Parley judges the last",
	})
	f.Line, f.Column = r.doc.position(at)
	r.doc.add(f)
}

// name returns a key, from memory where it was read before.
func (r *reader) name(raw []byte) string {
	if known, ok := r.names[string(raw)]; ok {
		return known
	}
	key := r.unquote(raw)
	if len(r.names) < maxNames && len(raw) <= 64 {
		r.names[string(raw)] = key
	}
	return key
}

func (r *reader) unquote(raw []byte) string {
	if r.utf8 && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil && r.utf8 { // invalid UTF-8 is found apart
		r.surrogate(raw)
	}
	return string(text)
}

// surrogate reports an escape for half a character: \ud83d without its \ude00.
func (r *reader) surrogate(raw []byte) {
	if len(r.doc.Findings) >= maxFindings {
		r.doc.leftOut++
		return
	}
	f := finding("json.surrogate", traffic.Finding{
		Pointer:  string(r.json.StackPointer()),
		Expected: `escapes of whole characters, such as \ud83d\ude00`,
		Actual:   "one half of a pair of surrogates",
		Hint:     "the text was cut inside a character, or each half was escaped alone; readers replace it by U+FFFD",
	})
	f.Line, f.Column = r.doc.position(int(r.json.InputOffset()) - len(raw))
	r.doc.Findings = append(r.doc.Findings, f)
}

func (r *reader) number(text string) json.Number {
	if extreme(text) {
		r.doc.extreme = true
	}
	return json.Number(text)
}

// maxDigits bounds how long a number may be for exact arithmetic.
const maxDigits = 300

// extreme finds numbers beyond what a 64-bit float can hold, or written so long
// that exact arithmetic on them would take all memory.
func extreme(text string) bool {
	if len(text) > maxDigits {
		return true
	}
	if !strings.ContainsAny(text, "eE") {
		return false
	}
	f, err := strconv.ParseFloat(text, 64)
	return err != nil || f == 0
}
