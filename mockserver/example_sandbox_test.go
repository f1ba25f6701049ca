package mockserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// Two tests share a mock, and neither sees what the other does.
func ExampleServer_NamedSandbox() {
	mock, err := mockserver.New(mockserver.Options{}, acme.Vendor())
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(mock)
	defer server.Close()
	mock.SetBaseURL(server.URL)

	mine, err := mock.NamedSandbox("my-test")
	if err != nil {
		panic(err)
	}
	if _, err := mine.AddFault(fault.Rule{Operation: "ticket", Status: 404}); err != nil {
		panic(err)
	}
	for _, base := range []string{mine.BaseURL(), server.URL + "/~your-test", server.URL} {
		response, err := http.Get(base + "/tickets/T-1")
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Println(response.Status)
	}
	for _, b := range mock.Sandboxes() {
		fmt.Println(b.Name(), b.Journal().Stats().Kept)
	}
	// Output:
	// 404 Not Found
	// 200 OK
	// 200 OK
	// default 1
	// my-test 1
	// your-test 1
}

// A partner that is down is tried again for an hour, in no time.
func ExampleSandbox_Clock() {
	vendor := acme.Vendor()
	vendor.Contract.Delivery.Backoff = "20m"
	mock, err := mockserver.New(mockserver.Options{}, vendor)
	if err != nil {
		panic(err)
	}
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer partner.Close()

	box := mock.Sandbox()
	box.Clock().Freeze()
	began := box.Clock().Now()
	if _, err := box.PutChannel(mockserver.Channel{ID: "c", URL: partner.URL}); err != nil {
		panic(err)
	}
	if _, err := box.Send(context.Background(), mockserver.SendRequest{Event: "changed"}); err != nil {
		panic(err)
	}
	if err := box.Clock().Advance(context.Background(), time.Hour); err != nil {
		panic(err)
	}
	for _, e := range box.Journal().Find(nil) {
		fmt.Println("attempt", e.Attempt, "after", e.Time.Sub(began), "answered", e.Status())
	}
	// Output:
	// attempt 1 after 0s answered 503
	// attempt 2 after 20m0s answered 503
	// attempt 3 after 40m0s answered 503
}
