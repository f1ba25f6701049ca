package validator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/regex"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

// graphBuilder builds the nodes of one contract.
type graphBuilder struct {
	contract *specs.Contract
	mu       sync.Mutex
	built    map[string]*node // by address
	newer    map[string]bool  // files that gojsonschema does not judge
}

// roots returns the root nodes of payloads. What was built before is shared.
func (b *graphBuilder) roots(payloads ...string) (map[string]*node, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	roots := map[string]*node{}
	for _, name := range payloads {
		p := b.contract.Payloads[name]
		root, err := b.build(p, p.Schema(), "", nil)
		if err != nil {
			return nil, err
		}
		roots[name] = root
	}
	if err := b.findLoop(); err != nil {
		return nil, err
	}
	for _, n := range b.built {
		if !n.finished() {
			n.finish()
		}
	}
	return roots, nil
}

// separate are the addresses of all schemas that explaining a refused body may ask for:
// the roots, all branches of choices and what patterns of keys lead to. There are none when
// these cannot be set aside.
func (b *graphBuilder) separate() []string {
	roots, err := b.roots(b.contract.PayloadNames()...)
	if err != nil || b.hidesChoices() {
		return nil
	}
	found := map[string]bool{}
	for _, n := range roots {
		found[n.address] = true
	}
	for _, n := range b.built {
		for _, branch := range slices.Concat(n.oneOf, n.anyOf) {
			found[branch.address] = true
		}
		for _, p := range n.patternsApart() {
			found[p.node.address] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(found)), func(address string) bool {
		file, _, _ := strings.Cut(address, "#")
		return b.newer[file]
	})
}

// build returns the node of a schema. Chain holds the references that led here
// without going deeper into the body.
func (b *graphBuilder) build(p *specs.Payload, schema any, pointer string, chain []string) (*node, error) {
	address := p.File + "#" + pointer
	if n, ok := b.built[address]; ok {
		return n, nil
	}
	keywords, ok := schema.(map[string]any)
	if !ok { // true or false
		n := &node{address: address, never: schema == false}
		b.built[address] = n
		return n, nil
	}
	if ref, ok := keywords["$ref"].(string); ok {
		return b.follow(p, keywords, ref, address, chain)
	}
	n := &node{address: address}
	b.built[address] = n
	n.read(keywords)
	if err := b.check(p, n, keywords); err != nil {
		return nil, err
	}
	return n, b.children(n, p, keywords, pointer)
}

var allTypes = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

// check finds what the compiler would refuse without saying where.
func (b *graphBuilder) check(p *specs.Payload, n *node, keywords map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(keywords)) {
		if wanted := unfit(key, keywords[key]); wanted != "" {
			return errorBelow(b.contract, p, n.address+"/"+jsonpointer.Escape(key), "`%s` is %s; write %s", key, shorten(valuepath.JSON(keywords[key])), wanted)
		}
	}
	for _, name := range n.types {
		if !slices.Contains(allTypes, name) {
			return errorIn(b.contract, p, valuepath.JSON(name), "%q is no type of JSON Schema; write %s", name, plural.List(allTypes, "or"))
		}
	}
	if text, ok := keywords["pattern"].(string); ok && n.limits.pattern == nil {
		if _, err := regex.Compile(text); err != nil {
			return errorIn(b.contract, p, valuepath.JSON(text), "pattern %q is no regular expression: %v", text, err)
		}
	}
	return nil
}

// follow resolves a reference. Keywords of ours that stand beside it are kept,
// although draft-07 ignores a schema's own.
func (b *graphBuilder) follow(p *specs.Payload, keywords map[string]any, ref, address string, chain []string) (*node, error) {
	if slices.Contains(chain, address) {
		return nil, errorIn(b.contract, p, ref, "`$ref` %q leads back to itself; let it end in a schema", ref)
	}
	target, schema := b.contract.Resolve(p, ref)
	if target == nil && p.IsNewer() { // what its address leads to, the compiler knows
		n := &node{address: address, doubt: true, open: true}
		b.built[address] = n
		return n, nil
	}
	if target == nil {
		return nil, errorIn(b.contract, p, ref, "`$ref` %q leads to no schema of this contract; write a path relative to this file", ref)
	}
	found, err := b.build(target, schema, splitPointer(specs.PointerOf(ref)), append(chain, address))
	if err != nil {
		return nil, err
	}
	n := &node{}
	if n.read(keywords); n.requirement == "" && n.evidence == "" && n.unit == "" && !n.secret && n.known == nil {
		return found, nil
	}
	n = &node{address: address, requirement: n.requirement, evidence: n.evidence, unit: n.unit, secret: n.secret, known: n.known, allOf: []*node{found}}
	b.built[address] = n
	return n, nil
}

// children builds the schemas inside a schema.
func (b *graphBuilder) children(n *node, p *specs.Payload, keywords map[string]any, pointer string) error {
	in := children{builder: b, payload: p, keywords: keywords, pointer: pointer}
	_, n.properties = in.named("properties", "properties")
	n.allOf, n.oneOf, n.anyOf = in.many("allOf", "allOf"), in.many("oneOf", splitKeys["oneOf"]), in.many("anyOf", splitKeys["anyOf"])
	n.additional = in.one("additionalProperties")
	if n.items, n.tuple = in.one("items"), in.many("items", "items"); n.tuple != nil {
		n.items = in.one("additionalItems")
	}
	n.condition, n.then, n.otherwise, n.not = in.one("if"), in.one("then"), in.one("else"), in.one("not")
	n.checks = appendNode(appendNode(nil, in.one("contains")), in.one("propertyNames"))
	names, dependent := in.named("dependencies", "dependencies")
	for _, name := range names {
		n.dependent = append(n.dependent, dependent[name])
	}
	as := "patternProperties"
	if n.setAside = patternsAlone(keywords); n.setAside {
		as = splitKeys[as]
	}
	keys, patterned := in.named("patternProperties", as)
	for _, key := range keys {
		match, err := regex.Compile(key)
		if err != nil {
			return errorIn(b.contract, p, valuepath.JSON(key), "pattern %q is no regular expression: %v", key, err)
		}
		n.patterns = append(n.patterns, pattern{match, patterned[key]})
	}
	return in.err
}

// hidesChoices tells whether a choice stands where it is not explained but
// decides: in a condition or a negation.
func (b *graphBuilder) hidesChoices() bool {
	seen := map[*node]bool{}
	var has func(n *node) bool
	has = func(n *node) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		return len(n.oneOf)+len(n.anyOf)+len(n.patternsApart()) > 0 || slices.ContainsFunc(slices.Concat(n.inPlace(), n.inside()), has)
	}
	for address, n := range b.built {
		if file, _, _ := strings.Cut(address, "#"); b.newer[file] {
			continue
		}
		deciding := appendNode(appendNode(slices.Concat(n.dependent, n.checks), n.condition), n.not)
		if slices.ContainsFunc(deciding, has) {
			return true
		}
	}
	return false
}

// findLoop refuses schemas that lead back to themselves without going deeper
// into the body: judging by them would never end.
func (b *graphBuilder) findLoop() error {
	const entered, left = 1, 2
	state := map[*node]int{}
	var visit func(n *node) *node
	visit = func(n *node) *node {
		if state[n] == left || n.finished() {
			return nil
		}
		if state[n] == entered {
			return n
		}
		state[n] = entered
		for _, next := range n.inPlace() {
			if loop := visit(next); loop != nil {
				return loop
			}
		}
		state[n] = left
		return nil
	}
	for _, address := range slices.Sorted(maps.Keys(b.built)) {
		if loop := visit(b.built[address]); loop != nil {
			file, pointer, _ := strings.Cut(loop.address, "#")
			return &specs.Error{File: b.contract.Path(file), Text: fmt.Sprintf("the schema at %q leads back to itself without going deeper into the body; judging by it would never end", "#"+pointer)}
		}
	}
	return nil
}
