package validator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// program judges the bodies of one payload that nothing is wrong with and nothing is to
// be said of, in one pass over their tape. It says yes, or that it can't tell: then the
// nodes and the compiled schema decide, as they do of trees. Its rules are made when a
// value is first judged by them, so that of a large contract only what is used costs.
type program struct {
	mu    sync.Mutex
	names map[*node]int    // numbers of nodes, for the keys of rules
	rules map[string]*rule // by the nodes and assumptions that they are made of
	root  *rule
}

// maxRules bounds the rules of a program: conditions beside each other multiply.
const maxRules = 5_000

func newProgram(root *node) *program {
	p := &program{names: map[*node]int{}, rules: map[string]*rule{}}
	p.root = p.rule([]*node{root}, nil)
	return p
}

// accepts reports whether a text is valid and has nothing that a finding would be
// about; false says nothing.
func (p *program) accepts(t *tape) bool { return p.root.accepts(t, 0) }

// rule is all that schemas which describe one value ask of it together: its type by one
// look, its members by one look each.
type rule struct {
	of      *program
	nodes   []*node
	assumed []assumption
	made    atomic.Bool // what follows is

	kinds      kindSet
	whole      bool              // numbers only without point and exponent
	nodesJudge bool              // what the nodes ask for is not known here: they are asked themselves
	limits     []*limits         // but for the texts of enum
	odd        []*limits         // with an enum of other values
	enums      []map[string]bool // texts of which one must be
	equal      []any             // what the value must be
	listed     bool              // there are known values
	known      []string          // how they are written
	units      []string

	members      []ruleMember
	slots        []uint8 // a hash table of the members: their number and one; 0 for none
	required     int
	demands      []demand
	other        *rule                            // of members by no name; nil: they may be anything
	closed       bool                             // some schema names members
	open         bool                             // some schema allows any others
	all          []*node                          // that describe the value
	patterned    bool                             // some schema has patterns of names
	learned      atomic.Pointer[map[string]*rule] // rules of such members
	alternatives []alternative
	items        *rule // nil: anything

	chooses string           // the key by whose text a rule takes the place of this one
	cases   map[string]*rule // by text
	neither *rule            // for anything else under the key
	absent  *rule
}

// ruleMember is what a rule says of a member by its name.
type ruleMember struct {
	key      string
	mark     uint16
	required bool
	bit      uint64 // in demands
	rule     *rule  // nil: it may be anything
}

// demand are sets of members of which one must be there, or exactly one.
type demand struct {
	one  bool
	sets []uint64
}

// alternative are schemas of which an object must fit one, or exactly one, and of which
// the walk finds nothing whichever it fits.
type alternative struct {
	one      bool
	branches []*node
}

// assumption is what is known of a member: its text, or that it has none of those that
// are asked for, or is not there.
type assumption struct {
	key  string
	text string
	kind assumed
}

type assumed byte

const (
	hasText assumed = iota
	hasOther
	hasNone
)

// rule returns the rule of nodes that describe one value; nil for none of them, which
// demand nothing.
func (p *program) rule(nodes []*node, assumptions []assumption) *rule {
	if len(nodes) == 0 {
		return nil
	}
	key := p.keyOf(nodes, assumptions)
	if known := p.rules[key]; known != nil {
		return known
	}
	r := &rule{of: p, nodes: nodes, assumed: assumptions}
	p.rules[key] = r
	return r
}

func (p *program) keyOf(nodes []*node, assumptions []assumption) string {
	numbers := make([]int, len(nodes))
	for i, n := range nodes {
		if p.names[n] == 0 {
			p.names[n] = len(p.names) + 1
		}
		numbers[i] = p.names[n]
	}
	slices.Sort(numbers)
	var key strings.Builder
	for _, number := range slices.Compact(numbers) {
		key.WriteString(strconv.Itoa(number) + " ")
	}
	for _, a := range assumptions {
		key.WriteString(strconv.Quote(a.key) + strconv.Itoa(int(a.kind)) + strconv.Quote(a.text))
	}
	return key.String()
}

// make makes the rule, unless somebody did meanwhile.
func (r *rule) make() {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.made.Load() {
		return
	}
	defer r.made.Store(true)
	r.kinds = anyKind
	m := making{rule: r}
	if len(r.of.rules) > maxRules || !m.gather(r.nodes) {
		r.nodesJudge = true
		return
	}
	if r.chooses != "" {
		return
	}
	r.nodesJudge = !m.nameMembers() || !m.number()
}

// below is the rule of a member; nil: it may be anything. It is false where a node says
// something of its name and of a pattern of names: the walk does not look at both.
func (r *rule) below(key string) (below *rule, ok bool) {
	var nodes []*node
	described := r.open || !r.closed
	for _, n := range r.all {
		inside, named := n.below(key)
		if n.properties[key] != nil && slices.ContainsFunc(n.patterns, func(p pattern) bool { return p.match.MatchString(key) }) {
			return nil, false
		}
		nodes, described = append(nodes, inside...), described || named
	}
	if !described {
		return unknown, true
	}
	return r.of.rule(nodes, nil), true
}

// maxLearned and maxLearnedKey bound the names that a rule remembers the rules of, and
// their length in bytes.
const maxLearned, maxLearnedKey = 256, 64

// byPattern is below of a key that no schema names, but may have a pattern for. Matching
// takes longer than all else, so that the keys of partners are remembered.
func (r *rule) byPattern(key string) (*rule, bool) {
	learned := r.learned.Load()
	if learned != nil {
		if next, ok := (*learned)[key]; ok {
			return next, true
		}
	}
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	next, ok := r.below(key)
	if learned = r.learned.Load(); ok && len(key) <= maxLearnedKey && (learned == nil || len(*learned) < maxLearned) {
		more := map[string]*rule{}
		if learned != nil {
			maps.Copy(more, *learned)
		}
		more[strings.Clone(key)] = next
		r.learned.Store(&more)
	}
	return next, ok
}

// unknown is the rule of a member that there should not be.
var unknown = func() *rule {
	r := &rule{}
	r.made.Store(true)
	return r
}()
