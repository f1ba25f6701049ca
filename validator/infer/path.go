package infer

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// tree holds the paths that were called, segment by segment. A node stands for one
// segment, or, once it is a parameter, for any.
type tree struct {
	children map[string]*tree // by segment, as it was sent; "{}" is the parameter
	calls    map[string]*call // that end here, by method
}

const parameter = "{}"

func (t *tree) child(segment string) *tree {
	if t.children == nil {
		t.children = map[string]*tree{}
	}
	if t.children[segment] == nil {
		t.children[segment] = &tree{}
	}
	return t.children[segment]
}

// add puts a call where its path leads. Segments that are IDs by their look become
// parameters at once.
func (t *tree) add(c *call) {
	before := ""
	for segment := range strings.SplitSeq(strings.TrimPrefix(c.path, "/"), "/") {
		plain := unescaped(segment)
		key := escapedBraces(segment)
		if (isID(plain) || c.hidden[segment]) && !isVersion(before, plain) {
			key = parameter
		}
		t = t.child(key)
		if key == parameter {
			plain = ""
		}
		before = plain
	}
	t.take(c)
}

func (t *tree) take(c *call) {
	if t.calls == nil {
		t.calls = map[string]*call{}
	}
	if t.calls[c.method] == nil {
		t.calls[c.method] = c.blank()
	}
	t.calls[c.method].merge(c)
}

// merge adds the calls below another node.
func (t *tree) merge(o *tree) {
	for _, method := range slices.Sorted(maps.Keys(o.calls)) {
		t.take(o.calls[method])
	}
	for _, segment := range slices.Sorted(maps.Keys(o.children)) {
		t.child(segment).merge(o.children[segment])
	}
}

// siblings is from how many on segments that are answered alike are taken for values
// of one parameter.
const siblings = 6

// fold makes parameters of segments that are words and yet vary: many stand at one
// place, the same is called below each, and the answers are alike.
func (t *tree) fold() {
	for _, kin := range t.alike() {
		all := t.child(parameter)
		for _, segment := range kin {
			all.merge(t.children[segment])
			delete(t.children, segment)
		}
	}
	for _, segment := range slices.Sorted(maps.Keys(t.children)) {
		t.children[segment].fold()
	}
}

// alike returns segments that are values of one parameter; none as a rule.
func (t *tree) alike() [][]string {
	byCall := map[string][]string{} // segments by what is called at or below them
	for _, segment := range slices.Sorted(maps.Keys(t.children)) {
		if segment == parameter || segment == "" {
			continue
		}
		for _, below := range t.children[segment].below("") {
			byCall[below] = append(byCall[below], segment)
		}
	}
	for _, below := range slices.Sorted(maps.Keys(byCall)) {
		if kin := byCall[below]; len(kin) >= siblings && t.answeredAlike(kin, below) {
			return [][]string{kin}
		}
	}
	return nil
}

// below lists the calls at and below a node, by method and what follows.
func (t *tree) below(path string) []string {
	var list []string
	for method := range t.calls {
		list = append(list, method+" "+path)
	}
	for segment, inside := range t.children {
		list = append(list, inside.below(path+"/"+segment)...)
	}
	return list
}

// answeredAlike compares what the calls were answered with: most of the members that
// any answer has must be in all of them.
func (t *tree) answeredAlike(kin []string, below string) bool {
	method, path, _ := strings.Cut(below, " ")
	count := map[string]int{}
	for _, segment := range kin {
		at := t.children[segment]
		for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
			if path != "" {
				at = at.children[part]
			}
		}
		for place := range at.calls[method].answered() {
			count[place]++
		}
	}
	all := 0
	for _, n := range count {
		if n == len(kin) {
			all++
		}
	}
	const fewest = 2
	return all >= fewest && all*3 >= len(count)*2
}

// templates returns the calls with the template of each path and the values that its
// parameters had, in the order of paths.
func (t *tree) templates() []*call {
	var list []*call
	t.walk("", "", nil, &list)
	return list
}

func (t *tree) walk(path, before string, names []string, list *[]*call) {
	for _, method := range slices.Sorted(maps.Keys(t.calls)) {
		c := t.calls[method]
		c.template, c.names = path, names
		*list = append(*list, c)
	}
	for _, segment := range slices.Sorted(maps.Keys(t.children)) {
		if segment != parameter {
			t.children[segment].walk(path+"/"+segment, unescaped(segment), names, list)
			continue
		}
		name := nameAfter(before)
		for n := 2; slices.Contains(names, name); n++ {
			name = strings.TrimRight(name, "0123456789") + strconv.Itoa(n)
		}
		t.children[segment].walk(path+"/{"+name+"}", "", append(names[:len(names):len(names)], name), list)
	}
}

// valuesIn are the texts in a path at the places of a template's parameters.
func valuesIn(path, template string) []string {
	var list []string
	given := strings.Split(path, "/")
	for i, segment := range strings.Split(template, "/") {
		if strings.HasPrefix(segment, "{") && i < len(given) {
			list = append(list, unescaped(given[i]))
		}
	}
	return list
}

func unescaped(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}

// escapedBraces keeps a brace that was sent from being read as that of a parameter.
func escapedBraces(segment string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D").Replace(segment)
}
