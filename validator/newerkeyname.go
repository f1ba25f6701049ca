package validator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// maxKeyPlaces bounds how many objects are tried for one error.
const maxKeyPlaces = 100

// keyName is what errors of key names that cannot be told apart have in common.
type keyName struct {
	schema, key, around string
	depth               int
}

// placeKeyNames corrects where errors of key names stand. The library gives them a place
// that it goes on writing to: only its length is right, and the place of what encloses it.
// An object is such a place when the error is gone with its key.
func placeKeyNames(full *jsonschema.Schema, failed *jsonschema.ValidationError, value any) {
	places := map[keyName][][]string{}
	given := map[keyName]int{}
	eachKeyName(failed, nil, func(e *jsonschema.ValidationError, name keyName, around []string) {
		if _, known := places[name]; !known {
			places[name] = keyPlaces(full, failed, value, name, around)
		}
		if all := places[name]; len(all) > 0 {
			e.InstanceLocation = all[given[name]%len(all)]
			given[name]++
		}
	})
}

// eachKeyName visits the errors of key names, with the place of what encloses each.
func eachKeyName(e *jsonschema.ValidationError, around []string, visit func(*jsonschema.ValidationError, keyName, []string)) {
	if k, ok := e.ErrorKind.(*kind.PropertyNames); ok {
		visit(e, keyName{e.SchemaURL, k.Property, strings.Join(around, separator), len(e.InstanceLocation)}, around)
		return
	}
	for _, cause := range e.Causes {
		eachKeyName(cause, e.InstanceLocation, visit)
	}
}

func keyPlaces(full *jsonschema.Schema, failed *jsonschema.ValidationError, value any, name keyName, around []string) [][]string {
	list := objectsWith(value, name.key, nil, around, name.depth)
	if len(list) == 1 || len(list) > maxKeyPlaces {
		return list
	}
	before := countKeyName(failed, name)
	return slices.DeleteFunc(list, func(place []string) bool {
		again, _ := full.Validate(withoutKey(value, place, name.key)).(*jsonschema.ValidationError)
		return again != nil && countKeyName(again, name) >= before
	})
}

func countKeyName(failed *jsonschema.ValidationError, name keyName) int {
	n := 0
	eachKeyName(failed, nil, func(_ *jsonschema.ValidationError, other keyName, _ []string) {
		if other == name {
			n++
		}
	})
	return n
}

// objectsWith are the places, so many steps below the root and at or below around, of
// objects that have a key.
func objectsWith(value any, key string, at, around []string, depth int) [][]string {
	if len(at) == depth {
		if object, ok := value.(map[string]any); ok {
			if _, has := object[key]; has {
				return [][]string{slices.Clone(at)}
			}
		}
		return nil
	}
	var list [][]string
	below := func(step string, inside any) {
		if len(at) >= len(around) || around[len(at)] == step {
			list = append(list, objectsWith(inside, key, append(slices.Clone(at), step), around, depth)...)
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, step := range slices.Sorted(maps.Keys(value)) {
			below(step, value[step])
		}
	case []any:
		for i, inside := range value {
			below(strconv.Itoa(i), inside)
		}
	}
	return list
}

// withoutKey copies a value along the way to an object that loses a key.
func withoutKey(value any, place []string, key string) any {
	switch value := value.(type) {
	case map[string]any:
		next := maps.Clone(value)
		if len(place) == 0 {
			delete(next, key)
		} else {
			next[place[0]] = withoutKey(value[place[0]], place[1:], key)
		}
		return next
	case []any:
		next := slices.Clone(value)
		if i, err := strconv.Atoi(place[0]); err == nil {
			next[i] = withoutKey(value[i], place[1:], key)
		}
		return next
	}
	return value
}
