package specs

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestBases(t *testing.T) {
	document := `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
servers: [{url: https://shop.test/api/v2/}, {url: "https://{region}.shop.test/{stage}/v3", variables: {region: {default: eu}, stage: {default: prod}}}, {url: /}, {url: v4}, {url: "/{kind}/{version}", variables: {kind: {default: live, enum: [live, test]}, version: {default: v5, enum: [v5, v6]}}}]
paths:
  /items: {get: {operationId: items, responses: {"200": {description: ok}}}}
  /things: {servers: [{url: https://other.test/alt}], get: {operationId: things, responses: {"200": {description: ok}}}}
  /own: {servers: [{url: https://other.test/alt}], get: {operationId: own, servers: [{url: /mine}], responses: {"200": {description: ok}}}}
  /root: {get: {operationId: root, servers: [{url: https://other.test}], responses: {"200": {description: ok}}}}
`
	c, err := Load(fstest.MapFS{"openapi.yaml": {Data: []byte(document)}}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]string{
		"items": {"", "/api/v2", "/prod/v3", "/v4", "/live/v5", "/test/v5", "/live/v6", "/test/v6"}, "things": {"", "/alt"}, "own": {"", "/mine"}, "root": {""},
	} {
		if got := c.Bases(c.Operation("operations/" + id)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
