package validator

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

// Redactor returns one that knows what the contracts say of secrets: the names of
// all properties and parameters that they mark x-secret, true or false, and the words that may be
// shown of any body because the contracts have them.
func Redactor(contracts ...*specs.Contract) *redaction.Redactor {
	return redaction.New(Redaction(contracts...))
}

// Redaction is what Redactor makes one from.
func Redaction(contracts ...*specs.Contract) redaction.Options {
	marked, words := map[bool]map[string]bool{true: {}, false: {}}, map[string]bool{}
	for _, c := range contracts {
		for _, p := range c.Payloads {
			collectWords(p.Schema, marked, words)
		}
		for _, o := range slices.Concat(c.Operations, c.Events) {
			words[o.ID] = true
			for _, p := range o.Parameters {
				words[p.Name] = true
				if p.Secret {
					marked[true][p.Name] = true
				}
				if p.Open {
					marked[false][p.Name] = true
				}
			}
		}
	}
	return redaction.Options{Names: slices.Sorted(maps.Keys(marked[true])), Open: slices.Sorted(maps.Keys(marked[false])), Words: slices.Sorted(maps.Keys(words))}
}

// collectWords reads the names of a schema, and the values that it lists.
func collectWords(value any, marked map[bool]map[string]bool, words map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		properties, _ := value["properties"].(map[string]any)
		for name, schema := range properties {
			words[name] = true
			keywords, _ := schema.(map[string]any)
			if secret, ok := keywords["x-secret"].(bool); ok {
				marked[secret][name] = true
			}
		}
		listed, _ := value["enum"].([]any)
		for _, one := range listed {
			if text, ok := one.(string); ok {
				words[text] = true
			}
		}
		if text, ok := value["const"].(string); ok {
			words[text] = true
		}
		for _, inside := range value {
			collectWords(inside, marked, words)
		}
	case []any:
		for _, inside := range value {
			collectWords(inside, marked, words)
		}
	}
}
