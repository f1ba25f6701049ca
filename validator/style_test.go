package validator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

const styledPaths = `paths:
  /simple/{list}/{object}/{exploded}:
    get:
      operationId: simple
      parameters:
        - {name: list, in: path, required: true, schema: {type: array, items: {type: integer}}}
        - {name: object, in: path, required: true, schema: {$ref: "#/components/schemas/Size"}}
        - {name: exploded, in: path, required: true, explode: true, schema: {$ref: ./schemas/size.schema.json}}
      responses: {"200": {description: ok}}
  /label/{one}/{list}/{exploded}/{object}/{members}:
    get:
      operationId: label
      parameters:
        - {name: one, in: path, required: true, style: label, schema: {type: integer}}
        - {name: list, in: path, required: true, style: label, schema: {type: array, items: {type: integer}}}
        - {name: exploded, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: integer}}}
        - {name: object, in: path, required: true, style: label, schema: {$ref: "#/components/schemas/Size"}}
        - {name: members, in: path, required: true, style: label, explode: true, schema: {$ref: "#/components/schemas/Size"}}
      responses: {"200": {description: ok}}
  /matrix/{one}/{list}/{exploded}/{object}/{members}:
    get:
      operationId: matrix
      parameters:
        - {name: one, in: path, required: true, style: matrix, schema: {type: string}}
        - {name: list, in: path, required: true, style: matrix, schema: {type: array, items: {type: integer}}}
        - {name: exploded, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
        - {name: object, in: path, required: true, style: matrix, schema: {$ref: "#/components/schemas/Size"}}
        - {name: members, in: path, required: true, style: matrix, explode: true, schema: {$ref: "#/components/schemas/Size"}}
      responses: {"200": {description: ok}}
  /compare/{base}...{head}:
    get:
      operationId: compare
      parameters:
        - {name: base, in: path, required: true, schema: {type: string, maxLength: 4}}
        - {name: head, in: path, required: true, schema: {type: integer}}
      responses: {"200": {description: ok}}
  /query:
    get:
      operationId: query
      parameters:
        - {name: spaced, in: query, style: spaceDelimited, schema: {type: array, items: {type: integer}}}
        - {name: piped, in: query, style: pipeDelimited, schema: {type: array, maxItems: 2, items: {type: integer}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, required: [n], additionalProperties: false, properties:
            {n: {type: integer}, tags: {type: array, items: {type: string}}, in: {type: object, properties: {min: {type: number}}}}}}
        - {name: pair, in: query, explode: false, schema: {$ref: "#/components/schemas/Size"}}
        - {name: loose, in: query, schema: {type: object, properties: {lat: {type: number}, long: {type: number}}}}
        - {name: either, in: query, schema: {oneOf: [{type: string, maxLength: 3}, {type: array, items: {type: string}, minItems: 2}]}}
        - {name: colour, in: query, schema: {enum: [red, 3]}}
        - {name: both, in: query, schema: {allOf: [{type: integer}, {minimum: 3}]}}
        - {name: above, in: query, schema: {type: integer, minimum: 3, exclusiveMinimum: true}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object, required: [a]}}}}
        - {name: session, in: cookie, schema: {type: string, minLength: 4}}
        - {name: sizes, in: cookie, explode: false, schema: {type: array, items: {type: integer}}}
      responses: {"200": {description: ok}}
  /answers:
    get:
      operationId: answers
      parameters: [{name: session, in: cookie, required: true, schema: {type: string}}]
      responses:
        "200":
          description: ok
          headers:
            X-Limit: {required: true, schema: {type: integer, minimum: 1}}
            X-Sizes: {schema: {type: array, items: {type: integer}}}
            Content-Type: {schema: {type: integer}}
            Set-Cookie: {schema: {type: string}}
        4XX: {description: no, headers: {Retry-After: {required: true, schema: {type: integer}}}}
components: {schemas: {Size: {type: object, required: [w], properties: {w: {type: integer}, h: {$ref: "#/components/schemas/Edge"}}}, Edge: {type: integer, nullable: true, maximum: 9}}}
`

// TestStylesOfParameters has each style of OpenAPI with what RFC 6570 writes in it.
func TestStylesOfParameters(t *testing.T) {
	text := strings.Replace(styledPaths, "exclusiveMinimum: true", "exclusiveMinimum: 3", 1)
	text = strings.Replace(text, "nullable: true, ", "", 1) // of OpenAPI 3.0
	v := shopOf(t, text, map[string]string{"size": `"type": "object", "required": ["w"], "properties": {"w": {"$ref": "#/definitions/edge"}}, "definitions": {"edge": {"type": "integer"}}`})
	if len(v.Contract().NotJudged) > 0 {
		t.Errorf("not judged: %s", v.Contract().NotJudged)
	}
	for _, c := range []struct{ url, cookie, want string }{
		{"/simple/1,2/w,1,h,2/w=1", "", ""},
		{"/simple/1/w,1/w=1,h=3", "", ""},
		{"/simple/1,x/h,1/w=x", "", "error parameter.type path:list\nerror parameter.required path:object\nerror parameter.type path:exploded"},
		{"/simple/1/w/w", "", "error parameter.syntax path:object\nerror parameter.syntax path:exploded"},
		{"/label/.5/.1,2/.1.2/.w,1/.w=1.h=2", "", ""},
		{"/label/5/.1,x/.1.x/.w,x/.h=1", "", "error parameter.syntax path:one\nerror parameter.type path:list\nerror parameter.type path:exploded\nerror parameter.type path:object\nerror parameter.required path:members"},
		{"/matrix/;one=a/;list=1,2/;exploded=1;exploded=2/;object=w,1/;w=1;h=2", "", ""},
		{"/matrix/a/;list=1,x/;exploded=1;other=2/;object=w,1,h/;w=1;h=10", "", "error parameter.syntax path:one\nerror parameter.type path:list\nerror parameter.syntax path:exploded\nerror parameter.syntax path:object\nerror parameter.maximum path:members"},
		{"/compare/main...7", "", ""},
		{"/compare/master...x", "", "error parameter.max-length path:base\nerror parameter.type path:head"},

		{"/query?spaced=1%202&piped=1|2", "", ""},
		{"/query?spaced=1+x&piped=1%7C2%7C3", "", "error parameter.type query:spaced\nerror parameter.max-items query:piped"},
		{"/query?deep[n]=1&deep[tags][]=a&deep[tags][]=b&deep[in][min]=2.5", "", ""},
		{"/query?deep%5Bn%5D=1&deep[tags]=a", "", ""},
		{"/query?deep[n]=x&deep[in][min]=y", "", "error parameter.type query:deep\nerror parameter.type query:deep"},
		{"/query?deep[m]=1", "", "error parameter.schema query:deep\nerror parameter.required query:deep"},
		{"/query?pair=w,1,h,2", "", ""},
		{"/query?pair=w,1,h,10", "", "error parameter.maximum query:pair"},
		{"/query?lat=1.5&long=x", "", "error parameter.type query:loose"},
		{"/query?either=abc", "", ""},
		{"/query?either=a&either=bcde", "", ""},
		{"/query?either=abcd", "", "error parameter.min-items query:either\nerror parameter.schema query:either"},
		{"/query?colour=3", "", ""},
		{"/query?colour=blue", "", "error parameter.enum query:colour"},
		{"/query?both=3&above=4", "", ""},
		{"/query?both=2&above=3", "", "error parameter.minimum query:both\nerror parameter.minimum query:above"},
		{"/query?filter=%7B%22a%22:1%7D", "", ""},
		{"/query?filter=%7B%7D", "", "error parameter.required query:filter"},
		{"/query?filter=a", "", "error parameter.syntax query:filter"},
		{"/query", "session=abcd; sizes=1,2", ""},
		{"/query", "session=abc; sizes=1,x", "error parameter.min-length cookie:session\nerror parameter.type cookie:sizes"},
		{"/query", traffic.Redacted, ""},
	} {
		e := call("GET", c.url, "")
		e.Request.Header = http.Header{}
		if c.cookie != "" {
			e.Request.Header.Set("Cookie", c.cookie)
		}
		v.Exchange(e)
		if got := brief(e.Findings); got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.url, c.cookie, got, c.want)
		}
		for _, f := range e.Findings {
			if f.Expected == "" || f.Actual == "" || strings.HasPrefix(f.Pointer, "cookie:") && f.Actual != traffic.Redacted {
				t.Errorf("%s: %+v", c.url, f)
			}
		}
	}
}

func TestHeadersOfAnswersAreJudged(t *testing.T) {
	v := shopOf(t, strings.Replace(strings.Replace(styledPaths, "exclusiveMinimum: true", "exclusiveMinimum: 3", 1), "nullable: true, ", "", 1),
		map[string]string{"size": `"type": "object"`})
	for _, c := range []struct {
		status int
		header http.Header
		want   string
	}{
		{200, http.Header{"X-Limit": {"3"}, "X-Sizes": {"1, 2", "3"}, "Set-Cookie": {"a=1", "b=2"}}, ""},
		{200, http.Header{"X-Sizes": {"1,x"}}, "response error parameter.required header:X-Limit\nresponse error parameter.type header:X-Sizes"},
		{200, http.Header{"X-Limit": {"0"}}, "response error parameter.minimum header:X-Limit"},
		{404, http.Header{"Retry-After": {"soon"}}, "response error parameter.type header:Retry-After"},
		{429, nil, "response error parameter.required header:Retry-After"},
	} {
		e := call("GET", "/answers", "")
		e.Request.Header = http.Header{"Cookie": {"session=a"}}
		e.Response.Status, e.Response.Header = c.status, c.header
		if got := judged(v, e); got != c.want {
			t.Errorf("%d %v\n got %s\nwant %s", c.status, c.header, got, c.want)
		}
	}
	e := call("GET", "/answers", "")
	e.Response.Header = http.Header{"X-Limit": {"3"}}
	if got := judged(v, e); got != "request error parameter.required cookie:session" {
		t.Errorf("without the cookie: %s", got)
	}
}
