package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/parleykit/parley/console"
)

func ExampleBeside() {
	api := http.NotFoundHandler() // in the place of a control API
	server := httptest.NewServer(console.Lead(console.Beside(api)))
	defer server.Close()
	answer, err := http.Get(server.URL + console.Path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	fmt.Println(answer.StatusCode, answer.Header.Get("Content-Type"))
	// Output: 200 text/html; charset=utf-8
}
