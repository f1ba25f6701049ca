package openapi_test

import (
	"reflect"
	"slices"
	"testing"
)

// TestWhatNothingFits is left out and named, so that the rest of a vendor's document can be
// used.
func TestWhatNothingFits(t *testing.T) {
	for _, version := range []string{"3.0.3", "3.1.0"} {
		c := loaded(t, posting(version, `{type: object, required: [a, a, b], properties: {
          a: {type: string, enum: [x, y, x]}, b: {type: string, pattern: "^[A-Z_-.]+$", maxLength: 9}, c: {type: string, minLength: 5, maxLength: 3},
          d: {type: integer, minimum: 2, maximum: 1.5}, e: {type: integer, minimum: 1, maximum: 1}, f: {type: string, pattern: "^(?!a)"}}, patternProperties: {"[": {type: integer}, "^x-": {type: integer}}}`), nil)
		schema := c.Payloads["operations/add"].Schema()
		if got := schema["required"]; !reflect.DeepEqual(got, []any{"a", "b"}) {
			t.Errorf("%s: it demands %v", version, got)
		}
		members := schema["properties"].(map[string]any)
		for name, want := range map[string][]string{"a": {"enum", "type"}, "b": {"maxLength", "type"}, "c": {"type"}, "d": {"type"}, "e": {"maximum", "minimum", "type"}, "f": {"pattern", "type"}} {
			var got []string
			for key := range members[name].(map[string]any) {
				if key != "x-evidence" {
					got = append(got, key)
				}
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s: %s has %v, want %v", version, name, got, want)
			}
		}
		if got := members["a"].(map[string]any)["enum"]; !reflect.DeepEqual(got, []any{"x", "y"}) {
			t.Errorf("%s: a may be %v", version, got)
		}
		if got := schema["patternProperties"].(map[string]any); len(got) != 1 || got["^x-"] == nil {
			t.Errorf("%s: patterns of names are %v", version, got)
		}
		for _, says := range []string{
			`pattern "^[A-Z_-.]+$", which is no regular expression: error parsing regexp: invalid character class range: ` + "`_-.`" + ` (docs/api.yaml:8 and docs/api.yaml:11)`,
			"minLength 5 beside maxLength 3, which nothing fits (docs/api.yaml:8 and docs/api.yaml:11)", "minimum 2 beside maximum 1.5, which nothing fits (docs/api.yaml:9 and docs/api.yaml:12)",
			`pattern "[", which is no regular expression: error parsing regexp: missing closing ]: ` + "`[`" + ` (docs/api.yaml:9 and docs/api.yaml:12)`,
		} {
			if !slices.Contains(c.NotJudged, says) {
				t.Errorf("%s: it does not say %q, but %q", version, says, c.NotJudged)
			}
		}
	}
}

// TestTuplesOfSwagger2: it has none, and Slack's document does.
func TestTuplesOfSwagger2(t *testing.T) {
	c := loaded(t, `swagger: "2.0"
info: {title: Old, version: "1"}
paths:
  /pets:
    get:
      responses: {200: {description: Pets., schema: {type: object, properties: {items: {type: array, items: [{type: string}, {type: integer}]}, last: {type: string}}}, examples: {application/json: {items: [a, 1]}}}}
`, nil)
	if samples := c.Payloads["answers/getPets/200"].Samples; len(samples) != 1 || string(compact(t, samples[0].Body)) != `{"items":["a",1]}` {
		t.Errorf("its samples are %v", samples)
	}
	members := c.Payloads["answers/getPets/200"].Schema()["properties"].(map[string]any)
	if list := members["items"].(map[string]any); list["type"] != "array" || list["items"] != nil || members["last"] == nil {
		t.Errorf("its members are %v", members)
	}
	if source := c.Operations[0].Evidence.Source; source != "document" {
		t.Errorf("it stands at %s", source) // its line is not known
	}
	if want := "items that are a list, which Swagger 2.0 does not have"; !slices.Contains(c.NotJudged, want) {
		t.Errorf("it does not say %q, but %q", want, c.NotJudged)
	}
}

// TestPathsThatNoCallHas: a fragment is not sent, and a query is no part of a path.
func TestPathsThatNoCallHas(t *testing.T) {
	c := loaded(t, `openapi: 3.0.3
info: {title: Paths, version: "1"}
paths:
  /token:
    post: {operationId: token, responses: {200: {description: One.}}}
  /token#refresh:
    post: {operationId: refresh, responses: {200: {description: Two.}}}
  /only#part:
    get: {operationId: only, responses: {200: {description: Three.}}}
  /?Action=Add:
    post: {operationId: add, responses: {200: {description: Four.}}}
  /?Action=Remove:
    post: {operationId: remove, responses: {200: {description: Five.}}}
`, nil)
	var served []string
	for _, o := range c.Operations {
		served = append(served, o.Method+" "+o.Path+" "+o.ID)
	}
	if want := []string{"GET /only only", "POST /token token"}; !slices.Equal(slices.Sorted(slices.Values(served)), want) {
		t.Errorf("it serves %q, want %q", served, want)
	}
	for _, says := range []string{
		`path "/token#refresh", of which a call has only /token, as "/token" does (docs/api.yaml:6)`, `what is behind /only in path "/only#part" (docs/api.yaml:8)`,
		`path "/?Action=Add", of which a call has only /, as "/?Action=Remove" does (docs/api.yaml:10)`, `path "/?Action=Remove", of which a call has only /, as "/?Action=Add" does (docs/api.yaml:12)`,
	} {
		if !slices.Contains(c.NotJudged, says) {
			t.Errorf("it does not say %q, but %q", says, c.NotJudged)
		}
	}
}
