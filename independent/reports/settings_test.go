package reports

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/built"
	"github.com/parleykit/parley/internal/nodetest"
)

const settingsSchema = "../../docs/reference/config/parley.schema.json"

// settingValues are tried for a setting of each kind.
var settingValues = []any{
	"text", "fail", "5m", "-1.5h", "5", "", "${NAME}", "@FILE", "elma365=${NAME}",
	5, -5, 5.5, true, nil, []any{"text"}, []any{"${NAME}", ""}, []any{5}, map[string]any{"a": "b"},
}

// TestSettingsAgree has ajv judge parley.yaml by the published schema, where Parley reads
// it: a setting of each kind, in its section and at the top, with values of all kinds, and
// names that nobody knows.
func TestSettingsAgree(t *testing.T) {
	t.Parallel()
	nodetest.Installed(t, "..", "ajv")
	binary, err := built.Parley("../../cmd/parley", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := settingFiles(t)
	theirs := nodetest.Through[bool](t, files, "settings.mjs", settingsSchema)
	good := 0
	for i, file := range files {
		name := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(name, nodetest.Encode(t, file), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), binary, "config", "--config", name).CombinedOutput()
		if mine := err == nil; mine != theirs[i] {
			t.Errorf("%s\n  ajv: %t, Parley: %s", nodetest.Encode(t, file), theirs[i], out)
		} else if mine {
			good++
		}
	}
	if t.Logf("%d files were judged alike, %d of them are right", len(files), good); good < 40 || len(files)-good < 50 {
		t.Error("that proves nothing")
	}
}

// settingFiles have one setting each: the first of each kind that the schema has.
func settingFiles(t *testing.T) []any {
	t.Helper()
	data, err := os.ReadFile(settingsSchema)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	files := []any{map[string]any{}, map[string]any{"vendr": "x"}, map[string]any{"serve": map[string]any{"adr": "x"}}, map[string]any{"addr": "x"}, map[string]any{"fault": map[string]any{"ad": map[string]any{}}}, "text", nil, []any{}}
	seen := map[string]bool{}
	definitions := schema["definitions"].(map[string]any)
	var walk func(s map[string]any, wrap func(any) any)
	walk = func(s map[string]any, wrap func(any) any) {
		members, _ := s["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			member := members[name].(map[string]any)
			in := func(value any) any { return wrap(map[string]any{name: value}) }
			if member["additionalProperties"] == false {
				walk(member, in)
				continue
			}
			where := "own "
			if ref, ok := member["$ref"].(string); ok {
				where, member = "common ", definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
			}
			kind := maps.Clone(member)
			delete(kind, "description")
			delete(kind, "default")
			if kind["enum"] != nil {
				kind["enum"] = "one of some"
			}
			if key := where + string(nodetest.Encode(t, kind)); !seen[key] {
				seen[key] = true
				for _, value := range settingValues {
					files = append(files, in(value))
				}
			}
		}
	}
	walk(schema, func(value any) any { return value })
	return files
}
