package specs

import (
	"maps"
	"slices"
)

// Direction is who sends a body. A property that is readOnly is demanded of the vendor
// alone, one that is writeOnly of the partner alone (OpenAPI 3.0.3, 4.7.24.2).
type Direction string

// The two directions.
const (
	ToVendor   Direction = "request"
	FromVendor Direction = "answer"
)

// RequestWay is the direction of an operation's request; that of its answers is the other.
func (o *Operation) RequestWay() Direction {
	if o.Event {
		return FromVendor
	}
	return ToVendor
}

// Other is the opposite direction.
func (d Direction) Other() Direction {
	if d == ToVendor {
		return FromVendor
	}
	return ToVendor
}

// Required are those of the names under `required` that this direction demands. Marked
// tells whether a property has a keyword set.
func (d Direction) Required(names []any, marked func(name any, keyword string) bool) []any {
	others := map[Direction]string{ToVendor: "readOnly", FromVendor: "writeOnly"}[d]
	left := []any{}
	for _, name := range names {
		if !marked(name, others) {
			left = append(left, name)
		}
	}
	return left
}

// Sent is the contract with its payloads as one direction has them: their schemas demand
// what this direction demands. It is the contract itself where directions do not differ.
func (c *Contract) Sent(way Direction) *Contract {
	if !slices.ContainsFunc(slices.Collect(maps.Values(c.Payloads)), func(p *Payload) bool { return p.directed }) {
		return c
	}
	next := *c
	next.Payloads = maps.Clone(c.Payloads)
	for name, p := range c.Payloads {
		directed := *p
		schema := wordings{draft7: object(c.directed(p, p.Schema(), way))}
		if schema.written = schema.draft7; p.IsNewer() {
			schema.written = object(c.directed(p, p.Written(), way))
		}
		directed.inForce = func() wordings { return schema }
		next.Payloads[name] = &directed
	}
	return &next
}

// directed copies a schema for one direction. What only decides stays as it is: a
// condition that asks for a property asks whether it is there.
func (c *Contract) directed(p *Payload, value any, way Direction) any {
	switch value := value.(type) {
	case []any:
		next := make([]any, len(value))
		for i, one := range value {
			next[i] = c.directed(p, one, way)
		}
		return next
	case map[string]any:
		next := maps.Clone(value)
		for key, inside := range value {
			switch {
			case slices.Contains([]string{"if", "not", "contains", "propertyNames"}, key):
			case slices.Contains(namedSchemas, key), key == "$defs", key == "dependentSchemas":
				named := maps.Clone(object(inside))
				for name, one := range named {
					if _, isList := one.([]any); !isList { // dependencies may list keys
						named[name] = c.directed(p, one, way)
					}
				}
				next[key] = named
			case slices.Contains(nestedSchemas, key), key == "prefixItems", slices.Contains(newer, key):
				next[key] = c.directed(p, inside, way)
			}
		}
		if names, ok := value["required"].([]any); ok {
			properties := object(value["properties"])
			next["required"] = way.Required(names, func(name any, keyword string) bool {
				text, _ := name.(string)
				return c.marked(p, properties[text], keyword, nil)
			})
		}
		return next
	}
	return value
}

// marked reports whether a schema has a keyword set, or one that it refers to or extends.
func (c *Contract) marked(p *Payload, schema any, keyword string, inside []string) bool {
	keywords := object(schema)
	if keywords[keyword] == true {
		return true
	}
	all, _ := keywords["allOf"].([]any)
	if slices.ContainsFunc(all, func(one any) bool { return c.marked(p, one, keyword, inside) }) {
		return true
	}
	ref, ok := keywords["$ref"].(string)
	if !ok || slices.Contains(inside, p.Name+ref) {
		return false
	}
	target, next := c.Resolve(p, ref)
	return target != nil && c.marked(target, next, keyword, append(inside, p.Name+ref))
}
