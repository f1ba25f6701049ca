package specs_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

// TestNothingIsLeftUnread: what would not be judged by is refused, with file, line
// and what to write instead.
func TestNothingIsLeftUnread(t *testing.T) {
	replaced := func(old, new string) map[string]string {
		return map[string]string{"openapi.yaml": strings.Replace(document, old, new, 1)}
	}
	for name, test := range map[string]struct {
		changed map[string]string
		want    string
	}{
		"a schema of another name":      {map[string]string{"schemas/other.json": schema}, "tiny/schemas/other.json: a payload's schema has a name that ends in .schema.json"},
		"a sample of no payload":        {map[string]string{"samples/things/one.json": `{}`}, "tiny/samples/things/one.json: a sample of payload things, which has no schemas/things.schema.json; the folders below samples are named like the schemas (thing)"},
		"a body's schema in place":      {replaced("{$ref: ./schemas/thing.schema.json}", "{type: object}"), "tiny/openapi.yaml:11: operations/put: the schema of its application/json body would not be read; put it into a file"},
		"an answer's schema in place":   {replaced("{description: done, x-evidence: assumed}", "{description: done, content: {application/json: {schema: {type: object}}}}"), "the schema of its application/json answer 200 would not be read"},
		"evidence of no class":          {replaced("x-evidence: assumed", "x-evidence: guessed"), `tiny/openapi.yaml:13: operations/put: x-evidence: evidence is "guessed"`},
		"evidence of an unknown source": {replaced("x-evidence: assumed", `x-evidence: {class: documented, source: "pages#a"}`), `operations/put: x-evidence: source "pages" is not listed under x-parley.sources`},
		"nothing":                       {nil, ""},
		"an unknown format":             {map[string]string{"schemas/thing.schema.json": strings.Replace(schema, `"type": "string"`, `"type": "string", "format": "iso-country-code"`, 1)}, ""}, // describes only
		"no body at all":                {replaced("\n      requestBody: {content: {application/json: {schema: {$ref: ./schemas/thing.schema.json}}}}", ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := specs.Load(tiny(test.changed), "tiny")
			if err != nil {
				t.Fatal(err)
			}
			err = c.Validate()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
