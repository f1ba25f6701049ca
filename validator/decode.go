package validator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/traffic"
)

// MaxDepth is how deep objects and arrays may be nested in a body.
const MaxDepth = 1000

// maxNames bounds the keys that a reader remembers to save allocations.
const maxNames = 512

// Duplicate keys and invalid UTF-8 must become findings, not errors: the rest of
// the body is still judged.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// Decode reads a JSON body in one pass. It never fails: what is wrong with the
// text stands in Findings, and then Value holds as much as could be read, from a
// repaired text where the cause is a known one (see Repaired).
func Decode(body []byte) *Document {
	d := &Document{raw: body}
	if d.Empty() {
		d.add(finding("json.empty", traffic.Finding{Expected: "a JSON value", Actual: "an empty body"}))
		return d
	}
	err := d.read(body)
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		d.Valid = true
		d.judgeRest()
		d.judgeUTF8()
	case errors.Is(err, errDepth):
		d.Findings = append(d.Findings, d.tooDeep())
	case errors.As(err, &syntax):
		d.repair(syntax)
	default:
		d.add(finding("json.syntax", traffic.Finding{Expected: "a JSON value", Actual: err.Error()}))
	}
	return d
}

// read fills Value from text and adds the findings of a text that is JSON.
func (d *Document) read(text []byte) error {
	r := readers.Get().(*reader)
	defer r.release()
	r.start(d, text)
	value, err := r.value(0)
	if err != nil {
		return err
	}
	d.Value, d.end, d.utf8 = value, int(r.json.InputOffset()), r.utf8
	return nil
}

// judgeRest finds data after the value. It and judgeUTF8 add to Findings even
// when there are many, because they decide whether the text is valid.
func (d *Document) judgeRest() {
	text := d.text()
	rest := bytes.TrimLeft(text[d.end:], " \t\r\n")
	if len(rest) == 0 {
		return
	}
	at := len(text) - len(rest)
	f := finding("json.trailing-data", traffic.Finding{
		Expected: "the end of the body after the JSON value",
		Actual:   count(len(rest), "more byte") + ", beginning with " + describe(text, at),
		Hint:     "send one JSON value per request; several of them, or text after the last bracket, are not one body",
	})
	f.Line, f.Column = d.position(at)
	d.Findings, d.Valid = append(d.Findings, f), false
}

func (d *Document) judgeUTF8() {
	if d.utf8 {
		return
	}
	text := d.text()
	first, invalid := -1, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			if invalid++; first < 0 {
				first = i
			}
		}
		i += size
	}
	f := finding("json.utf8", traffic.Finding{
		Pointer:  pointerAt(text[:d.end], first),
		Expected: "UTF-8",
		Actual:   count(invalid, "invalid byte") + ", the first is 0x" + strconv.FormatUint(uint64(text[first]), 16),
		Hint:     "JSON is sent as UTF-8 (RFC 8259, section 8.1); the body is in another encoding, or was cut inside a character",
	})
	f.Line, f.Column = d.position(first)
	d.Findings, d.Valid = append(d.Findings, f), false
}

var errDepth = errors.New("nested too deep")

func (d *Document) tooDeep() traffic.Finding {
	f := finding("json.depth", traffic.Finding{
		Expected: "at most " + strconv.Itoa(MaxDepth) + " levels of objects and arrays",
		Hint:     "a body that is nested this deep is not read; look for a loop in what builds it",
	})
	f.Line, f.Column = position(d.raw, offsetOfDepth(d.raw, MaxDepth+1))
	return f
}

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
	if depth > MaxDepth {
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
	if depth > MaxDepth {
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
	if len(r.doc.Findings) >= MaxFindings { // before the position is counted out
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
	if len(r.doc.Findings) >= MaxFindings {
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

// extreme finds numbers beyond what a 64-bit float can hold, or written so long
// that exact arithmetic on them would take all memory.
func extreme(text string) bool {
	if len(text) > 300 {
		return true
	}
	if !strings.ContainsAny(text, "eE") {
		return false
	}
	f, err := strconv.ParseFloat(text, 64)
	return err != nil || f == 0
}

func trimSpace(text []byte) []byte { return bytes.Trim(text, " \t\r\n") }
