package expertflow_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/expertflow"
	mock "github.com/parleykit/parley/mockserver/expertflow"

	"github.com/parleykit/parley/mockserver"
)

// The application pushes an activity when it is ordered to, and the mock tells what
// became of it.
func ExampleReference() {
	vendor, err := mockserver.New(mockserver.Options{}, mock.Vendor())
	if err != nil {
		panic(err)
	}
	api := httptest.NewServer(vendor)
	defer api.Close()

	pushed := make(chan string, 1)
	p, err := partner.New(expertflow.Reference(), partner.Options{
		API: api.URL, NewID: func() string { return "activity-1" }, Log: func(line string) { pushed <- line },
	})
	if err != nil {
		panic(err)
	}
	defer p.Close()
	orders := httptest.NewServer(p)
	defer orders.Close()

	response, err := http.Post(orders.URL+"/push-survey", "", nil)
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	fmt.Println(<-pushed)
	for _, a := range vendor.Sandbox().State()["expertflow"].(mock.State).Activities {
		fmt.Println(a.ID, a.Place, a.Conversation)
	}
	// Output:
	// pushed activity activity-1 (survey) → 200
	// activity-1 topic 642b51a7d9ba694f5ba0ba7f
}
