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
		if formats[name] == nil && !slices.Contains([]string{"password", "binary", "float", "double"}, name) {
			t.Errorf("specs.Formats has %s, which is not judged", name)
		}
	}
}
