package infer

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/lazy"
)

// texts is what was seen of strings at one place: of a body, or of the values of a
// parameter.
type texts struct {
	seen    int
	empty   bool
	first   string
	varied  bool            // at least two different ones were seen
	values  map[string]bool // at most maxKnown+1; nil where one of them must not be listed
	secret  bool            // one of them is not to be shown
	formats []string        // that all had so far
	kinds   []string        // that all may be read as, of integer, number and boolean
}

// The bounds of values that are listed as known: few different ones among many seen.
const (
	maxKnown = 4
	minSeen  = 8
)

func newTexts() texts {
	return texts{values: map[string]bool{}, formats: slices.Clone(formatNames), kinds: []string{"integer", "number", "boolean"}}
}

// add takes a string. Shown is whether it may be shown to people as it is.
func (t *texts) add(text string, shown bool) {
	if t.seen == 0 {
		*t = newTexts()
		t.first = text
	}
	t.seen++
	t.empty = t.empty || text == ""
	t.varied = t.varied || text != t.first
	t.secret = t.secret || !shown
	if len(t.values) <= maxKnown {
		t.values[text] = true
	}
	t.formats = slices.DeleteFunc(t.formats, func(name string) bool { return !formats[name](text) })
	t.kinds = slices.DeleteFunc(t.kinds, func(kind string) bool { return !readsAs(kind, text) })
}

// merge adds what was seen elsewhere.
func (t *texts) merge(o texts) {
	if t.seen == 0 || o.seen == 0 {
		if o.seen > 0 {
			*t = o
			t.values = map[string]bool{}
			for value := range o.values {
				t.values[value] = true
			}
		}
		return
	}
	t.seen += o.seen
	t.empty, t.varied, t.secret = t.empty || o.empty, t.varied || o.varied || t.first != o.first, t.secret || o.secret
	for value := range o.values {
		if len(t.values) <= maxKnown {
			t.values[value] = true
		}
	}
	t.formats = slices.DeleteFunc(slices.Clone(t.formats), func(name string) bool { return !slices.Contains(o.formats, name) })
	t.kinds = slices.DeleteFunc(slices.Clone(t.kinds), func(kind string) bool { return !slices.Contains(o.kinds, kind) })
}

// describe adds what all strings have in common to a schema of type string.
func (t *texts) describe(schema map[string]any) {
	switch {
	case t.seen == 0:
	case len(t.formats) > 0 && t.varied:
		schema["format"] = t.formats[0]
	case t.seen >= minSeen && len(t.values) <= maxKnown && !t.secret && t.areWords():
		var known []any
		for _, value := range slices.Sorted(keys(t.values)) {
			known = append(known, value)
		}
		schema["x-known-values"] = known
	}
}

// word is a value that a program chose, and no text that a person wrote.
var word = lazy.Regexp(`^[A-Za-z][A-Za-z0-9]*([ _.:/-][A-Za-z0-9]+){0,4}$`)

func (t *texts) areWords() bool {
	const longest = 40
	for value := range t.values {
		if len(value) > longest || !word().MatchString(value) {
			return false
		}
	}
	return true
}

// schema is that of values which are written as text: in a query, a path, a form.
func (t *texts) schema() map[string]any {
	if len(t.kinds) > 0 {
		return map[string]any{"type": t.kinds[0]}
	}
	schema := map[string]any{"type": "string"}
	t.describe(schema)
	return schema
}

// whole and fraction leave zeros that lead to strings: they are part of an ID. So are
// more digits than a program computes with.
var (
	whole    = lazy.Regexp(`^(0|-?[1-9][0-9]{0,14})$`)
	fraction = lazy.Regexp(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$`)
)

func readsAs(kind, text string) bool {
	switch kind {
	case "integer":
		return whole().MatchString(text)
	case "number":
		return fraction().MatchString(text)
	}
	return text == "true" || text == "false"
}

// value is a text as its schema has it.
func value(kind, text string) any {
	switch kind {
	case "integer", "number":
		return json.Number(text)
	case "boolean":
		return text == "true"
	}
	return text
}

// formats are those that are looked for, each narrower than any reader of it, so that
// whoever judges by the schema takes what was seen.
var formats = map[string]func(string) bool{
	"date-time": func(text string) bool { return moment().MatchString(text) && isTime(time.RFC3339, text) },
	"date":      func(text string) bool { return isTime(time.DateOnly, text) },
	"uuid":      func(text string) bool { return uuid().MatchString(text) },
	"email":     func(text string) bool { return email().MatchString(text) },
	"uri":       func(text string) bool { _, err := url.Parse(text); return address().MatchString(text) && err == nil },
}

var formatNames = []string{"date-time", "date", "uuid", "email", "uri"}

var (
	uuid    = lazy.Regexp(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	moment  = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	email   = lazy.Regexp(`^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]+(-[A-Za-z0-9]+)*(\.[A-Za-z0-9]+(-[A-Za-z0-9]+)*)+$`)
	address = lazy.Regexp(`^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$`)
)

func isTime(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil && !strings.HasPrefix(text, "0000")
}
