package specs

import (
	"encoding/json"
	"testing"
	"testing/fstest"
)

const withExamples = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
paths:
  /memes:
    get:
      operationId: memes
      responses:
        "200":
          description: ok
          headers: {X-Total: {required: true, schema: {type: integer}, example: 7}, Content-Type: {schema: {type: string}}}
          content:
            application/json:
              schema: {$ref: ./schemas/meme.schema.json}
              examples: {cat: {value: {id: 12345678901234567}}, dog: {value: {id: 2}}}
            text/plain: {schema: {type: string}, example: hello}
        4XX: {description: no, content: {text/plain: {example: no}}}
`

func TestExamplesOfTheDocumentAreSamples(t *testing.T) {
	c, err := Load(fstest.MapFS{
		"openapi.yaml":             {Data: []byte(withExamples)},
		"schemas/meme.schema.json": {Data: []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`)},
		"samples/meme/cat.json":    {Data: []byte(`{"id": 1}`)},
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]string{}
	for _, s := range c.Payloads["meme"].Samples {
		samples[s.Name] = string(s.Body)
	}
	if len(samples) != 2 || samples["cat"] != `{"id": 1}` || samples["dog"] != `{"id":2}` {
		t.Errorf("the samples are %v; one in a file stays", samples)
	}
	ok, _ := c.Operations[0].Response(200)
	if len(ok.Examples) != 1 || ok.Examples[0].ContentType != "text/plain" || string(ok.Examples[0].Body) != `"hello"` {
		t.Errorf("the other examples are %v", ok.Examples)
	}
	if len(ok.Headers) != 1 || ok.Headers[0].Name != "X-Total" || ok.Headers[0].Example != json.Number("7") || !ok.Headers[0].Required {
		t.Errorf("the headers are %+v", ok.Headers)
	}
	if no, _ := c.Operations[0].Response(404); len(no.Examples) != 1 || string(no.Examples[0].Body) != `"no"` {
		t.Errorf("the examples of a range are %v", no.Examples)
	}
}
