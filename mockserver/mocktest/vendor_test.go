package mocktest_test

import (
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestAVendorAsATestNeedsIt: read in another way, and asked for what it remembers.
func TestAVendorAsATestNeedsIt(t *testing.T) {
	failing := &recorder{}
	defer failing.end()
	mocktest.WithReadings(failing, elma365.Vendor(), "ELMA365-R-29=sometimes")
	failing.only(t, "ELMA365-R-29")
	mock := mocktest.New(failing, mocktest.WithReadings(failing, elma365.Vendor(), "ELMA365-R-29=each-is-a-message"))
	for range 2 {
		messageTo(t, mock.URL, "c-1", "One")
	}
	if n := len(mocktest.State[elma365.State](mock, "elma365").Messages); n != 2 || len(failing.failures) > 0 {
		t.Errorf("where each is a message, there are %d; failures %q", n, failing.failures)
	}
	mocktest.State[string](mock, "elma365")
	failing.only(t, "the state of elma365 is no string but elma365.State")

	began := mock.Sandbox().Clock().Now()
	mock.Advance(time.Hour)
	if passed := mock.Sandbox().Clock().Since(began); passed < time.Hour {
		t.Errorf("an hour later %s have passed", passed)
	}
	mock.Advance(-time.Hour)
	failing.only(t, "a clock is advanced, not turned back by 1h0m0s")
}

// TestServeGoesOn: a mock that goes on from a snapshot is served as another is, with
// its sandboxes.
func TestServeGoesOn(t *testing.T) {
	first := mocktest.New(t, elma365.Vendor())
	messageTo(t, first.URL, "c-1", "One")
	text, err := first.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.Restore(text, mockserver.Options{}, elma365.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	next := mocktest.Serve(t, server)
	messageTo(t, next.URL, "c-1", "Two")
	messageTo(t, next.URL+"/~other", "c-1", "Three")
	if n := len(mocktest.State[elma365.State](next, "elma365").Chats); n != 1 || len(next.Server().Sandboxes()) != 2 {
		t.Errorf("there are %d chats and %d sandboxes", n, len(next.Server().Sandboxes()))
	}
}

// TestHeadersOfACall: JSON unless it is said otherwise, and none where there is none.
func TestHeadersOfACall(t *testing.T) {
	mock := mocktest.New(t, elma365.Vendor())
	for _, test := range []struct {
		body   string
		header []string
		want   []string
	}{
		{"{}", nil, []string{"application/json"}},
		{"{}", []string{"Content-Type", "text/plain"}, []string{"text/plain"}},
		{"{}", []string{"Content-Type", ""}, nil},
		{"", nil, nil},
	} {
		e := mock.Exchange(mock.Do("POST", "/nowhere", test.body, test.header...))
		if got := e.Request.Header.Values("Content-Type"); len(got) != len(test.want) || len(got) > 0 && got[0] != test.want[0] {
			t.Errorf("%q with %q: the content type is %q, want %q", test.body, test.header, got, test.want)
		}
	}
}
