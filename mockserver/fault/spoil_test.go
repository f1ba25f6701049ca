package fault_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

func TestAnswersThatAreSpoiled(t *testing.T) {
	var n atomic.Int64
	m := acme.New(t, taking(&n))
	m.Fault(fault.Rule{Operation: "ticket", Answer: fault.AnswerTruncated, Times: 1})
	response, err := http.Get(m.URL + "/tickets/T-1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(response.Body)
	response.Body.Close()
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != `{"id":` || response.ContentLength != 12 {
		t.Errorf("truncated: %q of %d, %v", got, response.ContentLength, err)
	}
	if e := last(t, m); e.Response.Body.String() != string(got) || e.Response.Header.Get("Content-Length") != "12" {
		t.Errorf("truncated: the journal has %q", e.Response.Body)
	}
	m.Fault(fault.Rule{Operation: "ticket", Answer: fault.AnswerMalformed, Times: 1})
	a := m.Do("GET", "/tickets/T-1", "")
	if json.Valid([]byte(a.Body)) || a.Status != 200 || a.Header.Get("Content-Type") != "application/json" || m.Exchange(a).Response.Body.String() != a.Body {
		t.Errorf("malformed: %d %q", a.Status, a.Body)
	}
	m.Fault(fault.Rule{Operation: "ticket", Status: 404, Answer: fault.AnswerMalformed, ContentType: "text/html", Times: 1})
	if a = m.Do("GET", "/tickets/T-1", ""); a.Status != 404 || a.Body != `{"error":"Not Found"` || a.Header.Get("Content-Type") != "text/html" {
		t.Errorf("all at once: %d %q %s", a.Status, a.Body, a.Header.Get("Content-Type"))
	}
	m.Fault(fault.Rule{Operation: "note", Answer: fault.AnswerMalformed, Times: 1})
	if a = m.Do("POST", "/tickets/T-1/notes", `{"text":"x"}`); a.Status != 201 || a.Body == "" || json.Valid([]byte(a.Body)) {
		t.Errorf("malformed where there is no body: %d %q", a.Status, a.Body)
	}
	if n.Load() != 2 {
		t.Errorf("the vendor took %d calls, want the 2 without a status", n.Load())
	}
}

// TestEachKindOfAnswer: who adds a kind says here what a caller gets of it.
func TestEachKindOfAnswer(t *testing.T) {
	type got struct {
		body  string
		whole bool
	}
	gets := map[fault.Answer]got{
		fault.AnswerReset:     {"", false},
		fault.AnswerEmpty:     {"", false},
		fault.AnswerTruncated: {`{"id":`, false},
		fault.AnswerMalformed: {`{"id": "T-1"`, true},
	}
	m := acme.New(t, nil)
	for _, answer := range fault.Answers() {
		want, ok := gets[answer]
		if !ok {
			t.Errorf("nothing says what a caller gets of %s", answer)
		}
		m.Fault(fault.Rule{Operation: "ticket", Answer: answer, Times: 1})
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // or it would try again by itself
		var body []byte
		response, err := client.Get(m.URL + "/tickets/T-1")
		if err == nil {
			body, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		if is := (got{string(body), err == nil}); is != want {
			t.Errorf("%s: the caller gets %+v, want %+v (%v)", answer, is, want, err)
		}
	}
}

// TestAnswersWithoutABody: what breaks a body gets one to break, and what has nothing
// to do does not count as done.
func TestAnswersWithoutABody(t *testing.T) {
	const note = `{"text":"x"}`
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"noteAll": func(*mockserver.Call) mockserver.Reply {
				return mockserver.Reply{Status: 204, Undocumented: true}
			},
		}}
	})
	m.Fault(fault.Rule{Operation: "note", Answer: fault.AnswerTruncated, Times: 1})
	response, err := http.Post(m.URL+"/tickets/T-1/notes", "application/json", strings.NewReader(note))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(response.Body)
	response.Body.Close()
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != "{" || response.ContentLength != 2 || response.StatusCode != 201 || response.Header.Get("Content-Type") != "application/json" {
		t.Errorf("truncated: %d %q of %d, %v", response.StatusCode, got, response.ContentLength, err)
	}
	if e := last(t, m); e.Response.Body.String() != "{" || !slices.Equal(e.Faults, []string{"ft-000001"}) {
		t.Errorf("truncated: the journal has %q by %v", e.Response.Body, e.Faults)
	}
	m.Sandbox().ClearFaults()

	for _, test := range []struct {
		fault fault.Rule
		acted int
	}{{fault.Rule{Drip: "1h"}, 0}, {fault.Rule{Drip: "1h", Delay: "1ms"}, 1}} {
		test.fault.Operation = "note"
		m.Fault(test.fault)
		a := m.Do("POST", "/tickets/T-1/notes", note)
		if e := m.Exchange(a); a.Status != 201 || a.Body != "" || len(e.Faults) != test.acted {
			t.Errorf("%+v of nothing: %d %q by %v", test.fault, a.Status, a.Body, e.Faults)
		}
		if f := m.Sandbox().Faults()[0]; f.Matched != 1 || f.Acted != test.acted {
			t.Errorf("%+v of nothing counts as %+v", test.fault, f)
		}
		m.Sandbox().ClearFaults()
	}

	for _, f := range []fault.Rule{{Answer: fault.AnswerMalformed, Times: 1}, {Drip: "1h"}, {ContentType: "text/html"}} {
		f.Operation = "noteAll"
		m.Fault(f)
	}
	a := m.Do("POST", "/tickets/open/notes", note)
	list := m.Sandbox().Faults()
	if e := m.Exchange(a); a.Status != 204 || a.Body != "" || !slices.Equal(e.Faults, []string{list[2].ID}) {
		t.Errorf("without content: %d %q by %v, want only the content type's", a.Status, a.Body, e.Faults)
	}
	if list[0].Acted != 0 || list[1].Acted != 0 || list[2].Acted != 1 {
		t.Errorf("without content the faults count as %+v", list)
	}
}

func TestAForcedErrorHasTheVendorsBody(t *testing.T) {
	var n atomic.Int64
	m := acme.New(t, taking(&n))
	m.Fault(fault.Rule{Operation: "ticket", Status: 500, Undocumented: true, Taken: true, Times: 1})
	if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 500 || a.Body != `{"error":"Internal Server Error"}` || n.Load() != 1 {
		t.Errorf("answered %d %s; the vendor took %d", a.Status, a.Body, n.Load())
	}
	if a := m.Do("GET", "/tickets/T-1", "", "Prefer", "code=404"); a.Status != 404 || a.Body != `{"error":"Not Found"}` {
		t.Errorf("Prefer is answered %d %s", a.Status, a.Body)
	}
	plain := acme.New(t, nil)
	plain.Fault(fault.Rule{Operation: "ticket", Status: 404})
	if a := plain.Do("GET", "/tickets/T-1", ""); a.Body != `{"error": "no"}` {
		t.Errorf("without ErrorBody it is the sample: %s", a.Body)
	}
}

// TestADripIsSlowAndWhole: on a frozen clock nothing comes but the header; with
// time, all of it.
func TestADripIsSlowAndWhole(t *testing.T) {
	m := acme.New(t, nil)
	clock := m.Sandbox().Clock()
	clock.Freeze()
	m.Fault(fault.Rule{Operation: "ticket", Drip: "10s"})
	response, err := http.Get(m.URL + "/tickets/T-1") // returns with the header
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	began := clock.Now()
	body := make(chan string)
	go func() {
		data, _ := io.ReadAll(response.Body)
		body <- string(data)
	}()
	select {
	case got := <-body:
		t.Fatalf("%q came before any time passed", got)
	default:
	}
	m.Advance(10 * time.Second)
	select {
	case got := <-body:
		if got != `{"id": "T-1"}` || clock.Now().Sub(began) != 10*time.Second {
			t.Errorf("got %q after %s", got, clock.Now().Sub(began))
		}
	case <-mocktest.Soon(t).Done():
		t.Error("the body does not come to its end")
	}
}

func TestADelayedAnswerWithoutItsCaller(t *testing.T) {
	var n atomic.Int64
	m := acme.New(t, taking(&n))
	m.Fault(fault.Rule{Operation: "ticket", Delay: "1h"})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	m.Server().ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/tickets/T-1", nil))
	if e := last(t, m); e.Response != nil || e.Error != "the caller left before the answer" || n.Load() != 1 {
		t.Errorf("the journal has %+v; the vendor took %d", e, n.Load())
	}
}
