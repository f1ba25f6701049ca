package redaction

import (
	"container/list"
	"encoding/base64"
	"encoding/hex"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// maxKnown is how many secrets are known that were only met.
const maxKnown = 20_000

// known are secrets that are known by value, and the index in which all of them are
// looked for at once. A secret can be added and forgotten in the time that it takes
// to write it down: tokens come and go while a mock works, which is why the index is
// a table of short parts, not an automaton that must be built anew.
type known struct {
	mu      sync.RWMutex
	limit   int
	secrets map[string]*knownSecret
	met     *list.List // of those that were only met, the newest in front
	parts   map[uint32][]*pattern
	filter  []uint64 // a bit for each hash of a part that may be there; nil: no part is
	shift   int      // from a hash to its bit
	plain   []string // that are secret in some places only
	taken   atomic.Uint64
}

type knownSecret struct {
	text     string
	patterns []*pattern
	place    *list.Element // nil: known for ever
	again    atomic.Bool   // met since it was last considered to be forgotten
}

// pattern is one way to write a secret. Its part at offset is in the index.
type pattern struct {
	text   string
	part   uint32
	offset int
	base64 bool // of which the ends may belong to what stands around
}

const partSize = 4 // bytes

func newKnown(limit int) *known {
	const each = 32 // bits, of a secret
	width := max(6, bits.Len(uint(limit*each)))
	return &known{limit: limit, secrets: map[string]*knownSecret{}, met: list.New(), parts: map[uint32][]*pattern{}, shift: 32 - width}
}

// add takes a secret, or takes it for met again.
func (k *known) add(text string, always, plain bool) {
	if text == "" {
		return
	}
	if !always && k.metAgain(text) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.secrets[text]; s != nil {
		if s.place != nil && always {
			k.met.Remove(s.place)
			s.place = nil
		}
		return
	}
	s := &knownSecret{text: text}
	k.secrets[text] = s
	if !always {
		s.place = k.met.PushFront(s)
	}
	if plain {
		k.plain = append(k.plain, text)
	} else {
		k.index(s)
	}
	k.taken.Add(1)
	for k.met.Len() > k.limit {
		oldest := k.met.Back()
		if s := oldest.Value.(*knownSecret); s.again.Swap(false) {
			k.met.MoveToFront(oldest)
		} else {
			k.forget(s)
		}
	}
}

// metAgain notes that a secret is still in use, without waiting for those who search.
func (k *known) metAgain(text string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	s := k.secrets[text]
	if s != nil && s.place != nil {
		s.again.Store(true)
	}
	return s != nil
}

func (k *known) has(text string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.secrets[text] != nil
}

func (k *known) index(s *knownSecret) {
	for _, p := range patternsOf(s.text) {
		fewest := -1
		for i := 0; i+partSize <= len(p.text) && i < 64 && fewest != 0; i++ { // a part that few others have
			part := partAt(p.text, i)
			if n := len(k.parts[part]); fewest < 0 || n < fewest {
				fewest, p.part, p.offset = n, part, i
			}
		}
		k.parts[p.part] = append(k.parts[p.part], p)
		k.mark(p.part)
		s.patterns = append(s.patterns, p)
	}
}

// forget leaves the filter as it is: a bit too many costs a look into the table.
func (k *known) forget(s *knownSecret) {
	delete(k.secrets, s.text)
	k.met.Remove(s.place)
	k.plain = slices.DeleteFunc(k.plain, func(text string) bool { return text == s.text })
	for _, p := range s.patterns {
		left := slices.DeleteFunc(k.parts[p.part], func(other *pattern) bool { return other == p })
		if len(left) == 0 {
			delete(k.parts, p.part)
		} else {
			k.parts[p.part] = left
		}
	}
}

func partAt(text string, i int) uint32 {
	return uint32(text[i])<<24 | uint32(text[i+1])<<16 | uint32(text[i+2])<<8 | uint32(text[i+3])
}

func (k *known) hash(part uint32) uint32 { return part * 2654435761 >> k.shift }

func (k *known) mark(part uint32) {
	if k.filter == nil { // it is large, and who asks for names alone knows no secret
		k.filter = make([]uint64, 1<<(32-k.shift-6))
	}
	h := k.hash(part)
	k.filter[h>>6] |= 1 << (h & 63)
}

var urlAlphabet = strings.NewReplacer("+", "-", "/", "_")

// patternsOf are the ways to write a secret that cannot be undone without knowing
// where they begin: base64, which has three, and hexadecimal. Escapes are undone
// before the search.
func patternsOf(text string) []*pattern {
	list := []*pattern{{text: text}}
	add := func(written string, base64 bool) {
		if len(written) >= partSize && !slices.ContainsFunc(list, func(p *pattern) bool { return p.text == written }) {
			list = append(list, &pattern{text: written, base64: base64})
		}
	}
	if strings.Contains(text, " ") {
		add(strings.ReplaceAll(text, " ", "+"), false)
	}
	if len(text) < partSize {
		return list
	}
	inside := []byte(hex.EncodeToString([]byte(text)))
	add(string(inside), false)
	add(strings.ToUpper(string(inside)), false)
	for before := range 3 {
		padded := append(make([]byte, before), text...)
		whole := len(padded) / 3 * 3
		first := (before + 2) / 3 * 4 // the characters that what stands before has a part in
		core := base64.RawStdEncoding.EncodeToString(padded[:whole])
		if const6 := 6; len(core)-first >= const6 {
			core = core[min(first, len(core)):]
			add(core, true)
			add(urlAlphabet.Replace(core), true)
		}
	}
	return list
}
