// Package access says who may use which sandboxes of a mock, what they may do there, and
// how much: the tokens of a file, which can be read again while the mock is served.
package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
	"sync"
	"time"
)

// Right is something that a token may do. The zero value is what everybody may, without a
// token.
type Right string

// The rights. Act has Read in it, and Administer has both; Metrics stands alone, since
// metrics are of all sandboxes together.
const (
	Read       Right = "read"       // see what is in a sandbox, without secrets
	Act        Right = "act"        // change what is in it, see its secrets, and make it
	Administer Right = "administer" // remove it
	Metrics    Right = "metrics"    // see what the mock counts
)

// Rights are all of them.
func Rights() []Right { return []Right{Read, Act, Administer, Metrics} }

// Limits bound what is done with a token, and what vendors are called with in its
// sandboxes; 0: no bound.
type Limits struct {
	Sandboxes int     // that there are at once
	Requests  float64 // a second; for one second as many more may come together
	Bytes     float64 // of bodies of requests, a second
}

// Token is one that may use the control API.
type Token struct {
	Name      string
	Sandboxes []string // names, or how they begin: "team-a-*"
	May       []Right
	Limits    Limits

	hash   [sha256.Size]byte
	plain  string // where it is known
	usage  *usage
	served context.Context // ends when the token is no longer what it was
	end    context.CancelFunc
}

// Administrator is who may do everything, everywhere and without bounds: whoever uses a
// mock without tokens, or has its one control token.
func Administrator() *Token {
	return &Token{Sandboxes: []string{"*"}, May: []Right{Administer, Metrics}, served: context.Background()}
}

// Sees reports whether a sandbox is there for whoever has the token.
func (t *Token) Sees(sandbox string) bool {
	return slices.ContainsFunc(t.Sandboxes, func(pattern string) bool {
		beginning, open := strings.CutSuffix(pattern, "*")
		return pattern == sandbox || open && strings.HasPrefix(sandbox, beginning)
	})
}

// Can reports whether the token has a right, by itself or in another.
func (t *Token) Can(r Right) bool {
	has := func(any ...Right) bool {
		return slices.ContainsFunc(any, func(one Right) bool { return slices.Contains(t.May, one) })
	}
	switch r {
	case "":
		return true
	case Read:
		return has(Read, Act, Administer)
	case Act:
		return has(Act, Administer)
	}
	return has(r)
}

// Served ends when the token is no longer what it was.
func (t *Token) Served() context.Context { return t.served }

// Access is the tokens in force. It is safe for concurrent use.
type Access struct {
	now    func() time.Time
	mu     sync.RWMutex
	tokens []*Token
}

// New puts tokens in force, with what time limits go by.
func New(tokens []*Token, now func() time.Time) *Access {
	a := &Access{now: now}
	a.Replace(tokens)
	return a
}

// Replace puts others in force. A token that is as it was goes on, with what was used of
// its limits; whatever is open by another ends. What was used follows the name.
func (a *Access) Replace(tokens []*Token) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.tokens
	a.tokens = nil
	for _, t := range tokens {
		i := slices.IndexFunc(before, func(old *Token) bool { return old.Name == t.Name })
		switch {
		case i >= 0 && before[i].same(t):
			t = before[i]
		case i >= 0 && before[i].Limits == t.Limits:
			t.begin(before[i].usage)
		default:
			t.begin(newUsage(t.Limits, a.now()))
		}
		a.tokens = append(a.tokens, t)
	}
	for _, old := range before {
		if !slices.Contains(a.tokens, old) {
			old.end()
		}
	}
}

func (t *Token) same(other *Token) bool {
	return t.hash == other.hash && t.Limits == other.Limits && slices.Equal(t.Sandboxes, other.Sandboxes) && slices.Equal(t.May, other.May)
}

func (t *Token) begin(u *usage) {
	t.usage = u
	t.served, t.end = context.WithCancel(context.Background())
}

// Of returns the token of a text, or nil. It takes as long for a wrong one as for a right
// one.
func (a *Access) Of(text string) *Token {
	hash := sha256.Sum256([]byte(text))
	var found *Token
	for _, t := range a.Tokens() {
		if subtle.ConstantTimeCompare(hash[:], t.hash[:]) == 1 {
			found = t
		}
	}
	return found
}

// Tokens are those in force.
func (a *Access) Tokens() []*Token {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.tokens
}

// Covering returns the first token that sees a sandbox, whose limits hold in it; nil where
// none does.
func (a *Access) Covering(sandbox string) *Token {
	for _, t := range a.Tokens() {
		if t.Sees(sandbox) {
			return t
		}
	}
	return nil
}

// Secrets are the tokens that are known as they are.
func (a *Access) Secrets() []string {
	var list []string
	for _, t := range a.Tokens() {
		if t.plain != "" {
			list = append(list, t.plain)
		}
	}
	return list
}
