package mockserver_test

import (
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

// shop is a contract of paths, with payloads by name: a schema without its beginning,
// and samples by payload and name.
func shop(t *testing.T, paths string, schemas, samples map[string]string) *specs.Contract {
	t.Helper()
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: Shop, version: \"1\"}\nx-parley: {id: shop, name: Shop}\n" + paths)}}
	for name, schema := range schemas {
		folder["schemas/"+name+".schema.json"] = &fstest.MapFile{Data: []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", ` + schema + `}`)}
	}
	for name, sample := range samples {
		folder["samples/"+name+".json"] = &fstest.MapFile{Data: []byte(sample)}
	}
	contract, err := specs.Load(folder, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// opened is a mock of a contract.
func opened(t *testing.T, contract *specs.Contract, o mockserver.Options) *mocktest.Mock {
	t.Helper()
	return mocktest.NewWith(t, o, mockserver.Vendor{Contract: contract})
}
