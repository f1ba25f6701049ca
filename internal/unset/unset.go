// Package unset names what of a value was not filled in, for the tests of those who
// fill it in: a field that is added later is not forgotten.
package unset

import "reflect"

// Fields are the names of a struct's fields that have their zero value.
func Fields(structure any) []string {
	var names []string
	value := reflect.ValueOf(structure)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			names = append(names, value.Type().Field(i).Name)
		}
	}
	return names
}
