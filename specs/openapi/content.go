package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// content writes a payload for each content type that has a schema.
func (c *converter) content(at found, name string, way specs.Direction) map[string]any {
	out := map[string]any{}
	all := yamlnode.Pairs(at.node)
	rank := func(p yamlnode.Pair) int {
		switch kind := p.Key.Value; {
		case kind == "application/json":
			return 0
		case strings.Contains(kind, "json"):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b yamlnode.Pair) int { return rank(a) - rank(b) })
	written := map[string]string{} // payload by what it was made of
	for i, p := range all {
		kind := p.Key.Value
		at, _, err := c.resolve(found{at.file, p.Value}) // 3.2 lets it stand among the components
		if err != nil {
			c.fail(err)
			return out
		}
		for _, key := range []string{"itemSchema", "prefixEncoding", "itemEncoding"} {
			if n := yamlnode.Member(at.node, key); n != nil {
				c.note(found{at.file, n}, "%s of a body in %s", key, kind)
			}
		}
		schema := yamlnode.Member(at.node, "schema")
		if schema == nil {
			out[kind] = c.shown(at)
			continue
		}
		if strings.Contains(kind, "xml") {
			c.note(found{at.file, schema}, "a body in %s", kind)
			out[kind] = c.shown(at)
			continue
		}
		encoding := c.encoding(kind, found{at.file, yamlnode.Member(at.node, "encoding")})
		same := ""
		if len(all) > 1 {
			same = fmt.Sprint(yamlnode.Plain(schema), strings.Contains(kind, "json"))
		}
		payload, known := written[same]
		if !known {
			payload = name
			if i > 0 {
				payload += "." + FileName(kind)
			}
			payload = c.free(payload)
			c.payload(payload, found{at.file, schema}, way)
			written[same] = payload
		}
		c.samples(payload, at, found{at.file, schema})
		media := map[string]any{"schema": map[string]any{"$ref": "./schemas/" + payload + ".schema.json"}}
		if len(encoding) > 0 {
			media["encoding"] = encoding
		}
		out[kind] = media
	}
	return out
}

// encoding keeps how the members of a form are written, and names what of it nobody reads.
func (c *converter) encoding(kind string, at found) map[string]any {
	out := map[string]any{}
	isForm := specs.MediaOf(kind) == specs.Form
	if at.node != nil && !isForm && !strings.HasPrefix(kind, "multipart/form-data") {
		c.note(at, "encoding of a body in %s", kind)
		return out
	}
	for _, part := range yamlnode.Pairs(at.node) {
		one := map[string]any{}
		for _, p := range yamlnode.Pairs(part.Value) {
			switch key := p.Key.Value; {
			case key == "contentType", key == "explode", key == "style" && slices.Contains(formStyles, p.Value.Value):
				one[key] = yamlnode.Plain(p.Value)
			case key != "allowReserved" && !strings.HasPrefix(key, "x-") && !(isForm && key == "headers"): // those are of parts alone
				c.note(found{at.file, p.Key}, "%s of part %s of a body in %s", key, part.Key.Value, kind)
			}
		}
		if one["style"] == "deepObject" {
			delete(one, "explode") // it has no other form
		}
		if len(one) > 0 {
			out[part.Key.Value] = one
		}
	}
	return out
}

// formStyles are those of a query, in which the members of a form are written.
var formStyles = []string{"form", "spaceDelimited", "pipeDelimited", "deepObject"}
