package elma365_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
)

// A partner with a defect takes for right what a good one refuses.
func ExampleNew() {
	for _, defects := range [][]string{nil, {"ignores-token-case"}} {
		p, err := partner.New(elma365.Reference(), partner.Options{Token: "confirm", Defects: defects})
		if err != nil {
			panic(err)
		}
		server := httptest.NewServer(p)
		event := `{"type": "markAsRead", "token": "CONFIRM", "data": {"messageId": "message1"}}`
		response, err := http.Post(server.URL+"/webhook", "application/json", strings.NewReader(event))
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Println(defects, response.StatusCode)
		server.Close()
		p.Close()
	}
	// Output:
	// [] 401
	// [ignores-token-case] 200
}
