package specs_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

const routed = `openapi: 3.1.0
info: {title: Routes, version: "1"}
x-parley: {id: routes, name: Routes}
servers: [{url: "https://shop.test/api/v2"}, {url: "https://{region}.shop.test/{stage}/v3", variables: {region: {default: eu}, stage: {default: prod}}}, {url: /}]
paths:
  /: {get: {operationId: root, responses: {"200": {description: ok}}}}
  /v1/items/{id}: {post: {operationId: update, responses: {"200": {description: ok}}}, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  "/v1/items/{id}:archive": {post: {operationId: archive, responses: {"200": {description: ok}}}, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  "/v1/items/{id}:unarchive": {post: {operationId: unarchive, responses: {"200": {description: ok}}}, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  "/v1/items:search": {post: {operationId: search, responses: {"200": {description: ok}}}}
  "/export.{format}": {get: {operationId: export, responses: {"200": {description: ok}}}, parameters: [{name: format, in: path, required: true, schema: {type: string}}]}
  /users/{id}:
    get: {operationId: getUser, responses: {"200": {description: ok}}}
    put: {operationId: putUser, responses: {"200": {description: ok}}}
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  /users/me: {get: {operationId: getMe, responses: {"200": {description: ok}}}}
  /a/{id}: {put: {operationId: putA, responses: {"200": {description: ok}}}, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  "/{all}/b": {get: {operationId: anyB, responses: {"200": {description: ok}}}, parameters: [{name: all, in: path, required: true, schema: {type: string}}]}
  /straße/{id}: {get: {operationId: street, responses: {"200": {description: ok}}}, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  /things:
    servers: [{url: "https://other.test/alt"}]
    get: {operationId: things, responses: {"200": {description: ok}}}
`

func TestRoutesFindTheMostConcretePath(t *testing.T) {
	c, err := specs.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(routed)}}, "routes")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"/api/v2", "/prod/v3", "/"}; !slices.Equal(c.Servers, want) {
		t.Errorf("servers %v", c.Servers)
	}
	if hosts := c.Hosts(); len(hosts) != 2 || hosts[0].Host != "shop.test" || hosts[1].Host != "other.test" {
		t.Errorf("hosts %v", hosts)
	}
	routes := c.Routes()
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/", "/"},
		{"GET", "", "/"},
		{"POST", "/v1/items/7", "/v1/items/{id}"},
		{"POST", "/v1/items/7:archive", "/v1/items/{id}:archive"},
		{"POST", "/v1/items/a%2Fb:archive", "/v1/items/{id}:archive"},
		{"POST", "/v1/items/7%3Aarchive", "/v1/items/{id}:archive"},
		{"POST", "/v1/items/7:unarchive", "/v1/items/{id}:unarchive"},
		{"POST", "/v1/items/:archive", "/v1/items/{id}"},
		{"POST", "/v1/items:search", "/v1/items:search"},
		{"POST", "/v1/items:bogus", ""},
		{"GET", "/export.csv", "/export.{format}"},
		{"GET", "/export.", ""},
		{"GET", "/users/me", "/users/me"},
		{"PUT", "/users/me", "not /users/me"},
		{"DELETE", "/users/me", "not /users/me"},
		{"PUT", "/users/%6De", "not /users/me"},
		{"DELETE", "/users/5", "not /users/{id}"},
		{"GET", "/a/b", "/{all}/b"},
		{"DELETE", "/a/b", "not /a/{id}"},
		{"", "/users/me", "/users/me"},
		{"GET", "/users/a%2Fb", "/users/{id}"},
		{"GET", "/users/", ""},
		{"GET", "/users/5/", ""},
		{"GET", "/stra%C3%9Fe/5", "/straße/{id}"},
		{"GET", "/api/v2/users/5", "/users/{id}"},
		{"GET", "/prod/v3/users/5", "/users/{id}"},
		{"GET", "/api/v2", "/"},
		{"GET", "/api/v22/users/5", ""},
		{"GET", "/things", "/things"},
		{"GET", "/alt/things", "/things"},
		{"GET", "/api/v2/things", ""},
	} {
		got, ok := routes.Find(c.method, c.path)
		if got != "" && !ok {
			got = "not " + got
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestTemplatesAreOrderedByHowConcreteTheyAre(t *testing.T) {
	want := []string{"/a", "/a/b", "/a/x{id}:archive", "/a/{id}:archive", "/a/{id}.json", "/a/{id}", "/{all}/b"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, specs.ComparePaths)
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if specs.ComparePaths("/a/{id}", "/a/{name}") != 0 {
		t.Error("names of parameters tell paths apart")
	}
}
