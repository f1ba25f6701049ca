package proxy_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
)

func Example() {
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer vendor.Close()

	contract, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		panic(err)
	}
	target, err := url.Parse(vendor.URL)
	if err != nil {
		panic(err)
	}
	p, err := proxy.New(judge, target, proxy.Options{})
	if err != nil {
		panic(err)
	}
	front := httptest.NewServer(p)
	response, err := http.Post(front.URL+"/api/messengers/external/other/webhook/c1", "application/json", strings.NewReader(`{"type": "disconnect"}`))
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	front.Close()
	p.Close(context.Background())

	for _, e := range p.Journal().Find(nil) {
		fmt.Println(response.StatusCode, e.Operation)
		for _, f := range e.Findings {
			fmt.Println(f.Part, f.Code, f.Pointer)
		}
	}
	// Output:
	// 418 operations/disconnect
	// request body.required /token
	// response response.status
}
