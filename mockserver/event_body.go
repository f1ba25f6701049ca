package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
)

// bodyFor is the body with which an event begins: the sample of that name, with "" the
// first one, or, where its payload has none, a body made from the schema.
func (s *Stage) bodyFor(event *specs.Operation, name string) (map[string]any, error) {
	payload := s.vendor.contract.Payloads[payloadOf(event)]
	if payload == nil {
		return map[string]any{}, nil
	}
	sample, ok := payload.Sample(name)
	switch {
	case ok:
		return contentOf(sentAs(event), "sample "+sample.File, sample.Body)
	case name != "" || len(payload.Samples) > 0:
		return nil, fmt.Errorf("payload %s has no sample %q; it has %s", payload.Name, name, sampleNames(payload))
	}
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%d\n%s", s.instance.sandbox.seed, event.Name())
	made, err := s.vendor.maker.Body(payload.Name, madeup.Wish{Seed: sum.Sum64()})
	if err != nil {
		return nil, err
	}
	text, err := plainjson.Marshal(made)
	if err != nil {
		return nil, err
	}
	return contentOf(sentAs(event), "what the schema of payload "+payload.Name+" describes", text)
}

// objectOf decodes an object; what says what it is.
func objectOf(what string, text []byte) (body map[string]any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("%s is no JSON object: %w", what, err)
	}
	return body, nil
}

func sampleNames(p *specs.Payload) string {
	var list []string
	for _, s := range p.Samples {
		list = append(list, s.Name)
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
