package validator

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/valuepath"
)

// explain lists what is wrong with a value, as explaining by gojsonschema does.
func (s *newerSchema) explain(root *node, value any) []problem {
	full, err := s.full()
	if err != nil { // its contract was proven to compile, wrongly
		return []problem{{code: "body.schema", expected: "a schema that compiles: " + err.Error()}}
	}
	failed, ok := full.Validate(value).(*jsonschema.ValidationError)
	if !ok {
		return nil
	}
	placeKeyNames(full, failed, value)
	list := withoutFollowing(s.of.problems(failed, value), root, value)
	if len(list) == 0 { // only errors that sum up others
		list = []problem{{code: "body.schema", expected: "a body that the schema accepts"}}
	}
	return list
}

// problems are those of an error of the library and of all that led to it.
func (c *newer) problems(e *jsonschema.ValidationError, value any) []problem {
	at := slices.Clone(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		var list []problem
		for _, cause := range e.Causes {
			list = append(list, c.problems(cause, value)...)
		}
		return list
	case *kind.AnyOf:
		return c.choice("body.any-of", "anyOf", e, value)
	case *kind.OneOf:
		if k.Subschemas == nil {
			return c.choice("body.one-of", "oneOf", e, value)
		}
		var fit []attempt
		for _, i := range k.Subschemas {
			fit = append(fit, attempt{branch: c.branch(e.SchemaURL, "oneOf", i), number: i + 1})
		}
		return []problem{{code: "body.one-of", path: at, expected: "exactly one form; the value fits " + plural.List(titles(fit), "and")}}
	case *kind.FalseSchema:
		return []problem{refused(e.SchemaURL, at)}
	case *kind.Required:
		return missing("body.required", "the key ", at, k.Missing)
	case *kind.Dependency:
		return missing("body.dependency", "because of another key, the key ", at, k.Missing)
	case *kind.DependentRequired:
		return missing("body.dependency", "because of another key, the key ", at, k.Missing)
	case *kind.AdditionalProperties:
		return missing("body.additional-key", "no key of this name", at, k.Properties)
	case *kind.PropertyNames:
		return missing("body.key-name", "a key as the contract describes it", at, []string{k.Property})
	}
	code, expected := ofValue(e.ErrorKind)
	return []problem{{code: code, path: at, expected: expected}}
}

// missing are problems with keys of one object, each at its own place.
func missing(code, expected string, at, keys []string) []problem {
	var list []problem
	for _, key := range keys {
		one := problem{code: code, path: append(slices.Clone(at), key), expected: expected, key: key}
		if strings.HasSuffix(expected, " key ") {
			one.expected += key
		}
		list = append(list, one)
	}
	return list
}

// refused is what the schema false says where it stands under a keyword.
func refused(schema string, at []string) problem {
	_, pointer, _ := strings.Cut(schema, "#")
	keys := jsonpointer.Keys(pointer)
	keyword := ""
	if n := len(keys); n == 1 || n > 1 && !slices.Contains([]string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}, keys[n-2]) {
		keyword = keys[n-1]
	}
	switch {
	case len(at) == 0:
	case keyword == "unevaluatedProperties":
		return problem{code: "body.unevaluated-key", path: at, expected: "no key that no part of the schema describes", key: at[len(at)-1]}
	case keyword == "unevaluatedItems":
		return problem{code: "body.unevaluated-item", path: at, expected: "no item that no part of the schema describes"}
	case keyword == "items":
		return problem{code: "body.max-items", path: at[:len(at)-1], expected: "no further items"}
	}
	return problem{code: "body.not", path: at, expected: "nothing here"}
}

// ofValue is what errors of one value say.
func ofValue(of jsonschema.ErrorKind) (code, expected string) {
	number := func(r *big.Rat) string { return fmt.Sprint(new(big.Float).SetRat(r)) }
	count := strconv.Itoa
	switch k := of.(type) {
	case *kind.Type:
		return "body.type", strings.Join(nullLast(k.Want), " or ")
	case *kind.Const:
		return "body.const", valuepath.JSON(k.Want)
	case *kind.Enum:
		var values []string
		for _, one := range k.Want {
			values = append(values, valuepath.JSON(one))
		}
		return "body.enum", "one of " + strings.Join(values, ", ")
	case *kind.Format:
		return "body.format", strings.TrimPrefix(k.Want, formatPrefix)
	case *kind.Pattern:
		return codePattern, textThatMatches + k.Want
	case *kind.MinLength:
		return "body.min-length", "characters: at least " + count(k.Want)
	case *kind.MaxLength:
		return "body.max-length", "characters: at most " + count(k.Want)
	case *kind.MinItems:
		return "body.min-items", "items: at least " + count(k.Want)
	case *kind.MaxItems:
		return "body.max-items", "items: at most " + count(k.Want)
	case *kind.AdditionalItems:
		return "body.max-items", "no further items"
	case *kind.UniqueItems:
		return "body.unique-items", "no item twice"
	case *kind.Contains:
		return "body.contains", "an item as the contract describes it"
	case *kind.MinContains:
		return "body.min-contains", "items as the contract describes them: at least " + count(k.Want)
	case *kind.MaxContains:
		return "body.max-contains", "items as the contract describes them: at most " + count(k.Want)
	case *kind.MinProperties:
		return "body.min-keys", "keys: at least " + count(k.Want)
	case *kind.MaxProperties:
		return "body.max-keys", "keys: at most " + count(k.Want)
	case *kind.Minimum:
		return "body.minimum", "at least " + number(k.Want)
	case *kind.Maximum:
		return "body.maximum", "at most " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "body.minimum", "more than " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "body.maximum", "less than " + number(k.Want)
	case *kind.MultipleOf:
		return "body.multiple-of", "a multiple of " + number(k.Want)
	case *kind.Not:
		return "body.not", "anything but what the contract excludes here"
	}
	return "body.schema", "a body that the schema accepts"
}

// nullLast is the order in which people write types.
func nullLast(types []string) []string {
	if len(types) == 0 || types[0] != "null" {
		return types
	}
	return append(slices.Clone(types[1:]), "null")
}

// choice explains a value that fits no branch by the one that it comes nearest to.
func (c *newer) choice(code, keyword string, e *jsonschema.ValidationError, value any) []problem {
	at := slices.Clone(e.InstanceLocation)
	here, _ := valuepath.Pointer(value, pointerOf(at))
	var tried []attempt
	for i, cause := range e.Causes {
		tried = append(tried, attempt{c.branch(e.SchemaURL, keyword, i), i + 1, c.problems(cause, value)})
	}
	explained := explainer{}
	explained.none(code, tried, here, at)
	return explained.found
}

// branch is the node of a branch; one that says nothing, where nobody finds it.
func (c *newer) branch(schema, keyword string, i int) *node {
	file, pointer, _ := strings.Cut(schema, "#")
	pointer += "/" + keyword + "/" + strconv.Itoa(i)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.contract.Payloads {
		if addressOf(p.File) != file {
			continue
		}
		if target, found := c.contract.Resolve(p, "#"+pointer); target != nil {
			if n, err := c.nodes.build(p, found, splitPointer(pointer), nil); err == nil {
				return n
			}
		}
	}
	return &node{}
}

// withoutFollowing leaves out what only follows from other problems: where a part of a
// schema fails, what it describes counts as evaluated by none.
func withoutFollowing(list []problem, root *node, value any) []problem {
	return slices.DeleteFunc(slices.Clone(list), func(one problem) bool {
		if !strings.HasPrefix(one.code, "body.unevaluated-") {
			return false
		}
		around := one.path[:len(one.path)-1]
		return slices.ContainsFunc(list, func(other problem) bool {
			return !strings.HasPrefix(other.code, "body.unevaluated-") && len(other.path) >= len(around) && slices.Equal(other.path[:len(around)], around)
		}) && (one.key == "" || describes(root, value, around, one.key))
	})
}

// describes tells whether some part of a schema names a key.
func describes(root *node, value any, around []string, key string) bool {
	found := false
	(&payload{graph: root}).along(value, pointerOf(around), func(nodes []*node, _ any) {
		found = slices.ContainsFunc(nodes, func(n *node) bool { _, named := n.below(key); return named })
	})
	return found
}
