package access

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/yamlnode"
)

// File is where tokens are written down, as YAML or JSON.
type File struct {
	Name    string // for errors
	Text    []byte
	Private bool                        // only its owner may read it: it may have tokens as they are
	Env     func(string) (string, bool) // what ${NAME} stands for, os.LookupEnv for one
}

// shortest is how long a token must be that is known as it is.
const shortest = 16

var (
	reference = lazy.Regexp(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)
	pattern   = lazy.Regexp(`^[A-Za-z0-9_.-]*\*?$`)
)

// Parse reads the tokens of a file. The error names the file and the line, and has no
// token in it.
func Parse(f File) ([]*Token, error) {
	var document yaml.Node
	if err := yamlnode.Unmarshal(f.Text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if len(document.Content) == 0 {
		return nil, fmt.Errorf("%s:1: the file is empty; write tokens: and a list of them", f.Name)
	}
	r := &reading{File: f}
	root := document.Content[0]
	list := r.members(root, "the file", "tokens")["tokens"]
	var tokens []*Token
	for _, n := range yamlnode.Items(list) {
		tokens = append(tokens, r.token(n, tokens))
	}
	if len(tokens) == 0 {
		r.refuse(root, "there are no tokens; write tokens: and a list of them")
	}
	if r.err != nil {
		return nil, r.err
	}
	return tokens, nil
}

// reading keeps the first error.
type reading struct {
	File
	err error
}

func (r *reading) refuse(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s:%d: %s", r.Name, n.Line, fmt.Sprintf(format, args...))
	}
}

// members are those of a mapping that has no others.
func (r *reading) members(n *yaml.Node, what string, known ...string) map[string]*yaml.Node {
	all := map[string]*yaml.Node{}
	if n = yamlnode.Resolved(n); n.Kind != yaml.MappingNode {
		r.refuse(n, "%s is no mapping; write %s", what, strings.Join(known, ", "))
		return all
	}
	for _, p := range yamlnode.Pairs(n) {
		if !slices.Contains(known, p.Key.Value) {
			r.refuse(p.Key, "%s knows no %q; it knows %s", what, p.Key.Value, strings.Join(known, ", "))
		}
		all[p.Key.Value] = p.Value
	}
	return all
}

func (r *reading) token(n *yaml.Node, before []*Token) *Token {
	m := r.members(n, "a token", "name", "sha256", "token", "sandboxes", "may", "limits")
	t := &Token{Name: yamlnode.Text(m["name"])}
	if t.Name == "" {
		r.refuse(n, "the token has no name")
	}
	r.secret(n, m["sha256"], m["token"], t)
	for _, one := range r.texts(n, m["may"], "may", "read, act, administer or metrics") {
		if !slices.Contains(Rights(), Right(one.Value)) {
			r.refuse(one, "may: %q is none; write read, act, administer or metrics", one.Value)
		}
		t.May = append(t.May, Right(one.Value))
	}
	if m["sandboxes"] != nil || !slices.Equal(t.May, []Right{Metrics}) { // metrics are of no sandbox
		for _, one := range r.texts(n, m["sandboxes"], "sandboxes", "a name, or how names begin, such as team-a-*") {
			if one.Value == "" || !pattern().MatchString(one.Value) {
				r.refuse(one, "sandboxes: %q is none; write a name, or how names begin, such as team-a-*", one.Value)
			}
			t.Sandboxes = append(t.Sandboxes, one.Value)
		}
	}
	if limits := m["limits"]; limits != nil {
		l := r.members(limits, "limits", "sandboxes", "requests", "bytes")
		t.Limits = Limits{int(r.number(l["sandboxes"], "sandboxes", true)), r.number(l["requests"], "requests", false), r.number(l["bytes"], "bytes", true)}
	}
	for _, other := range before {
		if other.Name == t.Name || other.hash == t.hash {
			r.refuse(n, "the token %s is there twice, by its name or by itself", t.Name)
		}
	}
	return t
}

// secret reads what a token is: its hash, a variable, or, in a file that is private,
// itself.
func (r *reading) secret(n, hash, plain *yaml.Node, t *Token) {
	switch {
	case (hash == nil) == (plain == nil):
		r.refuse(n, "the token %s needs either sha256, 64 hexadecimal digits, or token, such as ${NAME} of an environment variable", t.Name)
	case hash != nil:
		sum, err := hex.DecodeString(yamlnode.Text(hash))
		if err != nil || len(sum) != len(t.hash) {
			r.refuse(hash, "sha256 of %s is none; write the 64 hexadecimal digits that printf %%s TOKEN | sha256sum prints", t.Name)
			return
		}
		t.hash = [sha256.Size]byte(sum)
	default:
		r.plain(plain, t)
	}
}

func (r *reading) plain(n *yaml.Node, t *Token) {
	text := yamlnode.Text(n)
	if name := reference().FindStringSubmatch(text); name != nil {
		value, set := r.Env(name[1])
		if !set || value == "" {
			r.refuse(n, "the environment variable %s of the token %s is not set", name[1], t.Name)
			return
		}
		text = value
	} else if !r.Private {
		r.refuse(n, "the token %s stands here as it is, and others may read the file; write sha256 or ${NAME} instead, or give the file mode 0600", t.Name)
	}
	if len(text) < shortest {
		r.refuse(n, "the token %s is shorter than %d characters", t.Name, shortest)
	}
	t.plain, t.hash = text, sha256.Sum256([]byte(text))
}

// texts are the items of a list that must be there.
func (r *reading) texts(token, n *yaml.Node, name, what string) []*yaml.Node {
	if len(yamlnode.Items(n)) == 0 {
		r.refuse(token, "%s is missing; write a list: %s", name, what)
	}
	var list []*yaml.Node
	for _, one := range yamlnode.Items(n) {
		list = append(list, yamlnode.Resolved(one))
	}
	return list
}

var decimal = lazy.Regexp(`^[0-9]+(\.[0-9]+)?$`)

// number reads a bound that is more than 0; 0 where there is none.
func (r *reading) number(n *yaml.Node, name string, whole bool) float64 {
	if n == nil {
		return 0
	}
	text := yamlnode.Text(n)
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !decimal().MatchString(text) || value <= 0 || whole && strings.Contains(text, ".") || value > 1e15 {
		r.refuse(n, "limits: %s is %q; write a number above 0, or leave it out for no limit", name, text)
		return 0
	}
	return value
}
