package validator

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

// Redactor returns one that knows what the contracts say of secrets: the names of
// all properties and parameters that they mark x-secret, and the words that may be
// shown of any body because the contracts have them.
func Redactor(contracts ...*specs.Contract) *redaction.Redactor {
	return redaction.New(Redaction(contracts...))
}

// Redaction is what Redactor makes one from.
func Redaction(contracts ...*specs.Contract) redaction.Options {
	secrets, words := map[string]bool{}, map[string]bool{}
	for _, c := range contracts {
		for _, p := range c.Payloads {
			collectWords(p.Schema, secrets, words)
		}
		for _, o := range slices.Concat(c.Operations, c.Events) {
			words[o.ID] = true
			for _, p := range o.Parameters {
				words[p.Name] = true
				if p.Secret {
					secrets[p.Name] = true
				}
			}
		}
	}
	return redaction.Options{Names: slices.Sorted(maps.Keys(secrets)), Words: slices.Sorted(maps.Keys(words))}
}

// collectWords reads the names of a schema, and the values that it lists.
func collectWords(value any, secrets, words map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		properties, _ := value["properties"].(map[string]any)
		for name, schema := range properties {
			words[name] = true
			keywords, _ := schema.(map[string]any)
			if secret, _ := keywords["x-secret"].(bool); secret {
				secrets[name] = true
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
			collectWords(inside, secrets, words)
		}
	case []any:
		for _, inside := range value {
			collectWords(inside, secrets, words)
		}
	}
}
