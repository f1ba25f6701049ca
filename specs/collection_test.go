package specs

import (
	"strings"
	"testing"
	"testing/fstest"
)

const withCollections = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
paths:
  /items:
    x-parley: {collection: things, id: sku}
    get: {operationId: list, responses: {"200": {description: ok}}}
  /items/{itemId}:
    get: {operationId: read, responses: {"200": {description: ok}}}
  /items/{itemId}/parts: {get: {operationId: parts, responses: {"200": {description: ok}}}}
  /items/{itemId}/parts/{id}:
    x-parley: {collection: parts}
    get: {operationId: part, responses: {"200": {description: ok}}}
  /items/{itemId}:archive: {post: {operationId: archive, responses: {"200": {description: ok}}}}
  /others: {get: {operationId: others, responses: {"200": {description: ok}}}}
`

func TestCollectionsOfPaths(t *testing.T) {
	load := func(document string) (*Contract, error) {
		return Load(fstest.MapFS{"openapi.yaml": {Data: []byte(document)}}, "shop")
	}
	c, err := load(withCollections)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]Collection{
		"list": {"things", "sku", false}, "read": {"things", "sku", true}, "parts": {"parts", "id", false}, "part": {"parts", "id", true}, "archive": {}, "others": {},
	} {
		var got Collection
		if k := c.Operation("operations/" + id).Collection; k != nil {
			got = *k
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	for given, says := range map[string]string{
		"{colection: things}":       `openapi.yaml:5: x-parley of path /items: "colection" is not read on a path; write x-parley: {collection: items, id: id}`,
		"{id: sku}":                 "x-parley of path /items: it has no collection",
		"{collection: 7}":           "x-parley of path /items: collection is no name",
		"things":                    "it has no collection",
		"{collection: a, id: [id]}": "id is no name",
	} {
		if _, err := load(strings.Replace(withCollections, "{collection: things, id: sku}", given, 1)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %s", given, err, says)
		}
	}
	twice := strings.Replace(withCollections, "  /items/{itemId}:\n", "  /items/{itemId}:\n    x-parley: {collection: other}\n", 1)
	if _, err := load(twice); err == nil || !strings.Contains(err.Error(), "say it once, on one path of the pair") {
		t.Errorf("error %v", err)
	}
}
