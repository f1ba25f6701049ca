// Package redaction decides what of exchanges and texts may leave: records,
// journals that are shown, streams, consoles, reports, errors and logs all go
// through it. It finds secrets in three ways: by their value, where Parley knows
// it; by the name of what holds them; and by understanding what a body is, so that
// a name is found in it, or what nobody understands is not shown.
package redaction

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parleykit/parley/traffic"
)

// Redactor takes secrets out of exchanges and texts. It is safe for concurrent
// use; the secrets that it knows may come as it works.
type Redactor struct {
	lexicon atomic.Pointer[lexicon]
	known   *known
	keep    bool
	taught  taught
}

// lexicon is what contracts say of secrets.
type lexicon struct {
	names *nameSet        // of secrets, normalised
	open  *nameSet        // of what is none, whatever common use says, likewise
	words map[string]bool // that may be shown of what is not understood, in lower case

	weights sync.Map // of names that came before
	weighed atomic.Int64
}

// Options are what a redactor knows beside what common use says.
type Options struct {
	Names []string // of what holds secrets by the contract, beside those of common use
	Open  []string // names of what is no secret by the contract, whatever common use says
	Words []string // that the contract has, and that may be shown of any body
	// KeepUnreadable keeps bodies that nobody understands whole, but for secrets that
	// are known by value or show themselves in a text. Others in them are not found.
	KeepUnreadable bool
}

// New returns a redactor.
func New(o Options) *Redactor {
	r := &Redactor{known: newKnown(maxKnown), keep: o.KeepUnreadable}
	r.lexicon.Store(&lexicon{names: newNameSet(), open: newNameSet()})
	r.Extend(o)
	return r
}

// Extend adds names and words, as those of a contract that was loaded again. What was
// secret before stays so.
func (r *Redactor) Extend(o Options) {
	for {
		before := r.lexicon.Load()
		next := &lexicon{names: before.names.clone(), open: before.open.clone(), words: map[string]bool{}}
		maps.Copy(next.words, before.words)
		for _, name := range o.Names {
			next.names.add(normal(name))
		}
		for _, name := range o.Open {
			next.open.add(normal(name))
		}
		for _, text := range o.Words {
			for _, word := range wordsOf(text) {
				next.words[strings.ToLower(word)] = true
			}
		}
		if r.lexicon.CompareAndSwap(before, next) {
			return
		}
	}
}

// Know takes values that are secret wherever they stand, for as long as the
// redactor lives: what was given to Parley, or made up by it.
func (r *Redactor) Know(secrets ...string) { r.learn(true, secrets) }

// Met takes values that are secret for a while, such as tokens that are issued:
// of 20,000 the one that was met least recently makes room.
func (r *Redactor) Met(secrets ...string) { r.learn(false, secrets) }

// Taken counts the secrets that were new when they came: what was shown before the
// last one may hold it.
func (r *Redactor) Taken() uint64 { return r.known.taken.Load() }

// MetIn takes for met what a JSON text has under the names of secrets.
func (r *Redactor) MetIn(data []byte) {
	p := &pass{Redactor: r, known: r.known}
	p.json(string(data))
	r.Met(p.found...)
}

func (r *Redactor) learn(always bool, secrets []string) {
	for _, secret := range secrets {
		r.known.add(secret, always, r.lexicon.Load().words[strings.ToLower(secret)] || isPlain(secret))
	}
}

// IsSecret tells whether what has that name holds a secret, by the contract or by
// common use.
func (r *Redactor) IsSecret(name string) bool { return r.weigh(name) == certain }

// Exchange returns a copy of an exchange without its secrets; the original is not
// changed, and what had no secret is shared with it. A value that stood under a
// secret's name is taken out of all of the exchange. A redacted body keeps no hash
// of what it was, and its size is that of the redacted text.
func (r *Redactor) Exchange(e *traffic.Exchange) *traffic.Exchange {
	p := &pass{Redactor: r, known: r.known}
	next := p.exchange(e)
	if learned := p.learned(); learned != nil && holds(learned, next) {
		next = (&pass{Redactor: r, known: learned, again: true}).exchange(next)
	}
	return next
}

// Findings is Exchange for who needs no more of one than what was found in it.
func (r *Redactor) Findings(found []traffic.Finding) []traffic.Finding {
	return (&pass{Redactor: r, known: r.known}).findings(found)
}

// Text returns a text for people without the secrets in it: JSON or parts of it,
// URLs with their query and password, form fields, and headers as "Name: value".
func (r *Redactor) Text(s string) string {
	p := &pass{Redactor: r, known: r.known}
	return p.text(s)
}

// Values returns a text without what is known by value, and without the passwords
// of URLs. Unlike Text it takes no name for that of a secret, so that a sentence
// about tokens stays as it is.
func (r *Redactor) Values(s string) string {
	p := &pass{Redactor: r, known: r.known}
	return p.values(withoutPasswords(s))
}

// JSON returns a JSON text without its secrets; it is JSON as before.
func (r *Redactor) JSON(data []byte) []byte {
	p := &pass{Redactor: r, known: r.known}
	text := string(data)
	shown, ok := p.json(text)
	switch {
	case !ok:
		return []byte(p.text(text))
	case shown == text:
		return data
	}
	return []byte(shown)
}

// pass is one way through an exchange or a text.
type pass struct {
	*Redactor
	known  *known
	again  bool     // what there is to learn was learned
	clean  bool     // what is looked at has no secret that is known by value
	depth  int      // of base64 in base64
	inside int      // of data in data
	found  []string // values under names of secrets

	learning bool // nothing is wanted but what there is to learn, known or not
}

func (p *pass) exchange(e *traffic.Exchange) *traffic.Exchange {
	next := *e
	next.Request.URL = p.url(e.Request.URL)
	next.Request.Header = p.header(e.Request.Header)
	next.Request.Body = p.body(e.Request.Body, e.Request.Header)
	if e.Response != nil {
		response := *e.Response
		response.Header = p.header(e.Response.Header)
		response.Body = p.body(e.Response.Body, e.Response.Header)
		next.Response = &response
	}
	next.Sandbox, next.Channel = p.values(e.Sandbox), p.values(e.Channel)
	next.Error = p.text(e.Error)
	next.Findings = p.findings(e.Findings)
	return &next
}

func (p *pass) findings(found []traffic.Finding) []traffic.Finding {
	next := slices.Clone(found)
	for i := range next {
		f := &next[i]
		f.Pointer = p.values(f.Pointer)
		f.Expected, f.Actual, f.Hint = p.text(f.Expected), p.text(f.Actual), p.text(f.Hint)
	}
	return next
}

// maxLearned bounds what is learned of one exchange.
const maxLearned = 64

// shortestLearned is from how many bytes on a value can be nothing else.
const shortestLearned = 8

// learn notes what stood under a secret's name, if it can be nothing else.
func (p *pass) learn(value string) {
	if p.again || len(value) < shortestLearned || len(p.found) >= maxLearned || traffic.Hidden(value) || isPlain(value) {
		return
	}
	if !p.learning && p.Redactor.known.has(value) {
		return
	}
	p.found = append(p.found, value)
}

func (p *pass) learned() *known {
	if len(p.found) == 0 {
		return nil
	}
	k := newKnown(maxLearned)
	for _, value := range p.found {
		k.add(value, true, false)
	}
	return k
}

// holds tells whether an exchange still has one of the values.
func holds(k *known, e *traffic.Exchange) bool {
	any := k.in(e.Request.URL) || k.in(e.Error) || k.in(string(e.Request.Body.Kept)) || holdsHeader(k, e.Request.Header)
	if r := e.Response; r != nil {
		any = any || k.in(string(r.Body.Kept)) || holdsHeader(k, r.Header)
	}
	for i := 0; i < len(e.Findings) && !any; i++ {
		f := &e.Findings[i]
		any = k.in(f.Pointer) || k.in(f.Actual) || k.in(f.Expected) || k.in(f.Hint)
	}
	return any
}

func holdsHeader(k *known, h map[string][]string) bool {
	for name, values := range h {
		if k.in(name) || slices.ContainsFunc(values, k.in) {
			return true
		}
	}
	return false
}
