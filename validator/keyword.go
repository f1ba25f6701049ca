package validator

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
)

// kinds say what the value of a keyword is.
var kinds = []struct {
	keywords []string
	wanted   string
	fits     func(value any) bool
}{
	{[]string{"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"}, "a whole number from 0", isCount},
	{[]string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}, "a number", isNumber},
	{[]string{"multipleOf"}, "a number above 0", func(value any) bool { return isNumber(value) && sign(value) > 0 }},
	{[]string{"pattern", "format", "$ref", "title", "description", "$comment", "$dynamicRef", "$dynamicAnchor"}, "a string", isText},
	{[]string{"required"}, "a list of names", isNames},
	{[]string{"enum", "examples"}, "a list", isList},
	{[]string{"type"}, "a type or a list of types", func(value any) bool { return isText(value) || isNames(value) }},
	{[]string{"uniqueItems"}, "true or false", func(value any) bool { _, ok := value.(bool); return ok }},
	{[]string{"properties", "patternProperties", "definitions"}, "an object of schemas", isSchemas},
	{[]string{"dependencies"}, "an object of schemas or of lists of names", isDependencies},
	{[]string{"additionalItems", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not", "unevaluatedProperties", "unevaluatedItems"}, "a schema", isSchema},
	{[]string{"items"}, "a schema or a list of schemas", func(value any) bool { return isSchema(value) || isSchemaList(value) }},
	{[]string{"allOf", "anyOf", "oneOf"}, "a list of at least one schema", func(value any) bool { return isSchemaList(value) && len(value.([]any)) > 0 }},
}

// unfit says what the value of a keyword has to be where it is something else.
func unfit(key string, value any) string {
	for _, kind := range kinds {
		if slices.Contains(kind.keywords, key) && !kind.fits(value) {
			return kind.wanted
		}
	}
	return ""
}

func isNumber(value any) bool { _, ok := value.(json.Number); return ok }

func sign(value any) int {
	number, _ := value.(json.Number)
	if extreme(string(number)) {
		return 1 // as it may be; exact arithmetic would take all memory
	}
	exact, ok := new(big.Rat).SetString(string(number))
	if !ok {
		return 0
	}
	return exact.Sign()
}

// isCount also takes 2.0.
func isCount(value any) bool {
	number, ok := preparedCount(value).(json.Number)
	return ok && strings.Trim(string(number), "0123456789") == ""
}

func isText(value any) bool { _, ok := value.(string); return ok }

func isList(value any) bool { _, ok := value.([]any); return ok }

func isNames(value any) bool {
	list, ok := value.([]any)
	return ok && !slices.ContainsFunc(list, func(one any) bool { return !isText(one) })
}

func isSchema(value any) bool {
	switch value.(type) {
	case bool, map[string]any:
		return true
	}
	return false
}

func isSchemaList(value any) bool {
	list, ok := value.([]any)
	return ok && !slices.ContainsFunc(list, func(one any) bool { return !isSchema(one) })
}

func isSchemas(value any) bool { return isMapOf(value, isSchema) }

func isDependencies(value any) bool {
	return isMapOf(value, func(one any) bool { return isSchema(one) || isNames(one) })
}

func isMapOf(value any, fits func(any) bool) bool {
	named, ok := value.(map[string]any)
	for _, one := range named {
		ok = ok && fits(one)
	}
	return ok
}
