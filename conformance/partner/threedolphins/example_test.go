package threedolphins_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/threedolphins"
)

// A partner with a defect breaks where a good one does not.
func ExampleReference() {
	event := `{"ticketNumber": "t1", "channel": "whatsapp", "accountId": "620000000001", "contactId": "c1", "messageType": "text",
		"message": "Sticker", "mediaLink": "", "customerName": "", "createdDate": "2021-04-28T15:39:37.945", "owner": "o1"}`
	for _, defects := range [][]string{nil, {"breaks-on-sticker"}} {
		p, err := partner.New(threedolphins.Reference(), partner.Options{Defects: defects})
		if err != nil {
			panic(err)
		}
		server := httptest.NewServer(p)
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
	// [] 200
	// [breaks-on-sticker] 500
}
