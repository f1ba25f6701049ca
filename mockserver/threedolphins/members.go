package threedolphins

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"
)

// onto puts a user's members over those of a fresh one. A null takes a member away.
func onto(whole, own Members) Members {
	maps.Copy(whole, plainMembers(own))
	maps.DeleteFunc(whole, func(_ string, value any) bool { return value == nil })
	return whole
}

// plainMembers are members with whole numbers as they are kept.
func plainMembers(m Members) Members {
	next := Members{}
	for name, value := range m {
		next[name] = plainValue(value)
	}
	return next
}

// UnmarshalJSON reads members as they are kept: what is written of them again is the
// same text.
func (m *Members) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain map[string]any
	if err := decoder.Decode(&plain); err != nil || plain == nil {
		*m = nil
		return err
	}
	*m = Members{}
	for name, value := range plain {
		(*m)[name] = wholeValue(value)
	}
	return nil
}

// wholeValue makes whole numbers such, and leaves others as they are written.
func wholeValue(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil && strconv.FormatInt(n, 10) == value.String() {
			return n
		}
	case []any:
		for i := range value {
			value[i] = wholeValue(value[i])
		}
	case map[string]any:
		for name := range value {
			value[name] = wholeValue(value[name])
		}
	}
	return value
}

func plainValue(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return n
		}
		if f, err := value.Float64(); err == nil {
			return f
		}
		return value.String()
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plainValue(value[i])
		}
		return list
	case map[string]any:
		return map[string]any(plainMembers(value))
	}
	return value
}
