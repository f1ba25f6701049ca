package specs

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// Resolve returns the payload and the schema that a reference in a payload's
// schema leads to: a file of the contract, or a schema inside one. Target is nil
// when it leads nowhere, which only a patch of a reading can make it do.
func (c *Contract) Resolve(p *Payload, ref string) (target *Payload, schema any) {
	if target = targetOf(p, ref, c.Payloads); target == nil {
		return nil, nil
	}
	schema, ok := schemaAt(target.Schema(), PointerOf(ref))
	if !ok {
		return nil, nil
	}
	return target, schema
}

// targetOf is the payload whose file a reference names.
func targetOf(p *Payload, ref string, payloads map[string]*Payload) *Payload {
	file, _, _ := strings.Cut(ref, "#")
	if file == "" {
		return p
	}
	return payloads[payloadOf(path.Join(path.Dir(p.File), file))]
}

// PointerOf is the JSON pointer that a reference ends in, with its percent-encoding
// undone; "" for a whole file.
func PointerOf(ref string) string {
	_, fragment, _ := strings.Cut(ref, "#")
	if decoded, err := url.PathUnescape(fragment); err == nil {
		return decoded
	}
	return fragment
}

// schemaAt follows a pointer from a schema to one inside it. It leads from schema to
// schema only: what stands elsewhere, in an example for instance, is none.
func schemaAt(schema any, pointer string) (any, bool) {
	if pointer != "" && pointer[0] != '/' {
		return nil, false
	}
	for keys := jsonpointer.Keys(pointer); len(keys) > 0; {
		key, next := keys[0], ""
		if keys = keys[1:]; len(keys) > 0 {
			next = keys[0]
		}
		key = inOlder(object(schema), key, next)
		inside, ok := object(schema)[key]
		list, isList := inside.([]any)
		switch {
		case !ok:
			return nil, false
		case slices.Contains(namedSchemas, key) && len(keys) > 0:
			if schema, ok = object(inside)[keys[0]]; !ok {
				return nil, false
			}
			keys = keys[1:]
		case slices.Contains(nestedSchemas, key) && !isList:
			schema = inside
		case slices.Contains(nestedSchemas, key) && len(keys) > 0:
			i, err := strconv.Atoi(keys[0])
			if err != nil || i < 0 || i >= len(list) {
				return nil, false
			}
			schema, keys = list[i], keys[1:]
		default:
			return nil, false
		}
	}
	switch schema.(type) {
	case map[string]any, bool:
		return schema, true
	}
	return nil, false
}
