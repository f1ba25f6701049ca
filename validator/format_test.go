package validator

import (
	"net/url"
	"slices"
	"testing"

	"github.com/parleykit/parley/specs"
)

// What is taken without being taken apart must be what parsing would take.
func TestCommonURLsAreURIs(t *testing.T) {
	common := 0
	for _, text := range []string{
		"https://a.example/", "http://a.example", "https://", "https:///x", "http://_a.example/b_c-d/e.f", "https://A.example/..//", "http://127.0.0.1/x",
		"https://a.example:80/", "https://a.example/?q", "https://a.example/#f", "https://a b", "https://[::1]/", "https://a%zz/", "ftp://a.example", "HTTPS://a.example", "a.example", "",
		"https://a.example/é", "https://user@a.example/", "https://a.example:x/", "https://a.example/a:b",
	} {
		u, err := url.Parse(text)
		parsed := err == nil && u.Scheme != "" && isPlain(text)
		if isCommonURL(text) {
			common++
			if !parsed {
				t.Errorf("%q is taken as a URL, and is none: %v", text, err)
			}
		}
		if isURI(text) != parsed {
			t.Errorf("%q: a URI is %v, parsing says %v", text, isURI(text), parsed)
		}
	}
	if common != 7 {
		t.Errorf("%d of them are common, not 7", common)
	}
}

// A format that is not judged is named when a contract is loaded.
func TestFormatsAreThoseThatSpecsKnows(t *testing.T) {
	for name := range formats {
		if !slices.Contains(specs.Formats, name) {
			t.Errorf("%s is judged, and specs.Formats has it not", name)
		}
	}
	for _, name := range specs.Formats {
		if formats[name] == nil && numberFormats[name] == nil && !slices.Contains([]string{"password", "binary", "float", "double"}, name) {
			t.Errorf("specs.Formats has %s, which is not judged", name)
		}
	}
}

func TestFormatsOfNumbers(t *testing.T) {
	v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `, "properties": {
		"a": {"type": "integer", "format": "int32"}, "b": {"type": "integer", "format": "int64", "minimum": 5}, "c": {"type": "string", "format": "byte"},
		"d": {"type": "string", "format": "int64"}, "e": {"type": "integer"}}}`}))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"a":2147483647,"b":9223372036854775807,"c":"YQ==","d":"99999999999999999999","e":99999999999999999999}`: "",
		`{"a":-2147483648,"b":6,"c":""}`: "",
		`{"a":2147483648}`:               "error body.maximum /a",
		`{"a":-2147483649.0}`:            "error body.minimum /a",
		`{"b":9223372036854775808}`:      "error body.maximum /b",
		`{"b":4}`:                        "error body.minimum /b",
		`{"c":"Y!"}`:                     "error body.format /c",
	} {
		if got := brief(v.Payload("one", Decode([]byte(body)))); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
	if len(v.contract.NotJudged) > 0 {
		t.Errorf("not judged: %s", v.contract.NotJudged)
	}
}
