package validator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// searching is a contract whose one operation has parameters of every kind.
const searching = `openapi: 3.1.0
info: {title: Search, version: "1"}
x-parley: {id: search, sources: {page: {url: "https://vendor.example/page"}}}
paths:
  /v1/{kind}/items-{number}.json:
    parameters:
      - {name: kind, in: path, required: true, schema: {type: string, enum: [books, maps]}}
      - {name: number, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      operationId: search
      parameters:
        - {name: start, in: query, schema: {type: integer, minimum: 0, x-assumed: [minimum]}}
        - {name: ratio, in: query, schema: {type: number, exclusiveMaximum: 1, multipleOf: 0.25}}
        - {name: day, in: query, schema: {type: string, format: date}}
        - {name: open, in: query, schema: {type: boolean}}
        - {name: sort, in: query, schema: {type: string, x-known-values: [asc, desc]}}
        - {name: code, in: query, schema: {type: string, pattern: '^[a-z]+$', minLength: 2, maxLength: 4}}
        - {name: either, in: query, schema: {type: [integer, boolean]}}
        - {name: empty, in: query, allowEmptyValue: true, schema: {type: integer}}
        - {name: ids, in: query, schema: {type: array, maxItems: 3, uniqueItems: true, items: {type: integer}}}
        - {name: tags, in: query, explode: false, schema: {type: array, minItems: 2, items: {type: string, enum: [a, b, c]}}}
        - {name: filters, in: query, schema: {type: array, maxItems: 2, items: {type: object, required: [scope], properties: {scope: {type: string}, size: {type: integer}}}}}
        - {name: guess, in: query, x-evidence: assumed, schema: {type: integer}}
        - {name: since, in: query, schema: {type: integer, x-unit: milliseconds}}
        - {name: pin, in: query, x-secret: true, schema: {type: integer}}
        - {name: api_key, in: query, schema: {type: string, minLength: 20}}
        - {name: X-Tenant, in: header, required: true, schema: {type: integer}}
        - {name: X-Parts, in: header, schema: {type: array, items: {type: integer}}}
        - {name: X-Trace, in: header, x-requirement: S-001, schema: {type: string, format: uuid}}
      responses: {"200": {description: Found}}
`

func searcher(t testing.TB) *Validator {
	t.Helper()
	return loaded(t, fstest.MapFS{"openapi.yaml": {Data: []byte(searching)}}, "search")
}

func TestParametersAreJudged(t *testing.T) {
	v := searcher(t)
	const path = "/v1/books/items-1.json"
	for _, c := range []struct{ url, header, want string }{
		{path, "", ""},
		{path + "?unknown=x", "", "info parameter.undocumented query:unknown"},
		{"https://vendor.example/base" + "?start=x", "", "error operation.path"},
		{"https://vendor.example" + path + "?start=x#count", "", "error parameter.type query:start"},

		{path + "?start=0", "", ""},
		{path + "?start=007", "", ""},
		{path + "?start=%31%30", "", ""},
		{path + "?start=99999999999999999999", "", ""},
		{path + "?start=abc", "", "error parameter.type query:start"},
		{path + "?start=1.5", "", "error parameter.type query:start"},
		{path + "?start=1e2", "", "error parameter.type query:start"},
		{path + "?start=+1", "", "error parameter.type query:start"},
		{path + "?start=", "", "error parameter.type query:start"},
		{path + "?start", "", "error parameter.type query:start"},
		{path + "?start=-5", "", "warn parameter.minimum query:start"},
		{path + "?start=1&start=2", "", "warn parameter.repeated query:start"},
		{path + "?start=x&start=2", "", "warn parameter.repeated query:start\nerror parameter.type query:start"},
		{path + "?Start=x", "", "info parameter.undocumented query:Start"},
		{path + "?start=%zz", "", "error parameter.syntax query"},
		{path + "?start=1;day=x", "", "error parameter.type query:start"},

		{path + "?ratio=0.75&ratio", "", "warn parameter.repeated query:ratio"},
		{path + "?ratio=-2.5e1", "", ""},
		{path + "?ratio=1", "", "error parameter.maximum query:ratio"},
		{path + "?ratio=0.3", "", "error parameter.multiple-of query:ratio"},
		{path + "?ratio=NaN", "", "error parameter.type query:ratio"},
		{path + "?ratio=1e999999999", "", "error parameter.maximum query:ratio"},

		{path + "?day=2026-11-26", "", ""},
		{path + "?day=2026%2D11-26", "", ""},
		{path + "?day=26.11.2026", "", "error parameter.format query:day"},
		{path + "?day=2026-02-30", "", "error parameter.format query:day"},
		{path + "?day=", "", "error parameter.format query:day"},

		{path + "?open=true", "", ""},
		{path + "?open=True", "", "error parameter.type query:open"},
		{path + "?open=1", "", "error parameter.type query:open"},

		{path + "?sort=asc", "", ""},
		{path + "?sort=up", "", "info parameter.unknown-value query:sort"},

		{path + "?code=abc", "", ""},
		{path + "?code=a", "", "error parameter.min-length query:code"},
		{path + "?code=abcde", "", "error parameter.max-length query:code"},
		{path + "?code=A%20B", "", "error parameter.pattern query:code"},

		{path + "?either=5", "", ""},
		{path + "?either=true", "", ""},
		{path + "?either=x", "", "error parameter.type query:either"},
		{path + "?empty=", "", ""},
		{path + "?empty=x", "", "error parameter.type query:empty"},

		{path + `?filters={"scope":"all","size":3}`, "", ""},
		{path + `?filters={"scope":"all"}&filters={"size":"x"}`, "", "error parameter.required query:filters\nerror parameter.type query:filters"},
		{path + `?filters=[{"scope":"all"},{"scope":"one"}]`, "", ""},
		{path + `?filters=[{"scope":1}]`, "", "error parameter.type query:filters"},
		{path + `?filters=[{"scope":"a"},{"scope":"b"},{"scope":"c"}]`, "", "error parameter.max-items query:filters"},
		{path + "?filters=all", "", "error parameter.type query:filters"},
		{path + "?filters={", "", "error parameter.type query:filters"},
		{path + "?ids=1&ids=2", "", ""},
		{path + "?ids=1,2", "", "error parameter.type query:ids"},
		{path + "?ids=1&ids=x", "", "error parameter.type query:ids"},
		{path + "?ids=1&ids=1", "", "error parameter.unique-items query:ids"},
		{path + "?ids=1&ids=2&ids=3&ids=4", "", "error parameter.max-items query:ids"},
		{path + "?tags=a,b", "", ""},
		{path + "?tags=a%2Cb", "", ""},
		{path + "?tags=a", "", "error parameter.min-items query:tags"},
		{path + "?tags=a,d", "", "error parameter.enum query:tags"},

		{path + "?guess=x", "", "warn parameter.type query:guess"},
		{path + "?since=1764115200000", "", ""},
		{path + "?since=1764115200", "", "warn parameter.unit query:since"},

		{path, "X-Tenant: x", "error parameter.type header:X-Tenant"},
		{path, "X-Tenant:", "error parameter.required header:X-Tenant"},
		{path, "X-Parts: 1, 2", ""},
		{path, "X-Parts: 1,x", "error parameter.type header:X-Parts"},
		{path, "x-trace: 5b8e2b7c-6a54-4d6e-9d0e-0f6a0d1c2b3a", ""},
		{path, "x-trace: 5", "error parameter.format header:X-Trace"},

		{"/v1/maps/items-12.json", "", ""},
		{"/v1/m%61ps/items-%31.json", "", ""},
		{"/v1/films/items-1.json", "", "error parameter.enum path:kind"},
		{"/v1/books/items-x.json", "", "error parameter.type path:number"},
		{"/v1/books/items-0.json", "", "error parameter.minimum path:number"},
	} {
		e := call("GET", c.url, "")
		e.Request.Header = http.Header{"X-Tenant": {"7"}}
		if name, value, ok := strings.Cut(c.header, ":"); ok {
			e.Request.Header.Set(name, strings.TrimSpace(value))
		}
		v.Exchange(e)
		if got := brief(e.Findings); got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.url, c.header, got, c.want)
		}
		for _, f := range e.Findings {
			if f.Part != traffic.InRequest || f.Expected == "" || f.Actual == "" {
				t.Errorf("%s: an incomplete finding %+v", c.url, f)
			}
		}
	}
}

func TestFindingsInParametersSayWhatToDo(t *testing.T) {
	v := searcher(t)
	for _, c := range []struct{ query, expected, actual, hint string }{
		{"start=abc", "integer", `"abc"`, ""},
		{"start=", "integer", `""`, "leave the parameter out where there is no value"},
		{"start=%205", "integer", `" 5"`, "leave the spaces out"},
		{"start=%225%22", "integer", `"\"5\""`, "leave the quotes out"},
		{"start=1,000", "integer", `"1,000"`, "write a whole number, without separators"},
		{"start=-5", "at least 0", "-5", "the vendor does not document this; the contract assumes it"},
		{"start=1&start=2", "one value", "2 values", "readers differ in which they take; the first is judged"},
		{"open=TRUE", "boolean", `"TRUE"`, "write true"},
		{"open=no", "boolean", `"no"`, "write true or false"},
		{"day=26.11.2026", "date", `"26.11.2026"`, "write 2026-11-26"},
		{"day=2026-11-26T10:00:00Z", "date", `"2026-11-26T10:00:00Z"`, "write 2026-11-26"},
		{"day=11/12/2026", "date", `"11/12/2026"`, "write the day as yyyy-MM-dd, such as 2026-11-26"},
		{"day=2026-02-29", "date", `"2026-02-29"`, "there is no such day"},
		{"sort=Asc", `a value that the contract knows: "asc" or "desc"`, `"Asc"`, `did you mean "asc"?`},
		{"tags=a,xyz", `one of "a", "b", "c"`, `"xyz"`, ""},
		{"ids=1&ids=x", "integer", `"x"`, ""},
		{"guess=x", "integer", `"x"`, "the vendor does not document this; the contract assumes it"},
		{"code=%zz", "a query that can be decoded", `invalid URL escape "%zz"`, "percent-encode names and values"},
	} {
		e := call("GET", "/v1/books/items-1.json?"+c.query, "")
		e.Request.Header = http.Header{"X-Tenant": {"7"}}
		v.Exchange(e)
		if f := only(t, e.Findings); f.Expected != c.expected || f.Actual != c.actual || f.Hint != c.hint {
			t.Errorf("%s: got %q, %q, %q; want %q, %q, %q", c.query, f.Expected, f.Actual, f.Hint, c.expected, c.actual, c.hint)
		}
	}
}

func TestAFindingNamesTheRequirementOfItsParameter(t *testing.T) {
	e := call("GET", "/v1/books/items-1.json", "")
	e.Request.Header = http.Header{"X-Tenant": {"7"}, "X-Trace": {"5"}}
	searcher(t).Exchange(e)
	if f := only(t, e.Findings); f.Requirement != "S-001" {
		t.Errorf("got %+v", f)
	}
}

func TestAParameterIsAsGraveAsItsRequirement(t *testing.T) {
	for level, want := range map[string]traffic.Severity{"MUST": traffic.Error, "SHOULD": traffic.Warn} {
		requirement := "- {id: S-001, binds: partner, level: " + level + ", text: Traces are UUIDs., source: page, quote: uuid, evidence: documented}"
		v := loaded(t, fstest.MapFS{"openapi.yaml": {Data: []byte(searching)}, "requirements.yaml": {Data: []byte(requirement)}}, "search")
		e := call("GET", "/v1/books/items-1.json", "")
		e.Request.Header = http.Header{"X-Tenant": {"7"}, "X-Trace": {"5"}}
		v.Exchange(e)
		if f := only(t, e.Findings); f.Severity != want {
			t.Errorf("%s: got %+v", level, f)
		}
	}
}

// Secrets are those of the contract and those of common use; what was recorded
// without them is not judged.
func TestParametersKeepTheirSecrets(t *testing.T) {
	v := searcher(t)
	for query, want := range map[string]string{
		"pin=hunter2":            "error parameter.type query:pin",
		"api_key=hunter2":        "error parameter.min-length query:api_key",
		"pin=" + "[redacted]":    "",
		"api_key=%5Bredacted%5D": "",
	} {
		e := call("GET", "/v1/books/items-1.json?"+query, "")
		e.Request.Header = http.Header{"X-Tenant": {"7"}}
		v.Exchange(e)
		if got := brief(e.Findings); got != want || strings.Contains(fmt.Sprint(e.Findings), "hunter2") {
			t.Errorf("%s: got %v, want %s", query, e.Findings, want)
		}
	}
	if secrets := strings.Join(Redaction(v.contract).Names, " "); secrets != "pin" {
		t.Errorf("a recording would hide %q", secrets)
	}
}

func TestALongListIsReportedInPart(t *testing.T) {
	long(t)
	e := call("GET", "/v1/books/items-1.json?tags="+strings.Repeat("x,", 20_000), "")
	e.Request.Header = http.Header{"X-Tenant": {"7"}}
	searcher(t).Exchange(e)
	if n := len(e.Findings); n != maxFindings+1 || e.Findings[maxFindings].Code != "findings.left-out" {
		t.Errorf("%d findings, the last is %+v", n, e.Findings[n-1])
	}
}

func TestAnOperationChosenOtherwiseIsNotJudgedByAPathThatIsNotThere(t *testing.T) {
	v := searcher(t)
	r := &traffic.Request{Method: "GET", URL: "/", Header: http.Header{"X-Tenant": {"7"}}}
	if found := v.Request(v.contract.Operations[0], r, nil); len(found) > 0 {
		t.Errorf("got %v", found)
	}
}

func TestNewNamesWhereAParameterIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"pattern":          {"'^[a-z]+$'", "'^(?=a$'", "search/openapi.yaml:17: query parameter \"code\": pattern"},
		"multiple of none": {"multipleOf: 0.25", "multipleOf: 0", "search/openapi.yaml:13: query parameter \"ratio\": `multipleOf` is 0; write a number above 0"},
	} {
		text := strings.Replace(searching, c.old, c.new, 1)
		contract, err := specs.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(text)}}, "search")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := New(contract); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
