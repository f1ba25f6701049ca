package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/regex"
	"github.com/parleykit/parley/internal/yamlnode"
)

// ranges are the keywords of which the first may not be greater than the second.
var ranges = [][2]string{{"minLength", "maxLength"}, {"minItems", "maxItems"}, {"minProperties", "maxProperties"}, {"minimum", "maximum"}}

// broken leaves out, and names, what no value can fit and no compiler takes. Who brings a
// vendor's document cannot change it, and all else in it is judged.
func (c *converter) broken(out map[string]any, at found, n *yaml.Node) {
	for _, key := range []string{"enum", "required", "type"} {
		if list, ok := out[key].([]any); ok {
			out[key] = withoutRepeats(list)
		}
	}
	for _, pair := range ranges {
		low, high := out[pair[0]], out[pair[1]]
		if isGreater(low, high) {
			c.note(found{at.file, yamlnode.Member(n, pair[0])}, "%s %v beside %s %v, which nothing fits", pair[0], low, pair[1], high)
			delete(out, pair[0])
			delete(out, pair[1])
		}
	}
	if text, ok := out["pattern"].(string); ok && !c.isRegex(found{at.file, yamlnode.Member(n, "pattern")}, text) {
		delete(out, "pattern")
	}
}

// isRegex names a pattern that is none.
func (c *converter) isRegex(at found, text string) bool {
	_, err := regex.Compile(text)
	if err != nil {
		c.note(at, "pattern %q, which is no regular expression: %v", text, err)
	}
	return err == nil
}

func withoutRepeats(list []any) []any {
	seen := map[string]bool{}
	left := []any{}
	for _, value := range list {
		text, err := json.Marshal(value)
		if err != nil || !seen[string(text)] {
			left = append(left, value)
		}
		seen[string(text)] = true
	}
	return left
}

func isGreater(low, high any) bool {
	least, ok := low.(json.Number)
	most, both := high.(json.Number)
	if !ok || !both {
		return false
	}
	a, err := least.Float64()
	b, failed := most.Float64()
	return err == nil && failed == nil && a > b
}

// leaveOutTuples leaves out items that are a list, and tells whether there were any. What
// an example has is none.
func leaveOutTuples(value any) (there bool) {
	switch value := value.(type) {
	case map[string]any:
		if _, tuple := value["items"].([]any); tuple {
			delete(value, "items")
			there = true
		}
		for key, inner := range value {
			if !slices.Contains(withoutSchemas, key) && !strings.HasPrefix(key, "x-") {
				there = leaveOutTuples(inner) || there
			}
		}
	case []any:
		for _, inner := range value {
			there = leaveOutTuples(inner) || there
		}
	}
	return there
}
