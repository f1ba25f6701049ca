package specs

import (
	"testing"
	"testing/fstest"
)

func TestWhereAContractIs(t *testing.T) {
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\nx-parley: {id: shop}\npaths: {}\n")}}
	for name, test := range map[string]struct {
		load   func() (*Contract, error)
		line   string
		place  string
		sample string
	}{
		"a folder":   {func() (*Contract, error) { return Load(folder, "my shop") }, "shop --contract 'my shop'", "my shop", "my shop/samples/events/paid"},
		"a document": {func() (*Contract, error) { return LoadDocument(folder, "docs/my shop.yaml") }, "'docs/my shop.yaml'", "docs/my shop.yaml", "docs/my shop.yaml, as its example"},
		"a shipped":  {func() (*Contract, error) { return Embedded("elma365") }, "elma365", "elma365", "specs/elma365/samples/events/paid"},
	} {
		c, err := test.load()
		if err != nil {
			t.Fatal(err)
		}
		if line, place, sample := c.OnLine(), c.Place(), c.SamplePlace("events/paid"); line != test.line || place != test.place || sample != test.sample {
			t.Errorf("%s: %s, %s, %s", name, line, place, sample)
		}
	}
}
