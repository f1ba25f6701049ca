package openapi

import (
	"encoding/json"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/yamlnode"
)

// samples writes the examples of a body, those of the content type before those of
// its schema.
func (c *converter) samples(payload string, media, schema found) {
	if n := yamlnode.Member(media.node, "example"); n != nil {
		c.sample(payload, "example", found{media.file, n})
	}
	for _, p := range yamlnode.Pairs(yamlnode.Member(media.node, "examples")) {
		value, _, err := c.resolve(found{media.file, p.Value})
		if err != nil {
			c.fail(err)
			return
		}
		if example, ok := c.example(value, p.Key.Value); ok {
			c.sample(payload, p.Key.Value, example)
		}
	}
	value, _, err := c.resolve(schema) // its own, or those of what it refers to
	if err != nil {
		return // the schema's error has been told
	}
	if n := yamlnode.Member(value.node, "example"); n != nil {
		c.sample(payload, "example", found{value.file, n})
	}
	for i, n := range yamlnode.Items(yamlnode.Member(value.node, "examples")) {
		c.sample(payload, "example-"+strconv.Itoa(i+1), found{value.file, n})
	}
}

// example is the value that an example has, by either of the names that it may have since
// 3.2. What is no value is named.
func (c *converter) example(at found, name string) (value found, ok bool) {
	for _, key := range []string{"dataValue", "value"} {
		if has(at.node, key) {
			return found{at.file, yamlnode.Member(at.node, key)}, true
		}
	}
	for _, one := range []struct{ key, text string }{{"externalValue", "which stands at another address"}, {"serializedValue", "which is written as it is sent"}} {
		if n := yamlnode.Member(at.node, one.key); n != nil {
			c.note(found{at.file, n}, "example %s, %s", name, one.text)
		}
	}
	return found{}, false
}

func has(n *yaml.Node, key string) bool {
	for _, p := range yamlnode.Pairs(n) {
		if p.Key.Value == key {
			return true
		}
	}
	return false
}

// sample writes one, unless another of the same name was there first.
func (c *converter) sample(payload, name string, at found) {
	file := "samples/" + payload + "/" + FileName(name)
	if _, there := c.files[file+".json"]; there {
		return
	}
	c.files[file+".json"] = json.RawMessage(mustJSON(yamlnode.Plain(at.node)))
	about := map[string]any{"source": source(at)["source"], "evidence": "documented"}
	c.files[file+".repairs.yaml"] = about
}

func mustJSON(value any) []byte {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil { // values of JSON can be written
		return []byte("null")
	}
	return data
}
