package validator

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/internal/regex"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

// node is one schema as our own walks need it: what a schema compiler does not
// judge (names, known values, units, secrets) and what it can't explain (choices).
// References are resolved, so nodes may form cycles.
type node struct {
	address     string // of the schema: "schemas/events/connect.schema.json#/properties/data"
	title       string
	requirement string      // x-requirement
	evidence    specs.Class // of x-evidence
	types       []string
	constant    any // of const, or the one value of an enum, when hasConst
	hasConst    bool
	limits      *limits  // nil without any
	never       bool     // the schema false
	doubt       bool     // has keywords that the acceptor can't compute
	known       []string // x-known-values, as JSON
	unit        string   // x-unit
	secret      bool     // x-secret
	file        bool     // in a part of a multipart body: any bytes

	required   []string
	properties map[string]*node
	named      map[string]named // of required and properties
	demanded   int              // how many of named are required
	patterns   []pattern
	additional *node // of additionalProperties
	open       bool  // additionalProperties allows any key by its own words

	setAside bool // patterns, which explain a member by themselves

	items *node
	tuple []*node // items as a list; items then is additionalItems

	allOf     []*node
	oneOf     []*node
	anyOf     []*node
	condition *node // if
	then      *node
	otherwise *node   // else
	not       *node   // it describes nothing
	dependent []*node // of dependencies; it describes nothing
	checks    []*node // contains, propertyNames; they describe nothing

	plain         bool           // no other node judges the same value
	self          []*node        // the node itself
	always        []*node        // all nodes that describe a value, where these are the same for any; else nil
	silent        bool           // the walk finds nothing by it alone, at a value or below
	leaf          bool           // nor by those that describe the same value
	discriminator *discriminator // all that it asks for, where that is one key with one text
}

// named is what a schema says of a member by its name.
type named struct {
	node     *node // nil: nothing
	required bool
}

type pattern struct {
	match regex.Matcher
	node  *node
}

// patternsApart are the patterns that are set aside.
func (n *node) patternsApart() []pattern {
	if n.setAside {
		return n.patterns
	}
	return nil
}

// read takes the keywords that need no other schema.
func (n *node) read(keywords map[string]any) {
	n.title, _ = keywords["title"].(string)
	n.requirement, _ = keywords["x-requirement"].(string)
	n.evidence = specs.EvidenceOf(keywords).Class
	n.unit, _ = keywords["x-unit"].(string)
	n.secret, _ = keywords["x-secret"].(bool)
	n.constant, n.hasConst = keywords["const"]
	if values, _ := keywords["enum"].([]any); len(values) == 1 && !n.hasConst {
		n.constant, n.hasConst = values[0], true
	}
	n.required = valuepath.Texts(keywords["required"])
	n.types = valuepath.Texts(keywords["type"])
	if one, ok := keywords["type"].(string); ok {
		n.types = []string{one}
	}
	if values, ok := keywords["x-known-values"].([]any); ok {
		for _, value := range values {
			n.known = append(n.known, valuepath.JSON(value))
		}
	}
	n.file = keywords["format"] == "binary" || keywords["format"] == "byte" || keywords["contentMediaType"] != nil || keywords["contentEncoding"] != nil
	n.limit(keywords)
	switch keywords["additionalProperties"].(type) {
	case bool, map[string]any:
		n.open = true // false is an error of the schema's own, which it reports itself
	}
	if _, ok := keywords["unevaluatedProperties"]; ok {
		n.open = true
	}
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
	all := slices.Concat(n.tuple, n.checks, slices.Collect(maps.Values(n.properties)))
	for _, p := range n.patterns {
		all = append(all, p.node)
	}
	return appendNode(appendNode(all, n.additional), n.items)
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
	n.nameMembers()
	n.plain = len(n.inPlace()) == 0
	n.always = n.fixed()
	n.silent = n.describesNothing()
	n.leaf = n.silent && len(n.always) == 1
	n.discriminator = n.discriminatorOf()
}

func (n *node) finished() bool { return n.self != nil }

func (n *node) nameMembers() {
	n.named, n.demanded = make(map[string]named, len(n.properties)), 0
	for name, next := range n.properties {
		n.named[name] = named{node: next}
	}
	for _, name := range n.required {
		if own := n.named[name]; !own.required {
			own.required = true
			n.named[name] = own
			n.demanded++
		}
	}
}

// fixed are all nodes that describe a value, unless the value decides which.
func (n *node) fixed() []*node {
	all := []*node{n}
	if !slices.ContainsFunc(n.inPlace(), func(next *node) bool { return !next.isMute() }) {
		return all
	}
	if n.condition != nil || len(n.oneOf)+len(n.anyOf) > 0 {
		return nil
	}
	for _, next := range n.allOf {
		more := next.fixed()
		if more == nil {
			return nil
		}
		all = append(all, more...)
	}
	return all
}

// isMute tells whether a node only demands, as {"required": ["text"]} does.
func (n *node) isMute() bool {
	return n.describesNothing() && n.requirement == "" && !n.secret && len(n.inPlace()) == 0
}

func (n *node) describesNothing() bool {
	return len(n.properties)+len(n.patterns)+len(n.tuple)+len(n.known) == 0 && n.additional == nil && n.items == nil && n.unit == ""
}
