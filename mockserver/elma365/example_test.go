package elma365_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
)

// A message whose ID was sent before is the same message: it stands in the chat once.
func Example() {
	mock, err := mockserver.New(mockserver.Options{}, elma365.Vendor())
	if err != nil {
		log.Fatal(err)
	}
	front := httptest.NewServer(mock)
	defer front.Close()
	for range 2 {
		message := `{"type": "message", "token": "confirm", "data": {"externalMessageId": "m-1", "externalChatId": "chat-1", "externalUserId": "user-1", "text": "Where is my order?"}}`
		response, err := http.Post(front.URL+"/api/messengers/external/other/webhook/"+elma365.DefaultChannel, "application/json", strings.NewReader(message))
		if err != nil {
			log.Fatal(err)
		}
		response.Body.Close()
		fmt.Println(response.StatusCode)
	}
	for _, m := range mock.Sandbox().State()["elma365"].(elma365.State).Messages {
		fmt.Println(m.ExternalID, m.Text, m.Copies)
	}
	// Output:
	// 200
	// 200
	// m-1 Where is my order? 2
}
