package valuepath

import "encoding/json"

// Type is the type of a value that was decoded with its numbers as they were written.
func Type(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// Texts are those of a list; nil where there are none, or no list.
func Texts(value any) []string {
	var texts []string
	list, _ := value.([]any)
	for _, one := range list {
		if text, ok := one.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
