// Package visibletest has text that does harm where it is printed as it is, and finds
// what of it came through. Every writer is tried with it.
package visibletest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Hostile moves a cursor, turns the direction of text, forges lines, and gives orders to
// GitHub, Azure and TeamCity. It is valid UTF-8, so that JSON and YAML can hold it.
const Hostile = "forged\n::stop-commands::forged\r\n  ::error::forged ::warning::forged\nforged: passed\t\r##vso[forged]##teamcity[forged]" +
	"\x1b[2J\x1b]0;forged\x07\b\x7f\u0085\u009b2J\u2028forged\u2029forged\u200e\u202eforged\u2066\ufeff\U000e0041"

// Faults says what of Hostile does harm in a text that was printed; nothing is best. On
// a page of HTML a line break is no line's.
func Faults(text string) []string {
	if strings.HasPrefix(text, "<!DOCTYPE html>") {
		text = strings.ReplaceAll(text, "\nforged:", "\n forged:")
	}
	var list []string
	if !utf8.ValidString(text) {
		list = append(list, "it is not UTF-8")
	}
	for i, line := range strings.Split(text, "\n") {
		for _, r := range line {
			if r != '\t' && !unicode.IsGraphic(r) {
				list = append(list, fmt.Sprintf("line %d has U+%04X: %.120q", i+1, r, line))
				break
			}
		}
		bare := strings.TrimSpace(line)
		orders := []string{"::stop-commands::", "::error::forged", "::warning::forged"}
		if strings.HasPrefix(line, "forged:") || slices.ContainsFunc(orders, func(order string) bool { return strings.HasPrefix(bare, order) }) {
			list = append(list, fmt.Sprintf("line %d is forged: %.120q", i+1, line))
		}
		if strings.Contains(line, "##vso[") || strings.Contains(line, "##teamcity[") {
			list = append(list, fmt.Sprintf("line %d gives an order: %.120q", i+1, line))
		}
	}
	return list
}

// Judge fails a test for what does harm in a text, and for a text that shows nothing of
// Hostile: it then proves nothing. What says which text it is.
func Judge(t testing.TB, what, text string) {
	t.Helper()
	for _, fault := range Faults(text) {
		t.Errorf("%s: %s", what, fault)
	}
	if !strings.Contains(text, "forged") {
		t.Errorf("%s shows nothing of it", what)
	}
}

// Fill puts Hostile behind every text that a value holds, also in fields that are added
// later. Lists and maps that are empty get one element. Keep names the fields that stay
// as they are, as "Report.Outcome" or "Time".
func Fill(pointer any, keep ...string) {
	fill(reflect.ValueOf(pointer).Elem(), keep, 0)
}

const deepest = 8 // types may hold themselves

func fill(v reflect.Value, keep []string, depth int) {
	if !v.CanSet() || depth > deepest || slices.Contains(keep, v.Type().Name()) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + Hostile)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), keep, depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(append(slices.Clone(v.Bytes()), Hostile...))
			return
		}
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			fill(v.Index(i), keep, depth+1)
		}
	case reflect.Map:
		fillMap(v, keep, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !slices.Contains(keep, field.Name) && !slices.Contains(keep, v.Type().Name()+"."+field.Name) {
				fill(v.Field(i), keep, depth+1)
			}
		}
	}
}

func fillMap(v reflect.Value, keep []string, depth int) {
	if slices.Contains(keep, v.Type().Key().Name()) {
		return
	}
	next := reflect.MakeMap(v.Type())
	add := func(key, value reflect.Value) {
		newKey, newValue := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		newKey.Set(key)
		newValue.Set(value)
		fill(newKey, keep, depth+1)
		fill(newValue, keep, depth+1)
		next.SetMapIndex(newKey, newValue)
	}
	for _, key := range v.MapKeys() {
		add(key, v.MapIndex(key))
	}
	if v.Len() == 0 {
		add(reflect.Zero(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	}
	v.Set(next)
}
