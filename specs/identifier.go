package specs

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// identifiers are the addresses that schemas of a contract give themselves with $id.
type identifiers struct {
	base  url.URL // of the file or schema being read
	known map[string]identified
}

type identified struct {
	payload *Payload
	pointer string
}

// resolveIdentifiers makes each reference that leads to a schema by its $id lead to
// file and place instead, and takes $id out. So nothing else needs to know of it.
func resolveIdentifiers(payloads map[string]*Payload) {
	known := map[string]identified{}
	for _, p := range payloads {
		in := identifiers{base: addressOfFile(p.File), known: known}
		in.walk(p, p.printed().draft7, "", in.note)
	}
	for _, p := range payloads {
		in := identifiers{base: addressOfFile(p.File), known: known}
		in.walk(p, p.printed().draft7, "", in.resolve)
	}
	for _, p := range payloads {
		walkSchemas(p.printed().draft7, func(schema map[string]any) {
			delete(schema, "$id")
			delete(schema, "$anchor")
		})
	}
}

// addressOfFile is where a file is said to be: the name is reserved (RFC 2606).
func addressOfFile(file string) url.URL {
	return url.URL{Scheme: "https", Host: "contract.invalid", Path: "/" + file}
}

// walk visits a schema and all inside it, each with the address that it stands under.
func (in identifiers) walk(p *Payload, value any, pointer string, visit func(p *Payload, schema map[string]any, pointer string, base url.URL)) {
	switch value := value.(type) {
	case []any:
		for i, one := range value {
			in.walk(p, one, pointer+"/"+strconv.Itoa(i), visit)
		}
	case map[string]any:
		if id, ok := value["$id"].(string); ok && value["$ref"] == nil && !strings.HasPrefix(id, "#") {
			if parsed, err := in.base.Parse(id); err == nil {
				in.base = *parsed
			}
		}
		visit(p, value, pointer, in.base)
		for key, inside := range value {
			switch below := pointer + "/" + key; {
			case slices.Contains(namedSchemas, key):
				for name, one := range object(inside) {
					in.walk(p, one, below+"/"+jsonpointer.Escape(name), visit)
				}
			case slices.Contains(nestedSchemas, key):
				in.walk(p, inside, below, visit)
			}
		}
	}
}

// note remembers what a schema calls itself: an address, or a name in its file.
func (in identifiers) note(p *Payload, schema map[string]any, pointer string, base url.URL) {
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name, ok := schema[key].(string); ok {
			base.Fragment = name
			in.known[base.String()] = identified{p, pointer}
		}
	}
	id, ok := schema["$id"].(string)
	if !ok || schema["$ref"] != nil {
		return
	}
	if strings.HasPrefix(id, "#") {
		base.Fragment = id[1:]
	} else {
		base.Fragment = ""
	}
	in.known[base.String()] = identified{p, pointer}
}

// resolve rewrites a reference that leads to an address or a name.
func (in identifiers) resolve(p *Payload, schema map[string]any, _ string, base url.URL) {
	ref, ok := schema["$ref"].(string)
	if !ok {
		return
	}
	to, err := base.Parse(ref)
	if err != nil {
		return
	}
	found, byName := in.known[to.String()]
	pointer := to.Fragment
	if !byName {
		to.Fragment, to.RawFragment = "", ""
		if found, ok = in.known[to.String()]; !ok {
			return
		}
		found.pointer += pointer
	}
	next := "#" + (&url.URL{Fragment: found.pointer}).EscapedFragment()
	if found.payload != p {
		up := strings.Repeat("../", strings.Count(path.Dir(p.File), "/")+1)
		next = strings.TrimSuffix(up+found.payload.File+next, "#")
	}
	schema["$ref"] = next
}
