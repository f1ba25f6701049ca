// Package partnerkit holds what the reference partners of all vendors need.
package partnerkit

import "encoding/json"

// Object is a JSON object. Its members are read one at a time by their exact
// names: a struct would also take "url" for "URL".
type Object map[string]json.RawMessage

// Parse reads one JSON object and nothing after it.
func Parse(data []byte) (Object, bool) {
	var o Object
	err := json.Unmarshal(data, &o)
	return o, err == nil && o != nil
}

// Has reports whether there is a member of that name, even null.
func (o Object) Has(name string) bool {
	_, ok := o[name]
	return ok
}

// Member returns a member of exactly that type; false when it is missing, null
// or of another type.
func Member[T any](o Object, name string) (T, bool) {
	var value, none T
	raw, ok := o[name]
	if !ok || string(raw) == "null" || json.Unmarshal(raw, &value) != nil {
		return none, false
	}
	return value, true
}

// Text returns a string that is not empty.
func Text(o Object, name string) (string, bool) {
	value, ok := Member[string](o, name)
	return value, ok && value != ""
}
