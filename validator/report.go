package validator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// maxShown is how many characters of a value a finding shows.
const maxShown = 80

// judge finds what is wrong with a value that could be read.
func (p *payload) judge(d *Document) []traffic.Finding {
	value := d.Value
	if d.extreme {
		value = tamed(value)
	}
	var pointer [64]byte
	var nodes [4]*node
	w := walker{pointer: pointer[:0]}
	w.value(p.outline.expand(value, nodes[:0]), value)
	if p.schema.accepts(value) {
		return p.joinKeys(w.found, value)
	}
	for _, one := range p.schema.explain(value) {
		w.found = append(w.found, one.finding(d))
	}
	return p.joinKeys(w.found, value)
}

// finding turns an error of the schema into one of ours.
func (one problem) finding(d *Document) traffic.Finding {
	var pointer strings.Builder
	for _, key := range one.path {
		pointer.WriteString("/" + escape(key))
	}
	f := finding(one.code, traffic.Finding{Pointer: pointer.String(), Expected: one.expected, Actual: "nothing"})
	if value, ok := d.Lookup(f.Pointer); ok {
		f.Actual = actual(value)
		if one.code == "body.type" {
			f.Actual = kindOf(value) + strings.TrimPrefix(" "+f.Actual, " "+kindOf(value))
			if !d.form {
				f.Hint = typeHint(one.expected, value)
			}
		}
		if one.code == "body.const" || one.code == "body.enum" {
			f.Hint = valueHint(one.expected, value)
		}
	}
	return f
}

// report completes the findings of one body: requirement, redaction, lines,
// order, and the bound on their number.
func (v *Validator) report(p *payload, d *Document, found []traffic.Finding) []traffic.Finding {
	found = slices.CompactFunc(sorted(found), same)
	left := d.leftOut
	if len(found) > MaxFindings {
		left += len(found) - MaxFindings
		found = found[:MaxFindings]
	}
	for i := range found {
		v.complete(p, d, &found[i])
	}
	d.locate(found)
	slices.SortStableFunc(found, func(a, b traffic.Finding) int {
		return cmp.Or(bySeverity(a, b), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if left > 0 {
		found = append(found, finding("findings.left-out", traffic.Finding{
			Expected: fmt.Sprintf("at most %d findings", MaxFindings), Actual: strconv.Itoa(left) + " more",
			Hint: "correct what is reported and judge again",
		}))
	}
	return found
}

func sorted(found []traffic.Finding) []traffic.Finding {
	slices.SortStableFunc(found, func(a, b traffic.Finding) int {
		return cmp.Or(bySeverity(a, b), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Expected, b.Expected))
	})
	return found
}

func bySeverity(a, b traffic.Finding) int {
	switch {
	case a.Severity == b.Severity:
		return 0
	case a.Severity.AtLeast(b.Severity):
		return -1
	}
	return 1
}

func same(a, b traffic.Finding) bool {
	return a.Code == b.Code && a.Pointer == b.Pointer && a.Line == b.Line && a.Column == b.Column && a.Expected == b.Expected
}

// complete adds what the contract says about the place of a finding.
func (v *Validator) complete(p *payload, d *Document, f *traffic.Finding) {
	if strings.HasPrefix(f.Code, "body.") && d.Repaired() {
		f.Hint = strings.TrimPrefix(f.Hint+"; found in the repaired text", "; ")
	}
	if p == nil {
		return
	}
	requirement, secret := p.about(f.Pointer)
	if f.Requirement == "" && f.Severity.AtLeast(traffic.Warn) {
		f.Requirement = requirement
	}
	if f.Pointer == "" || !strings.HasPrefix(f.Code, "body.") {
		return
	}
	if value, ok := d.Lookup(f.Pointer); ok && (secret || v.secrets[strings.ToLower(lastKey(f.Pointer))]) && f.Code != "body.unknown-key" {
		f.Actual = kindOf(value) + " " + traffic.Redacted
	}
}

// about returns the requirement that the contract attaches to a place, or to the
// nearest value around it, and whether the place is a secret.
func (p *payload) about(pointer string) (requirement string, secret bool) {
	nodes := p.outline.expand(nil, nil)
	note := func() {
		for _, n := range nodes {
			if n.requirement != "" {
				requirement = n.requirement
				break
			}
		}
		secret = secret || slices.ContainsFunc(nodes, func(n *node) bool { return n.secret })
	}
	note()
	if pointer == "" || pointer[0] != '/' {
		return requirement, secret
	}
	for segment := range strings.SplitSeq(pointer[1:], "/") {
		below, _ := member(nodes, unescape(segment), nil, nil)
		if i, err := strconv.Atoi(segment); err == nil {
			below = element(nodes, i, nil, below)
		}
		nodes = below
		note()
	}
	return requirement, secret
}

// locate adds line and column where a finding has none yet: of the key that is
// meant, of the value, or of the object that lacks one.
func (d *Document) locate(found []traffic.Finding) {
	if d.form || d.end == 0 {
		return
	}
	text := d.text()
	wanted := map[string]bool{}
	for _, f := range found {
		for pointer := f.Pointer; f.Line == 0; pointer = parent(pointer) {
			if wanted[pointer] = true; pointer == "" {
				break
			}
		}
	}
	if len(wanted) == 0 {
		return
	}
	at := spans(text, wanted)
	for i := range found {
		f := &found[i]
		if f.Line != 0 || (f.Pointer != "" && f.Pointer[0] != '/') {
			continue
		}
		place, ok := at[f.Pointer]
		offset := place.start
		if f.Code == "body.unknown-key" {
			offset = place.key
		}
		for pointer := f.Pointer; !ok; {
			pointer = parent(pointer)
			place, ok = at[pointer]
			offset = place.start
			ok = ok || pointer == ""
		}
		f.Line, f.Column = d.position(offset)
	}
}

// actual shows a value: scalars as JSON, containers by their size.
func actual(value any) string {
	switch value := value.(type) {
	case map[string]any:
		return fmt.Sprintf("object with %s", count(len(value), "key"))
	case []any:
		return fmt.Sprintf("array with %s", count(len(value), "item"))
	case string:
		return strconv.Quote(shorten(value))
	case json.Number:
		return shorten(value.String())
	}
	return printed(value)
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	runes := []rune(text[:min(len(text), 4*maxShown)])
	return string(runes[:min(len(runes), maxShown)]) + fmt.Sprintf("… (%d characters)", utf8.RuneCountInString(text))
}

// list joins words for a sentence: "a, b or c".
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// tamed replaces numbers that the compiled schema can't compute with by ones
// that are as large, or as small, as it can.
func tamed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inside := range value {
			next[key] = tamed(inside)
		}
		return next
	case []any:
		next := make([]any, len(value))
		for i := range value {
			next[i] = tamed(value[i])
		}
		return next
	case json.Number:
		if !extreme(string(value)) {
			return value
		}
		f, _ := strconv.ParseFloat(string(value), 64)
		return json.Number(strconv.FormatFloat(min(max(f, -1e300), 1e300), 'g', -1, 64))
	}
	return value
}

// errorIn is an error about a schema file; near is a text in the line meant.
func errorIn(c *specs.Contract, p *specs.Payload, near, format string, args ...any) error {
	failed := &specs.Error{File: p.File, Text: fmt.Sprintf(format, args...)}
	data, err := fs.ReadFile(c.Folder, p.File)
	if at := strings.Index(string(data), near); err == nil && near != "" && at >= 0 {
		failed.Line, _ = position(data, at)
	}
	return failed
}

var quotedText = regexp.MustCompile(`"[^"]+"`)

// quotedIn returns the first quoted text of an error, which a schema file is
// likely to hold.
func quotedIn(text string) string { return quotedText.FindString(text) }
