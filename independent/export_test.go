package independent

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// writeExport writes what a user would export.
func writeExport(t *testing.T, c *specs.Contract, format, folder string) {
	t.Helper()
	files, err := c.Export(format)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// compilation is one line for compile.mjs.
type compilation struct {
	about   string
	Schemas map[string]json.RawMessage `json:"schemas"`
	Compile []string                   `json:"compile"`
}

// TestSchemasCompileStrictly has ajv compile every exported schema in its strict
// mode, those inside the bundle too, and those that any option of a reading changes.
func TestSchemasCompileStrictly(t *testing.T) {
	t.Parallel()
	nodetest.Installed(t, ".", "ajv")
	unknown := json.RawMessage(`{"type": "string", "x-unit": "metres"}`)
	list := []compilation{{"a keyword that JSON Schema does not have", map[string]json.RawMessage{"a": unknown}, []string{"a"}}}
	for _, c := range specstest.Shipped(t) {
		whole := exportedSchemas(t, c)
		list = append(list, compilation{c.ID, whole, slices.Sorted(maps.Keys(whole))}, bundled(t, c))
		for _, r := range c.Readings {
			for _, option := range slices.Sorted(maps.Keys(r.Options)) {
				list = append(list, otherwise(t, c, whole, r, option)...)
			}
		}
	}
	if least := 1 + 2*len(specs.IDs()); len(list) <= least {
		t.Errorf("%d sets of schemas, none of them of a reading", len(list))
	}
	for i, complaints := range compileAll(t, list) {
		if i == 0 && len(complaints) == 0 {
			t.Errorf("%s was not refused, so that nothing is", list[i].about)
		}
		if i > 0 && len(complaints) > 0 {
			t.Errorf("%s: %q", list[i].about, complaints)
		}
	}
}

func exportedSchemas(t *testing.T, c *specs.Contract) map[string]json.RawMessage {
	t.Helper()
	files, err := c.Export("json")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]json.RawMessage{}
	for _, f := range files {
		if strings.HasPrefix(f.Name, "schemas/") && strings.HasSuffix(f.Name, ".schema.json") {
			schemas[f.Name] = f.Data
		}
	}
	if len(schemas) != len(c.Payloads) {
		t.Fatalf("%s exports %d schemas of %d payloads", c.ID, len(schemas), len(c.Payloads))
	}
	return schemas
}

// bundled are the schemas of a document in one file.
func bundled(t *testing.T, c *specs.Contract) compilation {
	t.Helper()
	data, err := c.Bundle("json")
	if err != nil {
		t.Fatal(err)
	}
	schemas := bundledSchemas(t, data)
	alone := nodetest.Encode(t, map[string]any{"definitions": schemas}) // a document is no schema itself
	alone = bytes.ReplaceAll(alone, []byte("#/components/schemas/"), []byte("#/definitions/"))
	var names []string
	for name := range schemas {
		names = append(names, "bundle#/definitions/"+name)
	}
	slices.Sort(names)
	return compilation{c.ID + " in one file", map[string]json.RawMessage{"bundle": alone}, names}
}

func bundledSchemas(t *testing.T, bundle []byte) map[string]any {
	t.Helper()
	var document struct {
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(bundle, &document); err != nil {
		t.Fatal(err)
	}
	return document.Components.Schemas
}

// otherwise is what an option of a reading changes; nothing, mostly.
func otherwise(t *testing.T, c *specs.Contract, whole map[string]json.RawMessage, r specs.Reading, option string) []compilation {
	t.Helper()
	if len(r.Options[option].Patches) == 0 {
		return nil
	}
	chosen, err := c.WithReadings(map[string]string{r.ID: option})
	if err != nil {
		t.Fatal(err)
	}
	one := compilation{r.ID + "=" + option, exportedSchemas(t, chosen), nil}
	for name, schema := range one.Schemas {
		if string(schema) != string(whole[name]) {
			one.Compile = append(one.Compile, name)
		}
	}
	if one.Compile == nil {
		return nil
	}
	slices.Sort(one.Compile)
	return []compilation{one}
}

func compileAll(t *testing.T, list []compilation) [][]string {
	t.Helper()
	return nodetest.Through[[]string](t, list, "compile.mjs")
}
