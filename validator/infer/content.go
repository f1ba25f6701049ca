package infer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

// content writes the media types of a part, with a payload for those that can have one.
// It is nil where a part has no body, or none whose type a contract could ask for.
func (d *document) content(p *part, payload, where string) map[string]any {
	request := !strings.HasPrefix(payload, "answers/")
	switch {
	case p.untyped > 0 && request:
		d.note("%s: bodies, because %s without a Content-Type that can be read", where, wereOf(p.untyped))
		return map[string]any{"*/*": map[string]any{"x-evidence": "assumed"}}
	case p.untyped > 0:
		d.note("%s: bodies, because %s without a Content-Type that can be read", where, wereOf(p.untyped))
		return nil
	case len(p.kinds) == 0:
		return nil
	}
	names := slices.SortedFunc(maps.Keys(p.kinds), func(a, b string) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a, b)) })
	if p.cut > 0 {
		d.note("%s: %s that %s not recorded whole", where, plural.Of(p.cut, "body", "bodies"), map[bool]string{true: "was", false: "were"}[p.cut == 1])
	}
	out := map[string]any{}
	for n, name := range names {
		own := payload
		if n > 0 {
			own += "." + openapi.FileName(name)
		}
		schema, why := p.kinds[name].described(name)
		if schema != nil && !request && p.bodies < p.seen {
			schema, why = nil, "some came without a body"
		}
		out[name] = map[string]any{}
		if schema == nil {
			d.note("%s: bodies in %s: %s", where, name, why)
			continue
		}
		schema["$schema"], schema["x-evidence"] = "http://json-schema.org/draft-07/schema#", evidence()
		d.files["schemas/"+own+".schema.json"] = schema
		out[name] = map[string]any{"schema": map[string]any{"$ref": "./schemas/" + own + ".schema.json"}}
		d.keep(own, p.kinds[name])
	}
	return out
}

func wereOf(n int) string {
	if n == 1 {
		return "1 was"
	}
	return plural.Of(n, "were", "were")
}

// rank puts JSON first, whose payload then has the plain name.
func rank(name string) int {
	switch {
	case name == "application/json":
		return 0
	case specs.MediaOf(name) == specs.JSON:
		return 1
	}
	return 2
}

// described is the schema of bodies of a type; nil where there is none, and why.
func (k *kind) described(name string) (schema map[string]any, why string) {
	switch media := specs.MediaOf(name); {
	case media == specs.Multipart || media == specs.Text:
		return nil, "only their type is judged"
	case k.broken > 0:
		return nil, "not all can be read as their type says"
	case k.seen == 0:
		return nil, "none was recorded whole"
	case media == specs.Form:
		return k.fields.form(k.seen), ""
	}
	return k.shape.schema(), ""
}

// keep writes the samples of a payload.
func (d *document) keep(payload string, k *kind) {
	if d.options.NoSamples {
		return
	}
	for n, one := range k.samples {
		name := "samples/" + payload + "/" + []string{"observed", "observed-full"}[n]
		if one.form != nil {
			d.files[name+".json"] = k.fields.sample(one.form)
		} else {
			d.files[name+".json"] = json.RawMessage(visible.Text(string(bytes.TrimSpace(one.text))))
		}
		d.files[name+".repairs.yaml"] = map[string]any{"source": sourceKey, "evidence": "observed"}
		d.samples++
	}
}
