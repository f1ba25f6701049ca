package openapi

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/yamlnode"
)

// named are the schemas of one file that have an address or a name of their own: $id,
// $anchor and $dynamicAnchor.
type named struct {
	pointers map[string]string // by address
	dynamic  map[string]bool   // addresses that $dynamicAnchor gives
	done     map[*yaml.Node]bool
}

// pointAtNames makes each reference of a file that leads to a schema of it by its name
// lead to its place instead, so that nothing else needs to know of names. Only a
// $dynamicRef that leads to a $dynamicAnchor stays: who asks decides where it leads.
func pointAtNames(file string, data []byte, top *yaml.Node) {
	if !slices.ContainsFunc([]string{"$id", "$anchor", "$dynamicAnchor", "$dynamicRef"}, func(key string) bool { return bytes.Contains(data, []byte(key)) }) {
		return
	}
	in := named{map[string]string{}, map[string]bool{}, map[*yaml.Node]bool{}}
	base := url.URL{Scheme: "https", Host: "document.invalid", Path: "/" + file}
	in.walk(top, "", base, in.note)
	in.walk(top, "", base, in.resolve)
}

// withoutSchemas are keywords below which nothing is a schema.
var withoutSchemas = []string{"enum", "const", "default", "example", "examples"}

func (in named) walk(n *yaml.Node, pointer string, base url.URL, visit func(n *yaml.Node, pointer string, base url.URL)) {
	n = yamlnode.Resolved(n)
	if n == nil {
		return
	}
	if n.Kind == yaml.SequenceNode {
		for i, one := range n.Content {
			in.walk(one, pointer+"/"+strconv.Itoa(i), base, visit)
		}
		return
	}
	if id := yamlnode.Text(yamlnode.Member(n, "$id")); id != "" {
		if parsed, err := base.Parse(id); err == nil {
			base = *parsed
			base.Fragment, base.RawFragment = "", ""
		}
	}
	visit(n, pointer, base)
	for _, p := range yamlnode.Pairs(n) {
		if !slices.Contains(withoutSchemas, p.Key.Value) && !strings.HasPrefix(p.Key.Value, "x-") {
			in.walk(p.Value, pointer+"/"+jsonpointer.Escape(p.Key.Value), base, visit)
		}
	}
}

// note remembers what a schema calls itself.
func (in named) note(n *yaml.Node, pointer string, base url.URL) {
	if yamlnode.Text(yamlnode.Member(n, "$id")) != "" {
		in.pointers[base.String()] = pointer
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name := yamlnode.Text(yamlnode.Member(n, key)); name != "" {
			base.Fragment = name
			in.pointers[base.String()] = pointer
			in.dynamic[base.String()] = key == "$dynamicAnchor"
		}
	}
}

// resolve rewrites what leads to a name.
func (in named) resolve(n *yaml.Node, _ string, base url.URL) {
	for _, p := range yamlnode.Pairs(n) {
		isDynamic := p.Key.Value == "$dynamicRef"
		if p.Value.Kind != yaml.ScalarNode || in.done[p.Value] || p.Key.Value != "$ref" && !isDynamic {
			continue
		}
		in.done[p.Value] = true
		to, err := base.Parse(p.Value.Value)
		if err != nil || isDynamic && in.dynamic[to.String()] {
			continue
		}
		pointer, known := in.pointers[to.String()]
		if !known {
			below := to.Fragment
			to.Fragment, to.RawFragment = "", ""
			pointer, known = in.pointers[to.String()]
			pointer += below
		}
		if known {
			p.Value.Value = "#" + (&url.URL{Fragment: pointer}).EscapedFragment()
		}
		if known || isDynamic && strings.HasPrefix(p.Value.Value, "#/") {
			p.Key.Value = "$ref"
		}
	}
}
