package validator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// view is a value to be judged: a place on the tape of a text, or a tree where there
// is no tape, as of a form, a parameter, or a text that something is wrong with.
type view struct {
	tape *tape // nil: tree
	at   int
	tree any
}

// viewOf is the view of a tree.
func viewOf(value any) view { return view{tree: value} }

// anything stands for a value that is not there: every branch may be meant.
type anything struct{}

// kind is how JSON writes the value: { [ " 0 t f n, and 0 for anything.
func (v view) kind() jsontext.Kind {
	if v.tape != nil {
		return v.tape.tokens[v.at].kind
	}
	switch value := v.tree.(type) {
	case map[string]any:
		return '{'
	case []any:
		return '['
	case string:
		return '"'
	case json.Number:
		return '0'
	case bool:
		if value {
			return 't'
		}
		return 'f'
	case nil:
		return 'n'
	}
	return 0
}

// text is that of a string. It must not be kept: see tape.shared.
func (v view) text() string {
	if v.tape == nil {
		text, _ := v.tree.(string)
		return text
	}
	if v.tape.tokens[v.at].plain {
		return v.tape.shared(v.at)
	}
	return unquoted(v.tape.quotedAt(v.at))
}

// number is a number as it is written. It must not be kept: see tape.shared.
func (v view) number() json.Number {
	if v.tape == nil {
		number, _ := v.tree.(json.Number)
		return number
	}
	return json.Number(v.tape.shared(v.at))
}

// isPlainNumber tells whether a number is written without point and exponent.
func (v view) isPlainNumber() bool {
	if v.tape != nil {
		return v.tape.tokens[v.at].plain
	}
	return !strings.ContainsAny(string(v.number()), ".eE")
}

// isWrittenAs tells whether a value of a text is written as one of these; of a tree that
// is not known.
func (v view) isWrittenAs(texts []string) bool {
	if v.tape == nil || len(texts) == 0 {
		return false
	}
	written := v.tape.written(v.at)
	return slices.ContainsFunc(texts, func(text string) bool { return text == string(written) })
}

// size counts the members of an object, or the elements of a list.
func (v view) size() int {
	if v.tape != nil {
		return int(v.tape.tokens[v.at].size)
	}
	switch value := v.tree.(type) {
	case map[string]any:
		return len(value)
	case []any:
		return len(value)
	}
	return 0
}

// isLarge tells of an object or a list that copying it costs more than the tree of the
// whole text is likely to, which is made once.
func (v view) isLarge() bool {
	if kind := v.kind(); kind != '{' && kind != '[' {
		return false
	}
	return v.tape == nil || int(v.tape.tokens[v.at].next)-v.at > 32
}

// member is what an object has under a key.
func (v view) member(key string) (view, bool) {
	if v.tape == nil {
		object, _ := v.tree.(map[string]any)
		value, ok := object[key]
		return viewOf(value), ok
	}
	tokens := v.tape.tokens
	if tokens[v.at].kind != '{' {
		return view{}, false
	}
	for at, end := v.at+1, int(tokens[v.at].next); at < end; at = int(tokens[at+1].next) {
		if int(tokens[at].size) == len(key) && v.tape.shared(at) == key {
			return view{tape: v.tape, at: at + 1}, true
		}
	}
	return view{}, false
}

// members goes over an object: those of a text in its order, those of a tree in any.
// Keys must not be kept: see tape.shared.
func (v view) members(yield func(key string, value view) bool) {
	if v.tape == nil {
		object, _ := v.tree.(map[string]any)
		for key, value := range object {
			if !yield(key, viewOf(value)) {
				return
			}
		}
		return
	}
	tokens := v.tape.tokens
	for at, end := v.at+1, int(tokens[v.at].next); at < end; at = int(tokens[at+1].next) {
		if !yield(v.tape.shared(at), view{tape: v.tape, at: at + 1}) {
			return
		}
	}
}

// elements goes over a list.
func (v view) elements(yield func(i int, value view) bool) {
	if v.tape == nil {
		list, _ := v.tree.([]any)
		for i, value := range list {
			if !yield(i, viewOf(value)) {
				return
			}
		}
		return
	}
	tokens := v.tape.tokens
	for i, at, end := 0, v.at+1, int(tokens[v.at].next); at < end; i, at = i+1, int(tokens[at].next) {
		if !yield(i, view{tape: v.tape, at: at}) {
			return
		}
	}
}

// find follows a JSON pointer (RFC 6901).
func (v view) find(pointer string) (view, bool) {
	if pointer == "" {
		return v, true
	}
	if pointer[0] != '/' {
		return view{}, false
	}
	for more := true; more; { // strings.SplitSeq took half of it
		segment := pointer[1:]
		next := strings.IndexByte(segment, '/')
		if more = next >= 0; more {
			segment, pointer = segment[:next], segment[next:]
		}
		var found bool
		if v, found = v.child(jsonpointer.Unescape(segment)); !found {
			return view{}, false
		}
	}
	return v, true
}

func (v view) child(segment string) (found view, ok bool) {
	if v.kind() != '[' {
		return v.member(segment)
	}
	wanted, err := strconv.Atoi(segment)
	for i, value := range v.elements {
		if err == nil && i == wanted {
			return value, true
		}
	}
	return view{}, false
}

// value is the tree of the value, which may be kept. That of a whole text is made once.
func (v view) value() any {
	switch {
	case v.tape == nil:
		return v.tree
	case v.at == 0:
		return v.tape.whole()
	case v.kind() == '{' || v.kind() == '[':
		return v.tape.built(v.at)
	}
	return scalar(v) // most that is asked for, and no reader is needed
}

// scalar is the value of all but objects and lists.
func scalar(v view) any {
	switch v.kind() {
	case '"':
		return strings.Clone(v.text())
	case '0':
		return json.Number(strings.Clone(string(v.number())))
	case 't':
		return true
	case 'f':
		return false
	}
	return nil
}
