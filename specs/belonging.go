package specs

import "slices"

// Belonging says where requirements are named, by ID: the operations and events that
// have them (by their full names, also through a parameter), and the payloads of which
// a schema has.
func (c *Contract) Belonging() map[string][]string {
	where := map[string][]string{}
	note := func(id, name string) {
		if id != "" && !slices.Contains(where[id], name) {
			where[id] = append(where[id], name)
		}
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for _, id := range o.Requirements {
			note(id, o.Name())
		}
		for _, p := range o.Parameters {
			note(p.Requirement, o.Name())
		}
	}
	for _, name := range c.PayloadNames() {
		walkSchemas(c.Payloads[name].Schema(), func(schema map[string]any) {
			id, _ := schema["x-requirement"].(string)
			note(id, name)
		})
	}
	return where
}

// Affecting are the readings that have options and on which one of some things depends:
// operations and events by their full names, payloads, requirements by their IDs.
func (c *Contract) Affecting(names ...string) []Reading {
	var list []Reading
	for _, r := range c.Readings {
		touches := slices.ContainsFunc(names, func(name string) bool { return name != "" && slices.Contains(r.Affects, name) })
		if touches && r.Harmless == "" {
			list = append(list, r)
		}
	}
	return list
}
