package threedolphins

import (
	"encoding/json"
	"maps"
)

// onto puts a user's members over those of a fresh one.
func onto(whole, own Members) Members {
	maps.Copy(whole, plainMembers(own))
	return whole
}

// plainMembers are members with whole numbers as they are kept.
func plainMembers(m Members) Members {
	next := Members{}
	for name, value := range m {
		next[name] = plainValue(value)
	}
	return next
}

func plainValue(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return n
		}
		if f, err := value.Float64(); err == nil {
			return f
		}
		return value.String()
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plainValue(value[i])
		}
		return list
	case map[string]any:
		return map[string]any(plainMembers(value))
	}
	return value
}
