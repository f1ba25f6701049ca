package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// decodingText says in words, without Go's types, what is wrong with a body.
func decodingText(err error) string {
	var mistyped *json.UnmarshalTypeError
	var untimely *time.ParseError
	switch {
	case errors.As(err, &mistyped):
		where := ""
		// encoding/json names a struct that is embedded, which JSON does not have.
		if name := strings.TrimPrefix(mistyped.Field, "channelChange."); name != "" {
			where = name + ": "
		}
		return fmt.Sprintf("%sexpected %s, got %s", where, kindText(mistyped.Type), valueText(mistyped.Value))
	case errors.As(err, &untimely):
		return strings.Trim(untimely.Value, `\"`) + " is no time; write one such as 2031-05-06T07:08:09Z"
	case strings.HasPrefix(err.Error(), "Time.UnmarshalJSON"):
		return "a time is a string such as \"2031-05-06T07:08:09Z\""
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// kindText is what JSON calls the values of a Go type.
func kindText(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint64:
		return "a whole number from 0"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}

// valueText puts the article before what encoding/json calls a value: "string",
// "number 1.5".
func valueText(value string) string {
	switch kind, number, _ := strings.Cut(value, " "); {
	case number != "":
		return number
	case kind == "bool":
		return "true or false"
	case kind == "array":
		return "a list"
	case kind == "object":
		return "an object"
	}
	return "a " + value
}
