package control_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// A test in any language makes the vendor refuse one call, over HTTP.
func ExampleNew() {
	mock, err := mockserver.New(mockserver.Options{Control: control.New}, acme.Vendor())
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(mock)
	defer server.Close()

	rule := `{"operation": "ticket", "status": 404, "times": 1}`
	response, err := http.Post(server.URL+"/_parley/faults", "application/json", strings.NewReader(rule))
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	fmt.Println(response.Status)
	for range 2 {
		response, err := http.Get(server.URL + "/tickets/T-1")
		if err != nil {
			panic(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Println(response.StatusCode, string(body))
	}
	// Output:
	// 201 Created
	// 404 {"error": "no"}
	// 200 {"id": "T-1"}
}
