package independent

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/validator"
)

// TestAjvAgreesAbout2020: of bodies with one thing changed ajv says by the document, as
// it is and in its own draft, what Parley says of what it made of it; and each keyword
// that draft-07 has no words for decides about some.
func TestAjvAgreesAbout2020(t *testing.T) {
	nodetest.Installed(t, ".", "ajv")
	const file = "testdata/newer.yaml"
	c, err := openapi.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.NotJudged) > 0 {
		t.Errorf("not judged: %s", c.NotJudged)
	}
	faults := append(corpus(c), longer(c)...)
	agree(t, c, file, faults)
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]int{}
	for _, f := range faults {
		for _, found := range v.Payload(f.payload, validator.Decode(nodetest.Encode(t, f.body))) {
			broken[found.Code]++
		}
	}
	t.Logf("%d bodies, and what was found: %v", len(faults), broken)
	for _, code := range []string{
		"body.unevaluated-key", "body.unevaluated-item", "body.min-contains", "body.contains", "body.dependency",
		"body.one-of", "body.any-of", "body.required", "body.type", "body.pattern", "body.format", "body.const", "body.enum",
	} {
		if broken[code] == 0 {
			t.Errorf("no body is the finding %s", code)
		}
	}
	for _, pointer := range []string{"/tree/children/0/", "/lines/0/"} {
		if !refusedBelow(t, v, faults, pointer) {
			t.Errorf("nothing is refused below %s", pointer)
		}
	}
}

// longer are all samples with one value replaced by others, and with one list longer by
// an element, or with another one.
func longer(c *specs.Contract) []fault {
	var list []fault
	for _, name := range c.PayloadNames() {
		for _, s := range c.Payloads[name].Samples {
			var value any
			if json.Unmarshal(s.Body, &value) != nil {
				continue
			}
			g := &generator{contract: c, fault: fault{payload: name, sample: s.Name}, whole: value}
			g.replaceValues(value, nil)
			g.lengthen(value, nil)
			list = append(list, g.made...)
		}
	}
	return list
}

func (g *generator) lengthen(value any, at []string) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			g.lengthen(value[name], append(slices.Clone(at), name))
		}
	case []any:
		for _, more := range []any{"zz", 5.0} {
			g.put("", at, append(slices.Clone(value), more))
		}
		for i := range value {
			g.put("", append(slices.Clone(at), strconv.Itoa(i)), true)
		}
	}
}

// refusedBelow tells whether some key is refused that nothing describes below a place.
func refusedBelow(t *testing.T, v *validator.Validator, faults []fault, pointer string) bool {
	t.Helper()
	for _, f := range faults {
		for _, found := range v.Payload(f.payload, validator.Decode(nodetest.Encode(t, f.body))) {
			if strings.HasPrefix(found.Pointer, pointer) && (found.Code == "body.unevaluated-key" || found.Code == "body.type") {
				return true
			}
		}
	}
	return false
}
