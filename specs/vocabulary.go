package specs

import (
	"maps"
	"slices"
)

// Vocabulary is what the schemas of a contract's payloads name, with the readings in
// force. Each list is sorted.
type Vocabulary struct {
	Secret []string `json:"secret,omitempty"` // properties that x-secret says hold secrets
	Open   []string `json:"open,omitempty"`   // properties of which it says that they hold none
	Words  []string `json:"words,omitempty"`  // all properties, and the texts of const and enum
}

// Vocabulary is that of the contract. Of a shipped one no schema is read for it.
func (c *Contract) Vocabulary() Vocabulary {
	if c.proven {
		return c.vocabulary
	}
	w := wordList{marked: map[bool]map[string]bool{true: {}, false: {}}, words: map[string]bool{}}
	for _, p := range c.Payloads {
		w.collect(p.Schema())
	}
	return Vocabulary{slices.Sorted(maps.Keys(w.marked[true])), slices.Sorted(maps.Keys(w.marked[false])), slices.Sorted(maps.Keys(w.words))}
}

type wordList struct {
	marked map[bool]map[string]bool // by what x-secret says
	words  map[string]bool
}

func (w wordList) collect(value any) {
	switch value := value.(type) {
	case map[string]any:
		properties, _ := value["properties"].(map[string]any)
		for name, schema := range properties {
			w.words[name] = true
			keywords, _ := schema.(map[string]any)
			if secret, ok := keywords["x-secret"].(bool); ok {
				w.marked[secret][name] = true
			}
		}
		listed, _ := value["enum"].([]any)
		for _, one := range listed {
			if text, ok := one.(string); ok {
				w.words[text] = true
			}
		}
		if text, ok := value["const"].(string); ok {
			w.words[text] = true
		}
		for _, inside := range value {
			w.collect(inside)
		}
	case []any:
		for _, inside := range value {
			w.collect(inside)
		}
	}
}
