package openapi

import (
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/yamlnode"
)

// webhooks writes the events of a document.
func (c *converter) webhooks(at found) {
	for _, p := range yamlnode.Pairs(at.node) {
		item, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			return
		}
		c.event(item, p.Key.Value)
	}
}

// event writes one for each method of an item.
func (c *converter) event(item found, name string) {
	var own []yamlnode.Pair
	for _, p := range yamlnode.Pairs(item.node) {
		if slices.Contains(methods, p.Key.Value) {
			own = append(own, p)
		}
	}
	for _, p := range own {
		id := strings.TrimPrefix(name, "/")
		if len(own) > 1 && p.Key.Value != "post" {
			id += "." + p.Key.Value
		}
		id = Unique(c.events, id)
		c.hooks = append(c.hooks, entry{id, map[string]any{p.Key.Value: c.operation(item, found{item.file, p.Value}, found{item.file, p.Key}, id, true)}})
	}
}

// callbacks are events whose address stands in a request.
func (c *converter) callbacks(at found, id string) {
	for _, p := range yamlnode.Pairs(at.node) {
		value, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			return
		}
		for _, expression := range yamlnode.Pairs(value.node) {
			if strings.HasPrefix(expression.Key.Value, "x-") {
				continue
			}
			item, _, err := c.resolve(found{value.file, expression.Value})
			if err != nil {
				c.fail(err)
				return
			}
			c.note(found{value.file, expression.Key}, "the address %s of callback %s of %s is not followed: it goes to its channel's URL", expression.Key.Value, p.Key.Value, id)
			c.event(item, p.Key.Value)
		}
	}
}
