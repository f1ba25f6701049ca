package validator

import (
	"sync"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// tape is a text as a list of its tokens, in one piece of memory: enough to judge it
// and to find values in it. Most bodies need nothing else; the tree of maps and lists
// that behaviours may ask for is made when one does.
type tape struct {
	text   []byte
	tokens []token
	once   sync.Once
	tree   any
}

// token is a value, or the key before one.
type token struct {
	kind  jsontext.Kind // { [ " 0 t f n; 0 is none
	plain bool          // a text without escapes, or a number without point and exponent
	mark  uint16        // of a key: see markOf
	at    uint32        // where it begins; a text behind its quotation mark
	size  uint32        // bytes of a text or a number; members of an object, elements of a list
	next  uint32        // the token behind the value
}

// shared is the text of a token as a string that shares the body's memory: it may be
// looked at while the document is, and must not be kept.
func (t *tape) shared(at int) string {
	one := &t.tokens[at]
	if one.size == 0 {
		return ""
	}
	return unsafe.String(&t.text[one.at], one.size)
}

// written is a value as it was sent, unless it is an object or a list.
func (t *tape) written(at int) []byte {
	one := &t.tokens[at]
	switch one.kind {
	case '{', '[':
		return nil
	case '"':
		return t.quotedAt(at)
	}
	return t.text[one.at : one.at+one.size]
}

// quotedAt is a string as it was sent.
func (t *tape) quotedAt(at int) []byte {
	one := &t.tokens[at]
	return t.text[one.at-1 : one.at+one.size+1]
}

// whole is the tree of the whole text.
func (t *tape) whole() any {
	t.once.Do(func() { t.tree = t.built(0) })
	return t.tree
}

// built is the tree of one value. A reader has the memory of keys.
func (t *tape) built(at int) any {
	r := readers.Get().(*reader)
	defer r.release()
	r.utf8 = true
	return t.value(r, at)
}

func (t *tape) value(r *reader, at int) any {
	one := &t.tokens[at]
	switch one.kind {
	case '{':
		object := make(map[string]any, one.size)
		for at++; at < int(one.next); at = int(t.tokens[at+1].next) {
			object[r.name(t.quotedAt(at))] = t.value(r, at+1)
		}
		return object
	case '[':
		list := make([]any, 0, one.size)
		for at++; at < int(one.next); at = int(t.tokens[at].next) {
			list = append(list, t.value(r, at))
		}
		return list
	}
	return scalar(view{tape: t, at: at})
}
