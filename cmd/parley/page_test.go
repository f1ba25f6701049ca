package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parleykit/parley/specs"
)

// TestARootThatAVendorServesIsTheVendors: whoever opens it gets what the document says.
func TestARootThatAVendorServesIsTheVendors(t *testing.T) {
	vendors := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, c := range []struct {
		path string
		want int
	}{{"/", http.StatusTeapot}, {"/pets", http.StatusSeeOther}} {
		contract := &specs.Contract{Operations: []*specs.Operation{{ID: "list", Method: "GET", Path: c.path}}}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		leadToConsole(vendors, []*specs.Contract{contract}).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("with an operation at %s a browser gets %d, want %d", c.path, w.Code, c.want)
		}
	}
}
