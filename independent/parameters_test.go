package independent

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// texts are what a parameter of each type is tried with, whatever its schema says.
var texts = map[string][]string{
	"integer": {"0", "1", "-1", "-5", "007", "10000000000", "abc", "1.5", "1e3", "0x10", " 1", "1 000", "", "true"},
	"boolean": {"true", "false", "yes", "no", "null", "", "2"},
	"string":  {"a", "0", "a b", "ü/ö?&=#", "%41", "+", "2026-11-26", "2028-02-29", "2026-02-29", "2026-13-01", "26.11.2026", "20261126", "2026-11-26T10:00:00Z", "asc", "pending"},
}

// differs names a text of which the judges are known to think differently, and why.
func differs(p specs.Parameter, text string) bool {
	switch text {
	case "": // it is a string; the other judge refuses it by allowEmptyValue, which OpenAPI no longer recommends
		return p.Type() == "string"
	case "2026-02-29": // the other judge's dates are a regular expression, without a calendar
		return p.Schema["format"] == "date"
	}
	return false
}

// TestParametersAgree has the OpenAPI validator judge every parameter by the exported
// document. Of a boolean it takes 1, t and TRUE as well, in which Parley is stricter:
// JSON writes true and false, and so do the vendors' pages.
func TestParametersAgree(t *testing.T) {
	whole := 0
	for _, id := range specs.IDs() {
		t.Run(id, func(t *testing.T) {
			c, v := embedded(t, id)
			data, err := c.Bundle("json")
			if err != nil {
				t.Fatal(err)
			}
			document, err := openapi3.NewLoader().LoadFromData(data)
			if err != nil {
				t.Fatal(err)
			}
			judged, refused, narrow := 0, 0, 0
			for _, o := range c.Operations {
				for _, p := range o.Parameters {
					if p.Type() != "string" {
						narrow++ // some of its texts are none of its values
					}
					for _, text := range texts[p.Type()] {
						if differs(p, text) || p.In == "path" && text == "" {
							continue
						}
						judged++
						mine, theirs := parameterByUs(v, o, p, text), parameterByDocument(t, document, o, p, text)
						if !mine.Valid {
							refused++
						}
						if mine.Valid != theirs.Valid {
							t.Errorf("%s with %s:%s=%q: Parley says %v (%s), the OpenAPI validator %v (%s)", o.Name(), p.In, p.Name, text, mine.Valid, mine.Why, theirs.Valid, theirs.Why)
						}
					}
				}
			}
			t.Logf("%d values, %d of them refused", judged, refused)
			if refused < narrow {
				t.Errorf("%d values were refused, of %d parameters that are not text", refused, narrow)
			}
			whole += judged
		})
	}
	if whole == 0 {
		t.Error("no value was judged")
	}
}

// parameterByUs refuses what has a finding, also one that only warns because the
// contract assumes what is broken.
func parameterByUs(v *validator.Validator, o *specs.Operation, p specs.Parameter, text string) verdict {
	path, query := pathAndQuery(o, p, text)
	found := v.Request(o, &traffic.Request{Method: o.Method, URL: path + "?" + query.Encode()}, nil)
	for _, f := range found {
		if strings.HasPrefix(f.Code, "parameter.") && f.Severity.AtLeast(traffic.Warn) {
			return verdict{Why: f.String()}
		}
	}
	return verdict{Valid: true}
}

func parameterByDocument(t *testing.T, document *openapi3.T, o *specs.Operation, p specs.Parameter, text string) verdict {
	t.Helper()
	item := document.Paths.Value(o.Path)
	path, query := pathAndQuery(o, p, text)
	request, err := http.NewRequestWithContext(context.Background(), o.Method, "http://vendor.example"+path+"?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	input := &openapi3filter.RequestValidationInput{
		Request: request, PathParams: map[string]string{p.Name: text}, QueryParams: query,
		Route: &routers.Route{Spec: document, Path: o.Path, PathItem: item, Method: o.Method, Operation: item.GetOperation(o.Method)},
	}
	all := slices.Concat(item.Parameters, item.GetOperation(o.Method).Parameters)
	i := slices.IndexFunc(all, func(ref *openapi3.ParameterRef) bool { return ref.Value.Name == p.Name && ref.Value.In == p.In })
	if err := openapi3filter.ValidateParameter(context.Background(), input, all[i].Value); err != nil {
		return verdict{Why: err.Error()}
	}
	return verdict{Valid: true}
}

// pathAndQuery are those of a call with one parameter of interest.
func pathAndQuery(o *specs.Operation, p specs.Parameter, text string) (string, url.Values) {
	query := url.Values{}
	if p.In == "query" {
		query.Set(p.Name, text)
	}
	segments := o.Segments()
	for i, segment := range segments {
		if segment == "{"+p.Name+"}" {
			segments[i] = url.PathEscape(text)
		} else if strings.HasPrefix(segment, "{") {
			segments[i] = "1"
		}
	}
	return "/" + strings.Join(segments, "/"), query
}
