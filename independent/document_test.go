package independent

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
)

// TestDocumentAgrees has an OpenAPI validator judge whole requests by the exported
// document: content type, discriminator and body of every operation. Parley uses
// the same library to read documents, but nothing of it to judge bodies.
func TestDocumentAgrees(t *testing.T) {
	forEachContract(t, func(t *testing.T, folder string, c *specs.Contract, faults []fault) {
		data, err := os.ReadFile(filepath.Join(folder, "bundle.json"))
		if err != nil {
			t.Fatal(err)
		}
		document, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatal(err)
		}
		judged := 0
		for _, o := range c.Operations {
			var own []fault
			for _, f := range faults {
				if f.payload == o.Payload && worthIt(f, o) {
					own = append(own, f)
				}
			}
			own = evenly(own, 40)
			if len(own) == 0 {
				continue
			}
			judged++
			mine, theirs := ours(t, c, own), make([]verdict, len(own))
			for i, f := range own {
				theirs[i] = byDocument(t, document, o, f)
			}
			compare(t, "the OpenAPI validator", own, mine, theirs)
		}
		if t.Logf("requests of %d operations were judged", judged); judged == 0 {
			t.Error("no request was judged")
		}
	})
}

// worthIt leaves out what would only be slow: this judge compiles the schema for
// each body. It takes samples and bodies with a keyword broken; where a member
// tells operations apart, another value of it is another operation's business.
func worthIt(f fault, o *specs.Operation) bool {
	if f.keyword == "format" { // it takes a format for a comment
		return false
	}
	if f.pointer != "" && f.keyword == "" || strings.Contains(strings.Join(o.ContentTypes, " "), "form") {
		return false
	}
	return o.Selector.Property == "" || f.pointer != "/"+o.Selector.Property && f.pointer != ""
}

// evenly picks at most so many, from beginning to end.
func evenly(faults []fault, most int) []fault {
	step := (len(faults) + most - 1) / most
	var some []fault
	for i := 0; i < len(faults); i += max(step, 1) {
		some = append(some, faults[i])
	}
	return some
}

// byDocument judges one request.
func byDocument(t *testing.T, document *openapi3.T, o *specs.Operation, f fault) verdict {
	t.Helper()
	item := document.Paths.Value(o.Path)
	params := map[string]string{}
	for _, segment := range o.Segments() {
		if strings.HasPrefix(segment, "{") {
			params[strings.Trim(segment, "{}")] = "1"
		}
	}
	request, err := http.NewRequestWithContext(context.Background(), o.Method, "http://vendor.example"+o.Path, bytes.NewReader(nodetest.Encode(t, f.body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	err = openapi3filter.ValidateRequestBody(context.Background(), &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params,
		Route:   &routers.Route{Spec: document, Path: o.Path, PathItem: item, Method: o.Method, Operation: item.GetOperation(o.Method)},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}, item.GetOperation(o.Method).RequestBody.Value)
	if err != nil {
		return verdict{Why: err.Error()}
	}
	return verdict{Valid: true}
}
