package expertflow_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
)

// The documented answer does not tell what became of an activity; the state does.
func Example() {
	mock, err := mockserver.New(mockserver.Options{}, expertflow.Vendor())
	if err != nil {
		log.Fatal(err)
	}
	front := httptest.NewServer(mock)
	defer front.Close()
	for _, conversation := range []string{expertflow.ActiveConversation, expertflow.PastConversation} {
		activity := `{"id": "survey-` + conversation + `",
			"header": {"sender": {"id": "app-1", "type": "APP"}, "conversationId": "` + conversation + `"},
			"body": {"type": "SURVEY_RESULT", "score": 5}}`
		response, err := http.Post(front.URL+"/conversation-manager/activities", "application/json", strings.NewReader(activity))
		if err != nil {
			log.Fatal(err)
		}
		response.Body.Close()
		fmt.Println(response.StatusCode)
	}
	for _, a := range mock.Sandbox().State()["expertflow"].(expertflow.State).Activities {
		fmt.Println(a.ID, a.Place)
	}
	// Output:
	// 200
	// 200
	// survey-642b51a7d9ba694f5ba0ba7f topic
	// survey-642b4f10d9ba694f5ba0b7c3 store
}
