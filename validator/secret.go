package validator

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/specs"
)

// Secrets returns the names of all properties and parameters that the contracts
// mark x-secret, sorted. They are what a traffic.Redactor is made from.
func Secrets(contracts ...*specs.Contract) []string {
	names := map[string]bool{}
	for _, c := range contracts {
		for _, p := range c.Payloads {
			collectSecrets(p.Schema, names)
		}
		for _, o := range slices.Concat(c.Operations, c.Events) {
			for _, p := range o.Parameters {
				if p.Secret {
					names[p.Name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func collectSecrets(value any, names map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		properties, _ := value["properties"].(map[string]any)
		for name, schema := range properties {
			keywords, _ := schema.(map[string]any)
			if secret, _ := keywords["x-secret"].(bool); secret {
				names[name] = true
			}
		}
		for _, inside := range value {
			collectSecrets(inside, names)
		}
	case []any:
		for _, inside := range value {
			collectSecrets(inside, names)
		}
	}
}
