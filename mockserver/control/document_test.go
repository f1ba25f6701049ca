package control_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

// TestControlShowsItsOwnDocument whole: every operation, and every schema that it or
// another schema refers to.
func TestControlShowsItsOwnDocument(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	var document struct {
		Paths      map[string]map[string]any
		Components struct{ Schemas, Responses map[string]any }
	}
	c.into(&document, 200, "GET", "openapi.json", "")
	var shown, described []string
	for path, item := range document.Paths {
		for method, operation := range item {
			if o, _ := operation.(map[string]any); o["operationId"] != nil {
				shown = append(shown, strings.ToUpper(method)+" "+path)
			}
		}
	}
	for _, o := range c.judge.Contract().Operations {
		described = append(described, o.Method+" "+o.Path)
	}
	slices.Sort(shown)
	slices.Sort(described)
	if !slices.Equal(shown, described) {
		t.Errorf("shown are %v, described are %v", shown, described)
	}
	schemas := 0
	for _, ref := range references(document.Paths, document.Components.Schemas, document.Components.Responses) {
		name, ok := strings.CutPrefix(ref, "#/components/schemas/")
		switch {
		case !strings.HasPrefix(ref, "#/components/"):
			t.Errorf("%s leads out of the document", ref)
		case ok && document.Components.Schemas[name] == nil:
			t.Errorf("%s leads nowhere", ref)
		case ok:
			schemas++
		}
	}
	if schemas == 0 {
		t.Error("nothing refers to a schema")
	}
}

// TestTheDocumentDescribesAFault with all of its members, as its schema does: a page
// makes a form of it.
func TestTheDocumentDescribesAFault(t *testing.T) {
	type schema struct {
		Properties map[string]struct{ Type, Description string }
	}
	var written schema
	data, err := os.ReadFile("schemas/requests/fault.schema.json")
	if err == nil {
		err = json.Unmarshal(data, &written)
	}
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct{ Schemas map[string]schema }
	}
	newControl(t, mockserver.Options{}).into(&document, 200, "GET", "openapi.json", "")
	shown := document.Components.Schemas["requests.fault"].Properties
	if len(shown) != len(written.Properties) || len(shown) == 0 {
		t.Errorf("%d members are shown, %d written", len(shown), len(written.Properties))
	}
	for name, member := range written.Properties {
		if shown[name] != member {
			t.Errorf("%s is shown as %v, and written as %v", name, shown[name], member)
		}
	}
}

// references are all $ref in decoded values.
func references(values ...any) []string {
	var list []string
	for _, value := range values {
		switch value := value.(type) {
		case map[string]map[string]any:
			for _, one := range value {
				list = append(list, references(one)...)
			}
		case map[string]any:
			if ref, ok := value["$ref"].(string); ok {
				list = append(list, ref)
			}
			for _, one := range value {
				list = append(list, references(one)...)
			}
		case []any:
			list = append(list, references(value...)...)
		}
	}
	return list
}
