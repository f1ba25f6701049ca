package validator

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/traffic"
)

// repaired is a text that could be read after known mistakes were corrected.
type repaired struct {
	text  []byte
	moves []move
}

// repair is called for a text that is no JSON. It reports each kind of known
// mistake once, with its first place, and reads the corrected text if that helps.
func (d *Document) repair(syntax *jsontext.SyntacticError) {
	m := repairer{raw: d.raw}
	done := m.repair()
	for _, g := range m.groups() {
		d.add(d.mistake(g.fix, g.times))
	}
	if !done {
		d.add(d.mistake(*m.stuck, 1))
		return
	}
	if len(m.fixes) == 0 {
		d.add(d.strict(syntax, int(syntax.ByteOffset)))
		return
	}
	before, left := d.Findings, d.leftOut // duplicate keys will be found again
	d.Findings, d.leftOut = slices.DeleteFunc(slices.Clone(before), isDuplicate), 0
	d.repairs = &repaired{text: m.out, moves: m.moves}
	if err := d.read(m.out); err != nil {
		if !errors.As(err, &syntax) {
			syntax = &jsontext.SyntacticError{Err: err}
		}
		d.repairs, d.Findings, d.leftOut = nil, before, left
		d.add(d.strict(syntax, original(m.moves, int(syntax.ByteOffset))))
		return
	}
	d.judgeRest()
	d.judgeUTF8()
}

func isDuplicate(f traffic.Finding) bool { return f.Code == "json.duplicate-key" }

// strict reports what the reader refuses and no repair is known for.
func (d *Document) strict(syntax *jsontext.SyntacticError, at int) traffic.Finding {
	f := finding("json.syntax", traffic.Finding{
		Pointer: string(syntax.JSONPointer), Expected: "JSON", Actual: describe(d.raw, at),
	})
	text := syntax.Err.Error()
	if _, expected, ok := strings.Cut(text, "(expecting "); ok {
		f.Expected = strings.TrimSuffix(expected, ")")
	}
	switch {
	case strings.Contains(text, "escape"):
		f.Expected = `an escape that JSON knows, such as \n or \u00e9`
		f.Hint = `write a backslash inside a string as \\`
	case strings.Contains(text, "number") || at > 0 && at < len(d.raw) && d.raw[at-1] == '0':
		f.Hint = "a number has digits before and after its point, no leading zero and no plus sign"
	}
	f.Line, f.Column = position(d.raw, at)
	return f
}

// group is the first of the corrections of one kind.
type group struct {
	fix
	times int
}

// groups sums the corrections up by kind, in order of their first place.
func (m *repairer) groups() []group {
	byKind := map[fixKind]*group{}
	var groups []*group
	for _, f := range m.fixes {
		if g := byKind[f.kind]; g != nil {
			g.times++
			g.at = min(g.at, f.at)
			continue
		}
		g := &group{f, 1}
		byKind[f.kind] = g
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(a.at, b.at) })
	var list []group
	for _, g := range groups {
		list = append(list, *g)
	}
	return list
}

// mistake makes a finding of a correction, or of the place where there was none.
func (d *Document) mistake(f fix, times int) traffic.Finding {
	about := mistakes[f.kind]
	one := finding("json.syntax", traffic.Finding{Expected: about.expected, Actual: describe(d.raw, f.at), Hint: about.hint})
	if f.kind == notJSON {
		one.Hint = pageHint(d.raw)
	}
	if f.kind == bareText && strings.Contains(firstLine(d.raw), "=") && f.at == 0 {
		one.Hint = "this looks form-encoded; send JSON, or a Content-Type that says so"
	}
	if times > 1 {
		one.Hint += " (" + strconv.Itoa(times) + " places, the first is given)"
	}
	one.Line, one.Column = position(d.raw, f.at)
	return one
}

func pageHint(text []byte) string {
	if bytes.HasPrefix(trimSpace(text), []byte("<")) {
		return "this looks like an HTML or XML page, not JSON; such a page often comes from a proxy or an error handler"
	}
	return ""
}

func firstLine(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return string(line)
}

// fixKind is a kind of mistake that the repairer knows.
type fixKind int

// Mistakes that are corrected, and then those that are not.
const (
	oddSpace fixKind = iota
	typographicQuote
	singleQuote
	bareKey
	missingComma
	trailingComma
	otherLiteral
	rawControl
	innerQuote

	unfinished
	unclosedString
	missingColon
	templateVariable
	noLiteral
	bareText
	notJSON
)

var mistakes = map[fixKind]struct{ expected, hint string }{
	oddSpace:         {"an ordinary space", "copied from a web page? JSON allows only space, tab and line break between values; replace it by a space"},
	typographicQuote: {`the straight quotation mark "`, `copied from a web page or a word processor? Write " around keys and strings`},
	singleQuote:      {`the double quotation mark "`, "JSON strings stand in double quotes"},
	bareKey:          {"a key in double quotes", "JavaScript allows bare keys, JSON does not"},
	missingComma:     {"a comma before the next item", "a comma is missing here, or at the end of the line before"},
	trailingComma:    {"no comma before the closing bracket", "leave the last comma out; JavaScript allows it, JSON does not"},
	otherLiteral:     {"true, false or null", "JSON writes these words in lower case, and null for no value"},
	rawControl:       {`an escape such as \n or \t`, `a line break or tab inside a string is written \n or \t`},
	innerQuote:       {`the escape \"`, `a quotation mark inside a string is written \"`},
	unfinished:       {"the rest of the JSON value", "the body ends before its brackets are closed; was it cut off on the way?"},
	unclosedString:   {"the quotation mark that ends the string", "the string that begins here is never closed"},
	missingColon:     {"a colon after the key", "write a colon between key and value"},
	templateVariable: {"a JSON value", "a variable of a template was not replaced by its value"},
	noLiteral:        {"a JSON value", "JSON has no NaN, Infinity or undefined; send null, or leave the key out"},
	bareText:         {"a JSON value", "put text in double quotes"},
	notJSON:          {"a JSON value", ""},
}

// text is what Value was read from.
func (d *Document) text() []byte {
	if d.repairs != nil {
		return d.repairs.text
	}
	return d.raw
}

// position turns an offset in text() into line and column of the body as sent.
func (d *Document) position(offset int) (line, column int) {
	if d.repairs != nil {
		offset = original(d.repairs.moves, offset)
	}
	return position(d.raw, offset)
}
