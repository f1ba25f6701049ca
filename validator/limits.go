package validator

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/regex"
)

// limits are the keywords of a schema that compare single values.
type limits struct {
	minLength, maxLength, minItems, maxItems int // -1: none
	minimum, maximum                         *float64
	pattern                                  regex.Matcher // nil: none
	format                                   func(string) bool
	inInt32, inInt64                         bool // formats of numbers
	enum                                     []any
}

// computed are the keywords that the acceptor knows, or that assert nothing.
var computed = []string{
	"$schema", "$ref", "$comment", "title", "description", "default", "examples", "readOnly", "definitions",
	"writeOnly", "example", "deprecated", "discriminator", "contentSchema", "$dynamicAnchor",
	"contentMediaType", "contentEncoding", "type", "enum", "const", "maximum", "minimum", "maxLength", "minLength", "pattern", "format",
	"items", "additionalItems", "maxItems", "minItems", "required", "properties", "patternProperties", "additionalProperties",
	"if", "then", "else", "allOf", "anyOf", "oneOf", "not",
}

// limit reads the keywords of limits and whether there are others that the
// acceptor can't compute.
func (n *node) limit(keywords map[string]any) {
	for key := range keywords {
		n.doubt = n.doubt || !strings.HasPrefix(key, "x-") && !slices.Contains(computed, key)
	}
	l := limits{
		minLength: n.count(keywords["minLength"]), maxLength: n.count(keywords["maxLength"]),
		minItems: n.count(keywords["minItems"]), maxItems: n.count(keywords["maxItems"]),
		minimum: n.bound(keywords["minimum"]), maximum: n.bound(keywords["maximum"]),
	}
	if text, ok := keywords["pattern"].(string); ok {
		match, err := regex.Compile(text)
		l.pattern, n.doubt = match, n.doubt || err != nil
	}
	if name, ok := keywords["format"].(string); ok {
		l.format, l.inInt32, l.inInt64 = formats[name], name == "int32", name == "int64"
	}
	l.enum, _ = keywords["enum"].([]any)
	if keywords["pattern"] != nil || l.format != nil || l.inInt32 || l.inInt64 || l.enum != nil || l.minimum != nil || l.maximum != nil ||
		max(l.minLength, l.maxLength, l.minItems, l.maxItems) >= 0 {
		n.limits = &l
	}
}

func (n *node) count(value any) int {
	if value == nil {
		return -1
	}
	number, _ := preparedCount(value).(json.Number)
	size, err := number.Int64()
	if err != nil {
		n.doubt = true
		return -1
	}
	return int(size)
}

func (n *node) bound(value any) *float64 {
	if value == nil {
		return nil
	}
	number, _ := value.(json.Number)
	n.doubt = n.doubt || !isShortInteger(number)
	f, _ := number.Float64()
	return &f
}

// isShortInteger tells whether a number is written without point and exponent and
// can be compared as a float.
func isShortInteger(number json.Number) bool {
	return len(number) > 0 && len(number) <= 15 && !strings.ContainsAny(string(number), ".eE") && number != "-0"
}

func (l *limits) accept(value view) verdict {
	result := yes
	if l.enum != nil {
		result = no
		for _, wanted := range l.enum {
			if result = max(result, equal(value, wanted)); result == yes {
				break
			}
		}
	}
	switch value.kind() {
	case '"':
		if !l.acceptText(value.text()) {
			return no
		}
	case '0':
		return min(result, l.acceptNumber(value.number()))
	case '[':
		if size := value.size(); size < l.minItems || l.maxItems >= 0 && size > l.maxItems {
			return no
		}
	}
	return result
}

func (l *limits) acceptText(text string) bool {
	if l.minLength > 0 || l.maxLength >= 0 {
		if size := utf8.RuneCountInString(text); size < l.minLength || l.maxLength >= 0 && size > l.maxLength {
			return false
		}
	}
	return (l.pattern == nil || l.pattern.MatchString(text)) && (l.format == nil || l.format(text))
}

func (l *limits) acceptNumber(number json.Number) verdict {
	if l.minimum == nil && l.maximum == nil && !l.inInt32 && !l.inInt64 {
		return yes
	}
	if !isShortInteger(number) {
		return unsure
	}
	f, _ := number.Float64()
	if l.inInt32 && (f < math.MinInt32 || f > math.MaxInt32) { // a short one is in int64
		return no
	}
	return verdictOf((l.minimum == nil || f >= *l.minimum) && (l.maximum == nil || f <= *l.maximum))
}
