package validator

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// maxDepth is how deep objects and arrays may be nested in a body.
const maxDepth = 1000

// Decode reads a JSON body in one pass. It never fails: what is wrong with the
// text stands in Findings, and then Value has as much as could be read, from a
// repaired text where the cause is a known one (see Repaired).
func Decode(body []byte) *Document {
	if d := taped(body); d != nil {
		return d
	}
	return decodeTree(body)
}

// decodeTree is Decode for any text: it says what is wrong with one, and makes the tree.
func decodeTree(body []byte) *Document {
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
	d.value, d.end, d.utf8 = value, int(r.json.InputOffset()), r.utf8
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
		Actual:   plural.Of(len(rest), "more byte") + ", beginning with " + describe(text, at),
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
		Actual:   plural.Of(invalid, "invalid byte") + ", the first is 0x" + strconv.FormatUint(uint64(text[first]), 16),
		Hint:     "JSON is sent as UTF-8 (RFC 8259, section 8.1); the body is in another encoding, or was cut inside a character",
	})
	f.Line, f.Column = d.position(first)
	d.Findings, d.Valid = append(d.Findings, f), false
}

var errDepth = errors.New("nested too deep")

func (d *Document) tooDeep() traffic.Finding {
	f := finding("json.depth", traffic.Finding{
		Expected: "at most " + strconv.Itoa(maxDepth) + " levels of objects and arrays",
		Hint:     "a body that is nested this deep is not read; look for a loop in what builds it",
	})
	f.Line, f.Column = position(d.raw, offsetOfDepth(d.raw, maxDepth+1))
	return f
}

func trimSpace(text []byte) []byte { return bytes.Trim(text, " \t\r\n") }
