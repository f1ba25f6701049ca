package elma365_test

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
)

// A partner with a defect takes for right what a good one refuses.
func ExampleReference() {
	for _, defects := range [][]string{nil, {"ignores-token-case"}} {
		p, err := partner.New(elma365.Reference(), partner.Options{Token: "confirm", Defects: defects})
		if err != nil {
			panic(err)
		}
		defer p.Close()
		event := httptest.NewRequest("POST", "/webhook", strings.NewReader(`{"type": "markAsRead", "token": "CONFIRM", "data": {"messageId": "message1"}}`))
		event.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		p.ServeHTTP(answer, event)
		fmt.Println(defects, answer.Code)
	}
	// Output:
	// [] 401
	// [ignores-token-case] 200
}
