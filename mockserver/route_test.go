package mockserver_test

import (
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

const methodsAfterColons = `
paths:
  /v1/items/{id}:
    post: {operationId: updateItem, responses: {"200": {description: ok}}}
  /v1/items/{id}:archive:
    post: {operationId: archiveItem, responses: {"202": {description: ok}}}
  /v1/items:search:
    post: {operationId: searchItems, responses: {"203": {description: ok}}}
  /export.{format}:
    get: {operationId: export, responses: {"206": {description: ok}}}
  /users/{id}:
    get: {operationId: getUser, responses: {"207": {description: ok}}}
  /users/me:
    post: {operationId: setMe, responses: {"208": {description: ok}}}
  /lists/{id}:
    post: {operationId: setList, responses: {"211": {description: ok}}}
  /{any}/all:
    get: {operationId: getAll, responses: {"212": {description: ok}}}
`

func TestTheMostConcretePathServes(t *testing.T) {
	m := opened(t, shop(t, methodsAfterColons, nil, nil), mockserver.Options{})
	for call, status := range map[[2]string]int{
		{"POST", "/v1/items/7:archive"}: 202, {"POST", "/v1/items/7"}: 200, {"POST", "/v1/items:search"}: 203,
		{"POST", "/v1/items:bogus"}: 404, {"POST", "/v1/items/7:bogus"}: 200, {"GET", "/export.csv"}: 206,
		{"POST", "/users/me"}: 208, {"GET", "/users/me"}: 405, {"GET", "/lists/all"}: 212, {"POST", "/lists/all"}: 211, {"PUT", "/lists/all"}: 405, {"GET", "/users/5"}: 207, {"GET", "/users/a%2Fb"}: 207, {"GET", "/users/a+b%20c"}: 207,
	} {
		if a := m.Do(call[0], call[1], ""); a.Status != status {
			t.Errorf("%s is answered %d %s, want %d", call, a.Status, a.Body, status)
		} else if e := m.Exchange(a); (status == 405) != slices.ContainsFunc(e.Findings, func(f traffic.Finding) bool { return f.Code == "operation.method" }) {
			t.Errorf("%s: %v", call, e.Findings)
		}
	}
}
