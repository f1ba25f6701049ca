package specs_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

const neighbours = `openapi: 3.1.0
info: {title: Tiny, version: "1"}
x-parley: {id: tiny, sources: {page: {title: A page}}}
paths:
  /v1/things/{id}:
    get: {operationId: get, responses: {"200": {description: done, x-evidence: assumed}}}
    put: {operationId: put, responses: {"200": {description: done, x-evidence: assumed}}}
  /v1/things:
    get: {operationId: list, responses: {"200": {description: done, x-evidence: assumed}}}
  /v10/others:
    get: {operationId: others, responses: {"200": {description: done, x-evidence: assumed}}}
`

// placesOf are the operations' paths in order, in the contract and in its document.
func placesOf(t *testing.T, c *specs.Contract) string {
	t.Helper()
	var list []string
	for _, o := range c.Operations {
		list = append(list, o.ID+" "+o.Path)
		if item := c.Document().Paths.Value(o.Path); item == nil || item.GetOperation(o.Method) == nil {
			t.Errorf("%s %s is not in the document", o.Method, o.Path)
		}
	}
	return strings.Join(list, ", ")
}

func TestOtherPaths(t *testing.T) {
	c, err := specs.Load(tiny(map[string]string{"openapi.yaml": neighbours}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	before := placesOf(t, c)
	for _, test := range []struct{ what, path, want string }{
		{"get", "/one/{id}", "get /one/{id}, put /v1/things/{id}, list /v1/things, others /v10/others"},
		{"operations/get", "/{id}", "get /{id}, put /v1/things/{id}, list /v1/things, others /v10/others"},
		{"/v1", "/v2/api", "get /v2/api/things/{id}, put /v2/api/things/{id}, list /v2/api/things, others /v10/others"},
		{"/v1/", "/", "get /things/{id}, put /things/{id}, list /things, others /v10/others"},
		{"list", "/v1/things", before},
		{"list", "/v1", "get /v1/things/{id}, put /v1/things/{id}, list /v1, others /v10/others"},
	} {
		moved, err := c.WithPath(test.what, test.path)
		if err != nil {
			t.Errorf("%s=%s: %v", test.what, test.path, err)
			continue
		}
		if got := placesOf(t, moved); got != test.want {
			t.Errorf("%s=%s: %s, want %s", test.what, test.path, got, test.want)
		}
	}
	if after := placesOf(t, c); after != before {
		t.Errorf("the contract itself became %s", after)
	}
}

func TestPathsThatCannotBe(t *testing.T) {
	c, err := specs.Load(tiny(map[string]string{"openapi.yaml": neighbours}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ what, path, want string }{
		{"nothing", "/x", "no operation nothing"},
		{"/v3", "/x", "no path of contract tiny begins with /v3"},
		{"list", "x", "is no path"},
		{"list", "//host/x", "is no path"},
		{"list", "/x?y=1", "is no path"},
		{"list", "/x y", "is no path"},
		{"list", "/%zz", "is no path"},
		{"list", "/v10/others", "would be that of operations/list and of operations/others"},
		{"list", "/x/{id}", "other parameters"},
		{"get", "/x", "other parameters"},
	} {
		if _, err := c.WithPath(test.what, test.path); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s=%s: %v, want %q", test.what, test.path, err, test.want)
		}
	}
}
