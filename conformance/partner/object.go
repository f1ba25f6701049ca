package partner

import "encoding/json"

// object is a JSON object. Its members are read one at a time by their exact
// names: a struct would also take "url" for "URL".
type object map[string]json.RawMessage

// parse reads one JSON object and nothing after it.
func parse(data []byte) (object, bool) {
	var o object
	err := json.Unmarshal(data, &o)
	return o, err == nil && o != nil
}

func (o object) has(name string) bool {
	_, ok := o[name]
	return ok
}

// member returns a member of exactly that type; false when it is missing, null
// or of another type.
func member[T any](o object, name string) (T, bool) {
	var value, none T
	raw, ok := o[name]
	if !ok || string(raw) == "null" || json.Unmarshal(raw, &value) != nil {
		return none, false
	}
	return value, true
}

// text returns a string that is not empty.
func text(o object, name string) (string, bool) {
	value, ok := member[string](o, name)
	return value, ok && value != ""
}
