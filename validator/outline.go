package validator

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/specs"
)

// node is one schema as our own walks need it: what a schema compiler does not
// judge (names, known values, units, secrets) and what it can't explain (choices).
// References are resolved, so nodes may form cycles.
type node struct {
	address     string // of the schema: "schemas/events/connect.schema.json#/properties/data"
	title       string
	requirement string // x-requirement
	types       []string
	constant    any // of const, when hasConst
	hasConst    bool
	limits      *limits  // nil without any
	never       bool     // the schema false
	doubt       bool     // has keywords that the acceptor can't compute
	known       []string // x-known-values, as JSON
	unit        string   // x-unit
	secret      bool     // x-secret

	required   []string
	properties map[string]*node
	patterns   []pattern
	additional *node // of additionalProperties
	open       bool  // additionalProperties allows any key by its own words
	items      *node
	tuple      []*node // items as a list; items then is additionalItems

	allOf     []*node
	oneOf     []*node
	anyOf     []*node
	condition *node // if
	then      *node
	otherwise *node   // else
	not       *node   // it describes nothing
	dependent []*node // of dependencies; it describes nothing
	aside     []*node // contains, propertyNames

	plain bool    // no other node judges the same value
	alone bool    // no other node describes the same value
	self  []*node // the node: what describes a value where it is alone
	leaf  bool    // the walk finds nothing at it or below
}

type pattern struct {
	match *regexp.Regexp
	node  *node
}

// outliner builds the nodes of one contract.
type outliner struct {
	contract *specs.Contract
	built    map[string]*node // by address
}

// outlinesOf returns the root node of every payload, and whether choices can be
// set aside to explain them.
func outlinesOf(c *specs.Contract) (roots map[string]*node, separable bool, err error) {
	o := &outliner{contract: c, built: map[string]*node{}}
	roots = map[string]*node{}
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		root, err := o.build(p, p.Schema, "", nil)
		if err != nil {
			return nil, false, err
		}
		roots[name] = root
	}
	for _, n := range o.built {
		n.finish()
	}
	return roots, !o.hidesChoices(), o.findLoop()
}

// build returns the node of a schema. Chain holds the references that led here
// without going deeper into the body.
func (o *outliner) build(p *specs.Payload, schema any, pointer string, chain []string) (*node, error) {
	address := p.File + "#" + pointer
	if n, ok := o.built[address]; ok {
		return n, nil
	}
	keywords, ok := schema.(map[string]any)
	if !ok { // true or false
		n := &node{address: address, never: schema == false}
		o.built[address] = n
		return n, nil
	}
	if ref, ok := keywords["$ref"].(string); ok {
		return o.follow(p, keywords, ref, address, chain)
	}
	n := &node{address: address}
	o.built[address] = n
	n.read(keywords)
	return n, o.children(n, p, keywords, pointer)
}

// follow resolves a reference. Keywords of ours that stand beside it are kept,
// although draft-07 ignores a schema's own.
func (o *outliner) follow(p *specs.Payload, keywords map[string]any, ref, address string, chain []string) (*node, error) {
	if slices.Contains(chain, address) {
		return nil, errorIn(o.contract, p, ref, "`$ref` %q leads back to itself; let it end in a schema", ref)
	}
	target, schema, pointer := o.resolve(p, ref)
	if target == nil {
		return nil, errorIn(o.contract, p, ref, "`$ref` %q leads to no schema of this contract; write a path relative to this file", ref)
	}
	found, err := o.build(target, schema, pointer, append(chain, address))
	if err != nil {
		return nil, err
	}
	n := &node{}
	if n.read(keywords); n.requirement == "" && n.unit == "" && !n.secret && n.known == nil {
		return found, nil
	}
	n = &node{address: address, requirement: n.requirement, unit: n.unit, secret: n.secret, known: n.known, allOf: []*node{found}}
	o.built[address] = n
	return n, nil
}

// resolve returns the payload and the schema that a reference of p leads to.
func (o *outliner) resolve(p *specs.Payload, ref string) (*specs.Payload, any, string) {
	file, pointer, _ := strings.Cut(ref, "#")
	target := p
	if file != "" {
		file = path.Join(path.Dir(p.File), file)
		target = nil
		for _, one := range o.contract.Payloads {
			if one.File == file {
				target = one
			}
		}
	}
	if target == nil {
		return nil, nil, ""
	}
	schema, ok := lookup(target.Schema, pointer)
	if !ok {
		return nil, nil, ""
	}
	return target, schema, pointer
}

// read takes the keywords that need no other schema.
func (n *node) read(keywords map[string]any) {
	n.title, _ = keywords["title"].(string)
	n.requirement, _ = keywords["x-requirement"].(string)
	n.unit, _ = keywords["x-unit"].(string)
	n.secret, _ = keywords["x-secret"].(bool)
	n.constant, n.hasConst = keywords["const"]
	n.required = stringsOf(keywords["required"])
	n.types = stringsOf(keywords["type"])
	if one, ok := keywords["type"].(string); ok {
		n.types = []string{one}
	}
	if values, ok := keywords["x-known-values"].([]any); ok {
		for _, value := range values {
			n.known = append(n.known, printed(value))
		}
	}
	n.limit(keywords)
	switch keywords["additionalProperties"].(type) {
	case bool, map[string]any:
		n.open = true // false is an error of the schema's own, which it reports itself
	}
}

// children builds the schemas inside a schema.
func (o *outliner) children(n *node, p *specs.Payload, keywords map[string]any, pointer string) (err error) {
	one := func(key string) *node {
		schema, ok := keywords[key]
		if !ok || err != nil {
			return nil
		}
		var built *node
		built, err = o.build(p, schema, pointer+"/"+key, nil)
		return built
	}
	many := func(key, as string) (nodes []*node) {
		schemas, _ := keywords[key].([]any)
		for i, schema := range schemas {
			if err == nil {
				var built *node
				built, err = o.build(p, schema, pointer+"/"+as+"/"+strconv.Itoa(i), nil)
				nodes = append(nodes, built)
			}
		}
		return nodes
	}
	named := func(key string) map[string]*node {
		schemas, _ := keywords[key].(map[string]any)
		nodes := map[string]*node{}
		for _, name := range slices.Sorted(maps.Keys(schemas)) {
			if _, ok := schemas[name].([]any); !ok && err == nil { // a list of names in dependencies
				nodes[name], err = o.build(p, schemas[name], pointer+"/"+key+"/"+escape(name), nil)
			}
		}
		return nodes
	}
	n.properties = named("properties")
	n.allOf, n.oneOf, n.anyOf = many("allOf", "allOf"), many("oneOf", splitKeys["oneOf"]), many("anyOf", splitKeys["anyOf"])
	n.additional = one("additionalProperties")
	if n.items, n.tuple = one("items"), many("items", "items"); n.tuple != nil {
		n.items = one("additionalItems")
	}
	for key, node := range named("patternProperties") {
		match, bad := regexp.Compile(key)
		if bad != nil {
			return errorIn(o.contract, p, key, "pattern %q is no regular expression (RE2): %v", key, bad)
		}
		n.patterns = append(n.patterns, pattern{match, node})
	}
	n.condition, n.then, n.otherwise, n.not = one("if"), one("then"), one("else"), one("not")
	for _, node := range named("dependencies") {
		n.dependent = append(n.dependent, node)
	}
	n.aside = appendNode(appendNode(nil, one("contains")), one("propertyNames"))
	return err
}

// inPlace are the nodes that judge the same value.
func (n *node) inPlace() []*node {
	all := slices.Concat(n.allOf, n.oneOf, n.anyOf, n.dependent)
	for _, next := range []*node{n.condition, n.then, n.otherwise, n.not} {
		all = appendNode(all, next)
	}
	return all
}

// inside are the nodes that judge what is in the value.
func (n *node) inside() []*node {
	all := slices.Concat(n.tuple, n.aside, slices.Collect(maps.Values(n.properties)))
	for _, p := range n.patterns {
		all = append(all, p.node)
	}
	return appendNode(appendNode(all, n.additional), n.items)
}

// hidesChoices tells whether a choice stands where it is not explained but
// decides: in a condition or a negation.
func (o *outliner) hidesChoices() bool {
	seen := map[*node]bool{}
	var has func(n *node) bool
	has = func(n *node) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		return len(n.oneOf)+len(n.anyOf) > 0 || slices.ContainsFunc(slices.Concat(n.inPlace(), n.inside()), has)
	}
	for _, n := range o.built {
		deciding := appendNode(appendNode(slices.Concat(n.dependent, n.aside), n.condition), n.not)
		if slices.ContainsFunc(deciding, has) {
			return true
		}
	}
	return false
}

func appendNode(list []*node, n *node) []*node {
	if n == nil {
		return list
	}
	return append(list, n)
}

// finish computes what is asked at every value.
func (n *node) finish() {
	n.self = []*node{n}
	n.plain = len(n.inPlace()) == 0
	n.alone = true
	for _, next := range n.inPlace() {
		n.alone = n.alone && next.isMute()
	}
	n.leaf = n.alone && n.describesNothing()
}

// isMute tells whether a node only demands, as {"required": ["text"]} does.
func (n *node) isMute() bool {
	return n.describesNothing() && n.requirement == "" && !n.secret && len(n.inPlace()) == 0
}

func (n *node) describesNothing() bool {
	return len(n.properties)+len(n.patterns)+len(n.tuple)+len(n.known) == 0 && n.additional == nil && n.items == nil && n.unit == ""
}

// findLoop refuses schemas that lead back to themselves without going deeper
// into the body: judging by them would never end.
func (o *outliner) findLoop() error {
	const entered, left = 1, 2
	state := map[*node]int{}
	var visit func(n *node) *node
	visit = func(n *node) *node {
		if state[n] == left {
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
	for _, address := range slices.Sorted(maps.Keys(o.built)) {
		if loop := visit(o.built[address]); loop != nil {
			file, pointer, _ := strings.Cut(loop.address, "#")
			return &specs.Error{File: file, Text: fmt.Sprintf("the schema at %q leads back to itself without going deeper into the body; judging by it would never end", "#"+pointer)}
		}
	}
	return nil
}

func stringsOf(value any) []string {
	var texts []string
	items, _ := value.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// printed gives a scalar as JSON, so that 1 and "1" differ.
func printed(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
