package mocktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
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
	mock := mocktest.New(failing, elma365.Vendor())
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

// TestOneAfterTheOther: Expect finds the first again, Next what follows it.
func TestOneAfterTheOther(t *testing.T) {
	failing := &recorder{}
	defer failing.end()
	mock := mocktest.New(failing, elma365.Vendor())
	mock.Timeout = time.Millisecond // nothing more comes
	message := mockserver.Match{Operation: "message"}
	messageTo(t, mock.URL, "c-1", "One")
	messageTo(t, mock.URL, "c-2", "Two")
	for range 2 {
		if e := mock.Expect(message); e == nil || e.ID != "ex-000001" {
			t.Errorf("expected the first again, found %+v", e)
		}
	}
	for _, id := range []string{"ex-000001", "ex-000002"} {
		if e := mock.Next(message); e == nil || e.ID != id {
			t.Errorf("next is %+v, want %s", e, id)
		}
	}
	if e := mock.Next(message); e != nil {
		t.Errorf("a third of two: %s", e.ID)
	}
	failing.only(t, "saw 2 exchanges, the closest (ex-000002, operations/message) differs: it is not after ex-000002")
}

// TestNever: what must not come is told at once, or when the test ends.
func TestNever(t *testing.T) {
	failing := &recorder{}
	mock := mocktest.New(failing, elma365.Vendor())
	to := func(chat string) mockserver.Match {
		return mockserver.Match{Operation: "operations/message", Body: map[string]any{"data.externalChatId": chat}}
	}
	messageTo(t, mock.URL, "c-1", "One")
	mock.Never(to("c-1"))
	failing.only(t, `expected no operations/message with data.externalChatId = "c-1", saw ex-000001`)
	mock.Never(to("c-2"))
	mock.Never(to("c-3"))
	mock.Never(mockserver.Match{Operation: "mesage"})
	failing.only(t, `no operation or event "mesage"`)
	messageTo(t, mock.URL, "c-2", "Two")
	failing.end()
	failing.only(t, `expected no operations/message with data.externalChatId = "c-2", saw ex-000002`)
}

// TestADeliveryThatIsTriedAgain: it was sent, and the test says how it was answered.
func TestADeliveryThatIsTriedAgain(t *testing.T) {
	t.Parallel()
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer partner.Close()
	failing := &recorder{}
	defer failing.end()
	mock := mocktest.New(failing, elma365.Vendor())
	channel, err := mock.Sandbox().PutChannel(mockserver.Channel{Token: "t", URL: partner.URL, Policy: outbox.Policy{Attempts: 2, Backoff: "1h"}})
	if err != nil {
		t.Fatal(err)
	}
	mock.Timeout = 2 * time.Second // the second attempt is in an hour
	mock.Send(channel, "markAsRead", nil)
	failing.only(t, "markAsRead of elma365 was not taken by "+partner.URL+": delivering after 2s, last answered 500")
}

// TestOptionsKeepTheSelfCheck: options add to what New does.
func TestOptionsKeepTheSelfCheck(t *testing.T) {
	failing := &recorder{}
	wrong := elma365.Vendor()
	wrong.Play = func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"message": func(*mockserver.Call) mockserver.Reply { return mockserver.Reply{Status: http.StatusTeapot} },
		}}
	}
	mock := mocktest.NewWith(failing, mockserver.Options{Seed: 7}, wrong)
	messageTo(t, mock.URL, "c-1", "One")
	failing.end()
	failing.only(t, "the mock itself is wrong in ex-000001")
}

// TestAnOperationThatNobodyHas: who misspells what is expected is told at once, and
// not that nothing came.
func TestAnOperationThatNobodyHas(t *testing.T) {
	failing := &recorder{}
	defer failing.end()
	mock := mocktest.New(failing, elma365.Vendor())
	mock.Timeout = time.Hour // nobody waits for it
	for operation, says := range map[string]string{
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
	mock := mocktest.New(failing, elma365.Vendor())

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
	mock.Fault(fault.Rule{Vendor: "nobody"})
	failing.only(t, `refused: fault: it does nothing; give`)
	mock.Valid()
	failing.only(t, "(events/connect): error response.status")
	remove := mock.Fault(fault.Rule{Operation: "message", Status: 500})
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
func ExampleNew() {
	t := &recorder{} // in a test: t *testing.T
	defer t.end()
	mock := mocktest.New(t, elma365.Vendor())
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

// TestAForgottenCollection: a behaviour that keeps one collection and forgets another
// is told at the end of any test that put something into it.
func TestAForgottenCollection(t *testing.T) {
	vendor := elma365.Vendor()
	vendor.Play = func(stage *mockserver.Stage) mockserver.Behaviour {
		kept := mockserver.Persist(stage, "kept", store.NewMemory[string](10, nil))
		forgotten := store.NewMemory[string](10, nil)
		return mockserver.Behaviour{
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{"message": func(*mockserver.Call) mockserver.Reply {
				for _, c := range []store.Collection[string]{kept, forgotten} {
					c.Upsert("a", func(text *string) error { *text = "said"; return nil })
				}
				return mockserver.Reply{Status: http.StatusOK}
			}},
			State: func() any {
				a, _ := kept.List()
				b, _ := forgotten.List()
				return [][]string{a, b}
			},
		}
	}
	failing := &recorder{}
	mock := mocktest.New(failing, vendor)
	messageTo(t, mock.URL, "c-1", "One")
	failing.end()
	failing.only(t, `a behaviour makes a collection without mockserver.Persist; before {"elma365":[["said"],["said"]]}, after {"elma365":[["said"],[]]}`)
}
