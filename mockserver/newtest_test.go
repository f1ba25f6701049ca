package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
)

// recorder is a test that keeps how it fails.
type recorder struct {
	failures []string
	cleanups []func()
}

func (r *recorder) Helper()           {}
func (r *recorder) Cleanup(do func()) { r.cleanups = append(r.cleanups, do) }
func (r *recorder) Fatalf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) end() {
	for _, do := range r.cleanups {
		do()
	}
}

// only demands one failure with that text.
func (r *recorder) only(t *testing.T, text string) {
	t.Helper()
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], text) {
		t.Errorf("failed with %q, want one with %q", r.failures, text)
	}
	r.failures = nil
}

func messageTo(t *testing.T, url, chat, text string) {
	t.Helper()
	body := fmt.Sprintf(`{"type": "message", "token": "confirm", "data": {"externalMessageId": "m1", "externalChatId": %q, "externalUserId": "u1", "text": %q}}`, chat, text)
	response, err := http.Post(url+"/api/messengers/external/other/webhook/"+elma365.DefaultChannel, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

// TestNearestMiss: who waits in vain is told what came closest.
func TestNearestMiss(t *testing.T) {
	failing := &recorder{}
	defer failing.end()
	mock := mockserver.NewTest(failing, elma365.Vendor())
	mock.Timeout = time.Millisecond // nothing more comes
	reply := mockserver.Match{Operation: "operations/message", Body: map[string]any{"data.externalChatId": "c-1"}, Contains: map[string]string{"data.text": "Hello"}}

	mock.Expect(reply)
	failing.only(t, `expected operations/message with data.externalChatId = "c-1" and data.text containing "Hello"; saw no exchange at all`)
	messageTo(t, mock.URL, "c-2", "Hello there")
	mock.Expect(reply)
	failing.only(t, `saw 1 exchange (ex-000001, operations/message), and it differs: data.externalChatId is "c-2", not "c-1"`)
	messageTo(t, mock.URL, "c-3", "Bye")
	mock.Expect(reply)
	failing.only(t, `saw 2 exchanges, the closest (ex-000001, operations/message) differs: data.externalChatId is "c-2", not "c-1"`)

	messageTo(t, mock.URL, "c-1", "Hello again")
	if e := mock.Expect(reply); e == nil || e.ID != "ex-000003" || len(failing.failures) > 0 {
		t.Errorf("found %+v, failures %q", e, failing.failures)
	}
	mock.ExpectN(2, reply)
	failing.only(t, `expected 2 times operations/message with`)
}

// TestAnOperationThatNobodyHas: who misspells what is expected is told at once, and
// not that nothing came.
func TestAnOperationThatNobodyHas(t *testing.T) {
	failing := &recorder{}
	defer failing.end()
	mock := mockserver.NewTest(failing, elma365.Vendor())
	mock.Timeout = time.Hour // nobody waits for it
	for operation, says := range map[string]string{
		"message":           `the mock knows no operation or event "message"; did you mean operations/message or events/message? it knows operations/`,
		"connect":           `did you mean events/connect? it knows`,
		"operations/mesage": `the mock knows no operation or event "operations/mesage"; it knows operations/`,
		"essage":            `the mock knows no operation or event "essage"; it knows operations/`,
	} {
		if found := mock.Expect(mockserver.Match{Operation: operation}); found != nil {
			t.Errorf("%s: found %+v", operation, found)
		}
		failing.only(t, says)
	}
	if _, err := mock.Sandbox().Await(t.Context(), 1, mockserver.Match{Operation: "events/conect"}); err == nil || !strings.Contains(err.Error(), "events/connect") {
		t.Errorf("a misspelt event: %v", err)
	}
}

// TestWhatFailsATest: what the code under test does wrong, and what the mock is
// asked that it cannot do.
func TestWhatFailsATest(t *testing.T) {
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer partner.Close()
	failing := &recorder{}
	defer failing.end()
	mock := mockserver.NewTest(failing, elma365.Vendor())

	mock.Connect(mockserver.Channel{URL: "nowhere"})
	failing.only(t, `the channel to nowhere cannot be opened`)
	channel := mock.Connect(mockserver.Channel{Token: "t", URL: partner.URL})
	failing.only(t, "connect of elma365 was not taken by "+partner.URL+": failed, the partner answered 418")
	mock.Send(channel, "message", map[string]any{"data.text": "Hi"})
	if len(failing.failures) == 0 {
		t.Error("a message that was answered 418 counts as sent")
	}
	failing.failures = nil
	gone := httptest.NewServer(nil)
	gone.Close()
	mock.Connect(mockserver.Channel{ID: "gone", URL: gone.URL})
	if len(failing.failures) == 0 || !strings.Contains(failing.failures[0], gone.URL+": failed, ") || strings.Contains(failing.failures[0], "status") {
		t.Errorf("a partner that does not answer: %q, which names a status", failing.failures)
	}
	failing.failures = nil
	mock.Fault(mockserver.Fault{Vendor: "nobody"})
	failing.only(t, `refused: fault: it does nothing; give`)
	mock.Valid()
	failing.only(t, "(events/connect): error response.status")
	remove := mock.Fault(mockserver.Fault{Operation: "message", Status: 500})
	messageTo(t, mock.URL, "c", "x")
	remove()
	messageTo(t, mock.URL, "c", "x")
	mock.Expect(mockserver.Match{Operation: "operations/message", Status: 500})
	mock.Expect(mockserver.Match{Operation: "operations/message", Status: 200})
	if len(failing.failures) > 0 {
		t.Errorf("failed: %q", failing.failures)
	}
}

// A test of code that speaks to a vendor: the mock is there for this test alone.
func ExampleNewTest() {
	t := &recorder{} // in a test: t *testing.T
	defer t.end()
	mock := mockserver.NewTest(t, elma365.Vendor())
	body := `{"type": "message", "token": "confirm", "data": {"externalMessageId": "m1", "externalChatId": "c-1", "externalUserId": "u1", "text": "Hello"}}`
	response, err := http.Post(mock.URL+"/api/messengers/external/other/webhook/"+elma365.DefaultChannel, "application/json", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	reply := mock.Expect(mockserver.Match{Operation: "operations/message", Body: map[string]any{"data.externalChatId": "c-1"}})
	mock.Valid()
	fmt.Println(reply.Status(), t.failures)
	// Output:
	// 200 []
}
