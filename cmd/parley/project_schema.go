package main

import (
	"encoding/json"

	"github.com/spf13/pflag"
)

// projectSchema is a JSON Schema of parley.yaml, of the draft that editors know best. What
// several commands share stands in it once.
func projectSchema(whole *section) map[string]any {
	shared := map[string]any{}
	for name, flag := range whole.settings {
		shared[name] = schemaOf(flag)
	}
	schema := whole.schema(whole)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = projectName
	schema["description"] = "Settings of Parley's commands in a project. What stands at the top is for every command that has it; what stands below a command is for that one, and goes before it. Flags on a command line go before both."
	schema["definitions"] = shared
	return schema
}

func (s *section) schema(whole *section) map[string]any {
	members := map[string]any{}
	for name, flag := range s.settings {
		if common := whole.settings[name]; common != nil && sameFlag(common, flag) {
			members[name] = map[string]any{"$ref": "#/definitions/" + name}
		} else {
			members[name] = schemaOf(flag)
		}
	}
	for name, below := range s.below {
		members[name] = below.schema(whole)
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": members}
	if s.command != nil {
		schema["description"] = s.command.Short + "."
	}
	return schema
}

// schemaOf describes the values that vetValue takes.
func schemaOf(flag *pflag.Flag) map[string]any {
	_, text := pflag.UnquoteUsage(flag)
	schema := map[string]any{"description": text}
	one := map[string]any{"type": "string"}
	switch {
	case isSecret(flag) && mayNameVendor(flag):
		one["pattern"] = `^([^=]*=)?(\$\{[A-Za-z_][A-Za-z0-9_]*\}|@.+)?$`
	case isSecret(flag):
		one["pattern"] = `^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|@.+)?$`
	case flag.Annotations[valuesOf] != nil:
		one["enum"] = flag.Annotations[valuesOf]
	case flag.Value.Type() == "duration":
		one["pattern"] = `^[-+]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$|^[-+]?0$|\$\{`
	}
	switch kind := flag.Value.Type(); {
	case isList(flag):
		schema["type"], schema["items"] = "array", one
	case isVendor(flag):
		schema["anyOf"] = []any{one, map[string]any{"type": "array", "items": one}}
	case kind == "bool":
		schema["type"] = "boolean"
	case kind == "float64":
		schema["type"] = "number"
	case kinds[kind].tag != "":
		schema["type"] = "integer"
		if kind == "uint64" {
			schema["minimum"] = 0
		}
	default:
		for name, value := range one {
			schema[name] = value
		}
	}
	if usual := usualOf(flag); usual != nil {
		schema["default"] = usual
	}
	return schema
}

// usualOf is what holds without a setting; nil where that is nothing.
func usualOf(flag *pflag.Flag) any {
	switch flag.DefValue {
	case "", "[]", "0", "0s":
		return nil
	}
	switch kind := flag.Value.Type(); {
	case kind == "bool":
		return flag.DefValue == "true"
	case kinds[kind].tag != "":
		return json.Number(flag.DefValue)
	}
	return flag.DefValue
}
