package mockserver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

func TestGapsAreNamed(t *testing.T) {
	list := "paths:\n  /full: {get: {operationId: full, responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: ./schemas/ok.schema.json}}}}}}}\n"
	for _, name := range strings.Fields("a b c d e f g") {
		list += "  /" + name + ": {get: {operationId: " + name + ", responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: ./schemas/bare.schema.json}}}}}}}\n"
	}
	list += "  /xml: {get: {operationId: xml, responses: {\"200\": {description: ok, content: {application/xml: {}}}}}}\n"
	list += "  /never: {get: {operationId: never, responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: ./schemas/never.schema.json}}}}}}}\n"
	contract := shop(t, list, map[string]string{"ok": `"type": "object", "properties": {"ok": {"type": "boolean"}}`, "bare": `"type": "object"`, "never": `"type": "integer", "minimum": 2, "maximum": 1`},
		map[string]string{"ok/good": `{"ok":true}`, "ok/bad": "{\n \"ok\": 7}"})
	m := opened(t, contract, mockserver.Options{})
	got := m.Server().Gaps("shop")
	want := []string{
		"no sample, so that answers are made from the schema: operations/a, operations/b, operations/c, operations/d, operations/e and 2 more",
		"no sample and no schema, so that answers have no body: operations/xml in application/xml",
		"operations/never 200 can't be answered: the contract has no sample of it, and none could be made: no body of payload never could be made from its schema: its schemas demand at least 2 and at most 1; a sample of it would be answered",
		"shop/samples/ok/bad.json:2: sample bad of payload ok breaks its schema, and is answered all the same: error body.type at /ok: expected boolean, got number 7; send true or false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("named are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestWhereThereAreNoGaps: a contract with all its samples has none, nor has a shipped
// one.
func TestWhereThereAreNoGaps(t *testing.T) {
	shipped := specstest.Contract(t, specs.IDs()[0])
	for _, v := range []mockserver.Vendor{acme.Vendor(), {Contract: shipped}} {
		server, err := mockserver.New(mockserver.Options{}, v)
		if err != nil {
			t.Fatal(err)
		}
		if got := server.Gaps(v.Contract.ID); len(got) > 0 {
			t.Errorf("named are %q", got)
		}
	}
}
