package traffic

import (
	"slices"
	"strings"
)

// object hands the place in keys of every key to member, which passes the value. A value
// null leaves out what it is the value of.
func (t *jsonText) object(keys []string, member func(key int)) {
	var seen uint
	for more := t.enter('{', '}'); more; more = t.more('}') {
		key := t.key(keys)
		switch {
		case t.odd:
		case key < 0:
			t.skip()
		case seen>>key&1 == 1:
			t.odd = true // which of them counts, is not for us to say
		default:
			seen |= 1 << key
			if !t.null() {
				member(key)
			}
		}
	}
}

// key passes a key and its colon, and finds it in keys; -1 when it is not there.
// What differs in case alone is odd, as encoding/json takes it for the same.
func (t *jsonText) key(keys []string) int {
	raw, _ := t.quoted()
	t.at++ // the colon
	for i, key := range keys {
		if string(raw) == key {
			return i
		}
	}
	for _, c := range raw {
		t.odd = t.odd || c == '\\' || c >= 0x80
	}
	t.odd = t.odd || slices.ContainsFunc(keys, func(key string) bool {
		return len(key) == len(raw) && raw[0]|0x20 == key[0]|0x20 && strings.EqualFold(string(raw), key)
	})
	return -1
}

// list calls element at every element, which passes it.
func (t *jsonText) list(element func()) {
	for more := t.enter('[', ']'); more; more = t.more(']') {
		element()
	}
}
