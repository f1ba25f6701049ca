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

// encoding keeps the content types of the parts of a body that has some, and names what
// else there is.
func (c *converter) encoding(kind string, at found) map[string]any {
	out := map[string]any{}
	if at.node != nil && !strings.HasPrefix(kind, "multipart/form-data") {
		c.note(at, "encoding of a body in %s", kind)
		return out
	}
	for _, part := range yamlnode.Pairs(at.node) {
		for _, p := range yamlnode.Pairs(part.Value) {
			switch key := p.Key.Value; {
			case key == "contentType":
				out[part.Key.Value] = map[string]any{key: yamlnode.Plain(p.Value)}
			case key != "allowReserved" && !strings.HasPrefix(key, "x-"): // that is not of multipart bodies
				c.note(found{at.file, p.Key}, "%s of part %s of a body in %s", key, part.Key.Value, kind)
			}
		}
	}
	return out
}
