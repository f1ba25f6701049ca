package compare

// asNewer writes the items of draft-07 that are a list, and what stands behind them, as
// JSON Schema 2020-12 does, since kin-openapi reads them nowhere else. What only looks so,
// in an example, is written alike on both sides, and no difference.
func asNewer(value any) any {
	switch value := value.(type) {
	case []any:
		for i, inner := range value {
			value[i] = asNewer(inner)
		}
	case map[string]any:
		for key, inner := range value {
			value[key] = asNewer(inner)
		}
		if tuple, ok := value["items"].([]any); ok {
			value["prefixItems"] = tuple
			delete(value, "items")
			if rest, ok := value["additionalItems"]; ok {
				value["items"] = rest
				delete(value, "additionalItems")
			}
		}
	}
	return value
}
