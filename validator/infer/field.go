package infer

import (
	"maps"
	"net/url"
	"slices"

	"github.com/parleykit/parley/traffic"
)

// field is what was seen of a name that has texts for values: of a parameter, or in a
// form.
type field struct {
	calls    int // that had it
	repeated bool
	texts    texts
}

// fields are those of one query, header or form after the other, by name.
type fields map[string]*field

func (f fields) add(values, shown url.Values) {
	for name, given := range values {
		if f[name] == nil {
			f[name] = &field{}
		}
		f[name].calls++
		f[name].repeated = f[name].repeated || len(given) > 1
		for i, text := range given {
			f[name].texts.add(text, i < len(shown[name]) && shown[name][i] == text)
		}
	}
}

func (f fields) merge(o fields) {
	for name, other := range o {
		if f[name] == nil {
			f[name] = &field{}
		}
		f[name].calls += other.calls
		f[name].repeated = f[name].repeated || other.repeated
		f[name].texts.merge(other.texts)
	}
}

func (f *field) schema() map[string]any {
	if f.repeated {
		return map[string]any{"type": "array", "items": f.texts.schema()}
	}
	return f.texts.schema()
}

// parameters are the fields as OpenAPI's; calls is of how many requests.
func (f fields) parameters(in string, calls int) []any {
	var list []any
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list = append(list, map[string]any{
			"name": name, "in": in, "required": f[name].calls == calls && calls >= often,
			"schema": f[name].schema(), "x-evidence": evidence(),
		})
	}
	return list
}

// sent are the headers of an event as OpenAPI's parameters. One that always had the same
// value is sent with it; any other can't be mandatory, as nobody knows what to send.
func (f fields) sent(calls int) []any {
	list := f.parameters("header", calls)
	for _, one := range list {
		p := one.(map[string]any)
		texts := f[p["name"].(string)].texts
		switch {
		case texts.varied || texts.secret || texts.empty || isID(texts.first): // an ID, or what the two sides agreed on
			p["required"] = false
		case p["required"] == true:
			kind, _ := texts.schema()["type"].(string)
			p["example"] = value(kind, texts.first)
		}
	}
	return list
}

// form is the schema of a form.
func (f fields) form(calls int) map[string]any {
	properties, required := map[string]any{}, []any{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		inside := f[name].schema()
		inside["x-evidence"] = "observed"
		properties[name] = inside
		if f[name].calls == calls && calls >= often {
			required = append(required, name)
		}
	}
	out := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// sample is a form as its schema reads it.
func (f fields) sample(given url.Values) map[string]any {
	out := map[string]any{}
	for name, texts := range given {
		one := f[name]
		if one == nil {
			continue
		}
		kind, _ := one.texts.schema()["type"].(string)
		var list []any
		for _, text := range texts {
			if traffic.Hidden(text) {
				kind = "string"
			}
			list = append(list, value(kind, text))
		}
		if out[name] = list[0]; one.repeated {
			out[name] = list
		}
	}
	return out
}
