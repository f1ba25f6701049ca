package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// converter writes a document's contract, one file after the other.
type converter struct {
	*document
	minor int // of OpenAPI 3
	files map[string]any
	notes notes
	err   error // the first

	components map[string]string   // payload by file, pointer and direction
	alike      map[*yaml.Node]bool // schemas that are the same in both directions
	taken      map[string]bool     // names of payloads
	operations map[string]bool     // IDs of operations
	events     map[string]bool
	hooks      ordered    // webhooks and callbacks
	inside     string     // folder of the payload that is being written
	newer      bool       // it is written in 2020-12, because draft-07 has no words for it
	root       *yaml.Node // of the document, what it is of
	anchors    []string   // its $dynamicAnchors
	inline     int        // how deep references are being replaced; 0: they lead to files
}

func (c *converter) fail(err error) { c.err = cmp.Or(c.err, err) }

// note says what of a document nobody judges.
func (c *converter) note(at found, format string, args ...any) {
	place := ""
	if at.node != nil && at.node.Line > 0 { // of Swagger 2.0 no line is known
		place = fmt.Sprintf("%s:%d", c.called(at.file), at.node.Line)
	}
	c.notes.add(fmt.Sprintf(format, args...), place)
}

// source is where evidence says that something stands.
func source(at found) map[string]any {
	section := ""
	if at.node != nil && at.node.Line > 0 {
		section = "#L" + strconv.Itoa(at.node.Line)
	}
	return map[string]any{"class": "documented", "source": sourceKey + section}
}

const sourceKey = "document"

// component returns the payload of a schema that a reference names.
func (c *converter) component(at found, way specs.Direction) (string, error) {
	target, ref, err := c.resolveOnce(at)
	if err != nil {
		return "", err
	}
	key := ref
	if c.differs(target) {
		key += " " + string(way)
	}
	if name, known := c.components[key]; known {
		return name, nil
	}
	file, pointer, _ := strings.Cut(ref, "#")
	name := "components/" + FileName(pointer[strings.LastIndexByte(pointer, '/')+1:])
	if file != c.main {
		name = "components/" + FileName(strings.TrimSuffix(path.Base(file), path.Ext(file)))
		if pointer != "" {
			name += "." + FileName(pointer[strings.LastIndexByte(pointer, '/')+1:])
		}
	}
	if key != ref {
		name += "." + string(way)
	}
	name = c.free(name)
	c.components[key] = name
	c.payload(name, target, way)
	return name, nil
}

// resolveOnce follows one reference.
func (c *converter) resolveOnce(at found) (found, string, error) {
	given := yamlnode.Member(at.node, "$ref")
	next, err := c.follow(at, yamlnode.Text(given))
	if err != nil {
		return next, "", c.errorf(found{at.file, given}, "%v", err)
	}
	return next, next.file + "#" + fragment(given.Value), nil
}

// differs reports whether a schema is another one in each direction. What was found to
// be the same in both is not looked at again.
func (c *converter) differs(at found) bool {
	seen := map[*yaml.Node]bool{}
	if c.anyDiffers(at, seen) {
		return true
	}
	maps.Copy(c.alike, seen)
	return false
}

func (c *converter) anyDiffers(at found, seen map[*yaml.Node]bool) bool {
	n := yamlnode.Resolved(at.node)
	if n == nil || n.Kind == yaml.ScalarNode || seen[n] || c.alike[n] {
		return false
	}
	seen[n] = true
	if yamlnode.IsTrue(yamlnode.Member(n, "readOnly")) || yamlnode.IsTrue(yamlnode.Member(n, "writeOnly")) {
		return true
	}
	if ref := yamlnode.Member(n, "$ref"); ref != nil && ref.Kind == yaml.ScalarNode {
		if next, err := c.follow(at, ref.Value); err == nil && c.anyDiffers(next, seen) {
			return true
		}
	}
	for _, p := range yamlnode.Pairs(n) {
		if c.anyDiffers(found{at.file, p.Value}, seen) {
			return true
		}
	}
	for _, one := range yamlnode.Items(n) {
		if c.anyDiffers(found{at.file, one}, seen) {
			return true
		}
	}
	return false
}

// payload writes a schema file.
func (c *converter) payload(name string, at found, way specs.Direction) {
	outside, newer, root, anchors := c.inside, c.newer, c.root, c.anchors
	c.inside, c.newer, c.root, c.anchors = path.Dir(name), c.minor > 0 && needsNewer(at.node), yamlnode.Resolved(at.node), nil
	if c.newer {
		c.anchors = anchorsIn(at.node)
	}
	schema, ok := c.schema(at, way).(map[string]any)
	if !ok { // true or false
		schema = map[string]any{"allOf": []any{c.schema(at, way)}}
	}
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	if c.newer {
		schema["$schema"] = specs.NewerURI
	}
	c.inside, c.newer, c.root, c.anchors = outside, newer, root, anchors
	c.files["schemas/"+name+".schema.json"] = schema
}

// relative is a reference from the payload that is being written to another.
func (c *converter) relative(name string) string {
	up := ""
	if c.inside != "." && c.inside != "" {
		up = strings.Repeat("../", strings.Count(c.inside, "/")+1)
	}
	return cmp.Or(up, "./") + name + ".schema.json"
}

var unsafe = lazy.Regexp(`[^A-Za-z0-9._-]+`)

// FileName is a name as files have it.
func FileName(name string) string {
	name = strings.Trim(unsafe().ReplaceAllString(name, "-"), ".-")
	return cmp.Or(name, "unnamed")
}

// free is a payload's name that no other has.
func (c *converter) free(name string) string {
	for n, base := 2, name; c.taken[name]; n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	c.taken[name] = true
	return name
}
