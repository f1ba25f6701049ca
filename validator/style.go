package validator

import (
	"net/url"
	"slices"
	"strings"
)

// How lists and objects are written in parameters: the styles of OpenAPI, which are
// those of RFC 6570.

// plain are the texts of single values, without what the style writes before them.
// Wrong says what it lacks.
func (p *parameter) plain(texts []string) (values []string, wrong string) {
	for _, text := range texts {
		if p.In == "path" {
			var ok bool
			if text, ok = strings.CutPrefix(text, p.opening()); !ok {
				return nil, "text that begins with " + p.opening()
			}
			text = unescapedPath(text)
		}
		values = append(values, text)
	}
	return values, ""
}

// opening is what a value in a path begins with.
func (p *parameter) opening() string {
	switch p.Style {
	case "label":
		return "."
	case "matrix":
		return ";" + p.Name + "="
	}
	return ""
}

// divider is what stands between the items of a list, and between the members of an
// object; "" where each is a text of its own.
func (p *parameter) divider() string {
	switch p.Style {
	case "form", "spaceDelimited", "pipeDelimited", "deepObject":
		if p.Explode {
			return ""
		}
		return map[string]string{"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[p.Style]
	case "label":
		if p.Explode {
			return "."
		}
	case "matrix":
		if p.Explode {
			return ";"
		}
	}
	return ","
}

// split takes a list or an object apart where texts hold more than one item.
func (p *parameter) split(texts []string) (items []string, wrong string) {
	if p.divider() == "" {
		return texts, ""
	}
	for _, text := range texts {
		opening := p.opening()
		if p.Style == "matrix" && p.Explode {
			opening = ";"
		}
		text, ok := strings.CutPrefix(text, opening)
		if p.In == "path" && !ok {
			return nil, "text that begins with " + opening
		}
		for item := range strings.SplitSeq(text, p.divider()) {
			switch p.In {
			case "header":
				item = strings.Trim(item, " \t")
			case "path":
				item = unescapedPath(item)
			}
			items = append(items, item)
		}
	}
	return items, ""
}

// items are the texts of a list.
func (p *parameter) items(texts []string) (items []string, wrong string) {
	items, wrong = p.split(texts)
	if p.Style != "matrix" || !p.Explode {
		return items, wrong
	}
	for i, item := range items {
		value, ok := strings.CutPrefix(item, p.Name+"=")
		if !ok {
			return nil, "items as ;" + p.Name + "=value"
		}
		items[i] = value
	}
	return items, wrong
}

// fields are the members of an object with their texts; nil when none was sent.
func (p *parameter) fields(given *sent, texts []string) (fields url.Values, wrong string) {
	switch {
	case p.Style == "deepObject":
		return deepFields(p.Name, given.inQuery()), ""
	case p.In == "query" && p.Explode:
		return p.known(func(name string) []string { return given.inQuery()[name] }), ""
	case p.In == "cookie" && p.Explode:
		return p.known(given.inCookies), ""
	case len(texts) == 0:
		return nil, ""
	}
	items, wrong := p.split(texts)
	if wrong != "" {
		return nil, wrong
	}
	fields = url.Values{}
	if p.Explode { // name=value
		for _, item := range items {
			name, value, ok := strings.Cut(item, "=")
			if !ok {
				return nil, "members as name=value"
			}
			fields.Add(name, value)
		}
		return fields, ""
	}
	if len(items)%2 != 0 {
		return nil, "a name and a value for each member"
	}
	for pair := range slices.Chunk(items, 2) {
		fields.Add(pair[0], pair[1])
	}
	return fields, ""
}

// known are the members that the schema names: each is a parameter of its own, which
// nothing but its name tells from others.
func (p *parameter) known(values func(name string) []string) url.Values {
	var fields url.Values
	for _, n := range p.root.applicable(viewOf(anything{})) {
		for name := range n.properties {
			if texts := values(name); len(texts) > 0 {
				if fields == nil {
					fields = url.Values{}
				}
				fields[name] = texts
			}
		}
	}
	return fields
}

// fieldOf reads the texts of one member by the schema: more than one, or one where the
// schema has a list, are a list.
func fieldOf(nodes []*node, name string, texts []string) any {
	below, _ := member(nodes, name, viewOf(anything{}))
	kinds, items := kindsOf(below)
	if !slices.Contains(kinds, "array") {
		return decodeAs(kinds, texts[0])
	}
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = decodeAs(items, text)
	}
	return list
}
