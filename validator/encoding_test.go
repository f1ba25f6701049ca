package validator

import (
	"strings"
	"testing"
)

const (
	encodedSchema = `"type": "object", "required": ["n"], "additionalProperties": false, "properties": {"n": {"type": "integer"},
		"items": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["price"], "properties": {"price": {"type": "string"}, "count": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "integer"}}}}},
		"card": {"type": "object", "required": ["number"], "additionalProperties": false, "properties": {"number": {"type": "string"}, "month": {"type": "integer"}}},
		"meta": {"anyOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"enum": [""]}]},
		"expand": {"type": "array", "items": {"type": "string"}}, "comma": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
		"space": {"type": "array", "items": {"type": "integer"}}, "pipe": {"type": "array", "items": {"type": "integer"}}, "pair": {"type": "object", "properties": {"r": {"type": "integer"}}},
		"point": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}, "additionalProperties": false},
		"object": {"type": "object", "properties": {"r": {"type": "integer"}}}, "list": {"type": "array", "items": {"type": "integer"}},
		"xml": {"type": "object", "properties": {"r": {"type": "integer"}}}, "texts": {"type": "array", "items": {"type": "string"}}}`
	encodedMembers = `{items: {style: deepObject, explode: true}, card: {style: deepObject}, meta: {style: deepObject}, expand: {style: deepObject}, comma: {style: form, explode: false},
      space: {style: spaceDelimited}, pipe: {style: pipeDelimited, explode: false}, pair: {explode: false}, point: {style: form}, object: {contentType: application/json}, list: {contentType: application/json},
      xml: {contentType: application/xml}, texts: {contentType: text/plain}}`
)

func encoded(t *testing.T) *Validator {
	return shopOf(t, `paths:
  /encoded: {post: {operationId: encoded, requestBody: {content: {
    application/x-www-form-urlencoded: {schema: {$ref: ./schemas/encoded.schema.json}, encoding: `+encodedMembers+`},
    multipart/form-data: {schema: {$ref: ./schemas/encoded.schema.json}, encoding: `+encodedMembers+`}}},
    responses: {"200": {description: ok}}}}
`, map[string]string{"encoded": encodedSchema})
}

// TestMembersOfFormsAreReadAsTheyAreEncoded: in the style that the contract documents.
func TestMembersOfFormsAreReadAsTheyAreEncoded(t *testing.T) {
	v := encoded(t)
	for _, c := range []struct{ body, want string }{
		{"items[0][price]=a&items[0][count]=2&items[1][price]=b&items[1][tags][]=1&items[1][tags][]=2", ""},
		{"items[1][price]=b&items[0][price]=a&items[0][count]=x", "error body.type /items/0/count"},
		{"items[0][count]=2", "error body.required /items/0/price"},
		{"items[][price]=a&items[][price]=b", ""},
		{"items[][price]=a&items[][count]=x", ""}, // one item, or two
		{"items[0][tags][0]=1&items[0][tags][1]=x&items[0][price]=a", "error body.type /items/0/tags/1"},
		{"items[a][price]=b", "error body.type /items"},
		{"card[number]=1&card[month]=2", ""},
		{"card[month]=x", "error body.type /card/month\nerror body.required /card/number"},
		{"card[number]=1&card[other]=2", "error body.additional-key /card/other"},
		{"card[number=1", "error body.additional-key /card[number"},
		{"other[a]=1", "error body.additional-key /other[a]"},
		{"meta[a]=1&meta[b]=2", ""},
		{"meta=", ""},
		{"expand[]=a&expand[]=b", ""},
		{"expand[0]=a&expand[1]=b", ""},
		{"expand=a&expand=b", ""},
		{"comma=1,2", ""},
		{"comma=1", ""},
		{"comma=", ""},
		{"comma=1,x,3", "error body.max-items /comma\nerror body.type /comma/1"},
		{"comma=1&comma=2", ""},
		{"space=1+2&pipe=1|2", ""},
		{"space=1,2", "error body.type /space/0"},
		{"pair=r,1", ""},
		{"pair=r,x", "error body.type /pair/r"},
		{"lat=1&lon=2.5", ""},
		{"lat=x", "error body.type /point/lat"},
		{"far=1", "error body.additional-key /far"},
		{`object={"r":1}&list=[1,2]`, ""},
		{`object={"r":"x"}&list=1&list=2`, "error body.type /object/r"},
		{`list=[1,"x"]`, "error body.type /list/1"},
		{"xml=<r>1</r>&texts=a&texts=b", ""},
		{"card=[redacted]&comma=[redacted]&items[0][count]=[redacted]&items[0][price]=[redacted]", ""},
		{"card" + strings.Repeat("[a]", 1000) + "=1", "error body.additional-key"},
	} {
		got := strings.ReplaceAll(judged(v, sends("/encoded", "application/x-www-form-urlencoded", "n=1&"+c.body)), "request ", "")
		if got != c.want && !(strings.Contains(c.body, "[a][a]") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%.200s\n got %.300s\nwant %s", c.body, got, c.want)
		}
	}
}

// TestPartsMayBeWrittenInAStyle, as OpenAPI 3.1 has it, or as 3.0 does.
func TestPartsMayBeWrittenInAStyle(t *testing.T) {
	v := encoded(t)
	for _, c := range []struct {
		parts []string
		want  string
	}{
		{[]string{"card[number]=1", "card[month]=2", "comma=1,2"}, ""},
		{[]string{`card={"number":"1"}`, "comma=1", "comma=2"}, ""},
		{[]string{"card[month]=x", "comma=[1,2]"}, "error body.type /card/month\nerror body.required /card/number"},
	} {
		kind, body := multipartOf(t, append(c.parts, "n=1")...)
		if got := strings.ReplaceAll(judged(v, sends("/encoded", kind, body)), "request ", ""); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.parts, got, c.want)
		}
	}
}
