package validator

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

// joinKeys makes one finding of a missing key and an unknown one of nearly the
// same name, and warns of unknown keys that look like a known one.
func (p *payload) joinKeys(drafts []draft, value any) []draft {
	slices.SortFunc(drafts, byImportance) // so that the order of maps decides nothing
	unknown := map[string][]int{}         // by pointer of the object
	for i, one := range drafts {
		if around := jsonpointer.Parent(one.Pointer); one.Code == "body.unknown-key" && len(unknown[around]) < maxCompared {
			unknown[around] = append(unknown[around], i)
		}
	}
	for i := range drafts {
		if one := &drafts[i]; one.Code == "body.unevaluated-key" {
			_, one.Hint = p.misspelled(one.Pointer, value)
		}
	}
	if len(unknown) == 0 {
		return drafts
	}
	joined := map[int]bool{}
	for i := range drafts {
		if one := &drafts[i]; one.Code == "body.required" {
			joinMissing(one, drafts, unknown[jsonpointer.Parent(one.Pointer)], joined)
		}
	}
	for _, places := range unknown {
		for _, i := range places {
			if !joined[i] {
				p.warnOfMisspelling(&drafts[i], value)
			}
		}
	}
	kept := drafts[:0]
	for i, one := range drafts {
		if !joined[i] {
			kept = append(kept, one)
		}
	}
	return kept
}

// maxCompared bounds how many unknown keys of one object are compared with the
// known ones.
const maxCompared = 50

// joinMissing looks among the unknown keys for the one that a missing key is
// likely to be.
func joinMissing(missing *draft, drafts []draft, unknown []int, joined map[int]bool) {
	key, best := jsonpointer.Last(missing.Pointer), ""
	at := -1
	for _, i := range unknown {
		other := jsonpointer.Last(drafts[i].Pointer)
		if !joined[i] && near.Is(key, other) && (at < 0 || nearer(key, other, best)) {
			at, best = i, other
		}
	}
	if at < 0 {
		return
	}
	joined[at] = true
	missing.Actual, missing.Hint = strconv.Quote(shorten(best)), nearHint(key, best)
	missing.place, missing.key = drafts[at].Pointer, true
}

// nearer tells whether a name is more like a key than the best until now; of
// equals the first in the alphabet, so that the answer does not depend on the
// order of a map.
func nearer(key, name, best string) bool {
	return cmp.Or(cmp.Compare(near.Distance(key, name), near.Distance(key, best)), cmp.Compare(name, best)) < 0
}

// nearHint says how a key that is there differs from the one that is meant.
func nearHint(key, other string) string {
	if strings.EqualFold(key, other) {
		return "the key is written " + strconv.Quote(other) + " here; keys are case-sensitive: write " + strconv.Quote(key)
	}
	return strconv.Quote(other) + " looks like a misspelling of " + strconv.Quote(key)
}

// warnOfMisspelling raises an unknown key to a warning when a known key of nearly
// that name is not there.
func (p *payload) warnOfMisspelling(unknown *draft, value any) {
	if known, hint := p.misspelled(unknown.Pointer, value); hint != "" {
		unknown.Severity = traffic.Warn
		unknown.Expected, unknown.Hint = strconv.Quote(known), hint
	}
}

// misspelled is the key that the one at a place may be meant for, with a hint; "" where
// there is none, or it is there as well.
func (p *payload) misspelled(pointer string, value any) (known, hint string) {
	around, key := jsonpointer.Parent(pointer), jsonpointer.Last(pointer)
	holder, _ := valuepath.Pointer(value, around)
	object, _ := holder.(map[string]any)
	for _, known := range p.keysAt(value, around) {
		if _, there := object[known]; !there && near.Is(known, key) {
			return known, nearHint(known, key)
		}
	}
	return "", ""
}

// keysAt returns the keys that the contract knows in the object at a pointer, sorted.
func (p *payload) keysAt(value any, pointer string) []string {
	var keys []string
	p.along(value, pointer, func(nodes []*node, _ any) {
		keys = nil
		for _, n := range nodes {
			keys = slices.AppendSeq(keys, maps.Keys(n.properties))
		}
	})
	slices.Sort(keys)
	return slices.Compact(keys)
}

// typeHint names the likely cause of a wrong type.
func typeHint(expected string, value any) string {
	wants := func(kind string) bool { return strings.Contains(expected, kind) }
	switch value := value.(type) {
	case string:
		return stringHint(wants, strings.TrimSpace(value))
	case json.Number:
		switch {
		case wants("string"):
			return "put the number in quotes"
		case wants("integer"):
			return "send a whole number"
		case wants("boolean"):
			return "send true or false"
		}
	case bool:
		if wants("string") {
			return "put " + strconv.FormatBool(value) + " in quotes"
		}
	case nil:
		return "leave it out where there is no value; null is a value of its own"
	case []any:
		if len(value) == 1 && wants(valuepath.Type(value[0])) {
			return "send the item itself, not an array with it"
		}
	case map[string]any:
		if wants("array") {
			return "put the object in an array: [ … ]"
		}
	}
	return ""
}

func stringHint(wants func(string) bool, text string) string {
	var inside any
	if json.Unmarshal([]byte(text), &inside) != nil {
		return ""
	}
	switch kind := inside.(type) {
	case float64:
		if wants("number") || wants("integer") {
			return "the number is sent as a string; leave the quotes out"
		}
	case bool:
		if wants("boolean") {
			return "send " + strconv.FormatBool(kind) + " without quotes"
		}
	case map[string]any, []any:
		if wants(valuepath.Type(inside)) {
			return "the JSON is encoded twice; send the " + valuepath.Type(inside) + " itself, not a string that holds it"
		}
	}
	return ""
}

// valueHint names the likely cause of a wrong constant or a value outside an enum.
func valueHint(expected string, value any) string {
	text, ok := value.(string)
	if !ok {
		return ""
	}
	return near.DidYouMean(strconv.Quote(text), strings.Split(strings.TrimPrefix(expected, "one of "), ", "))
}
