package fault_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// taking counts what the vendor took.
func taking(n *atomic.Int64) func(*mockserver.Stage) mockserver.Behaviour {
	return func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": func(*mockserver.Call) mockserver.Reply {
				n.Add(1)
				return mockserver.Reply{Status: 200, Body: map[string]any{"id": "T-1"}}
			}},
			ErrorBody: func(_ *mockserver.Call, status int) any { return map[string]any{"error": http.StatusText(status)} },
		}
	}
}

func last(t testing.TB, m *mocktest.Mock) *traffic.Exchange {
	t.Helper()
	list := m.Sandbox().Journal().Find(nil)
	if len(list) == 0 {
		t.Fatal("the journal is empty")
	}
	return list[len(list)-1]
}

// TestAnswersThatBreakOff: what the caller sees, and that the journal says so.
func TestAnswersThatBreakOff(t *testing.T) {
	for _, taken := range []bool{false, true} {
		for _, test := range []struct {
			answer fault.Answer
			seen   error
			says   string
		}{
			{fault.AnswerReset, syscall.ECONNRESET, "the connection was reset without an answer by fault ft-000001"},
			{fault.AnswerEmpty, io.EOF, "the connection was closed without an answer by fault ft-000001"},
		} {
			var n atomic.Int64
			m := acme.New(t, taking(&n))
			m.Fault(fault.Rule{Operation: "ticket", Answer: test.answer, Taken: taken, Times: 1})
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // or it would try again by itself
			response, err := client.Get(m.URL + "/tickets/T-1")
			if err == nil {
				response.Body.Close()
			}
			if !errors.Is(err, test.seen) {
				t.Errorf("%s: the caller sees %v, want %v", test.answer, err, test.seen)
			}
			if e := last(t, m); e.Response != nil || e.Error != test.says || !slices.Equal(e.Faults, []string{"ft-000001"}) {
				t.Errorf("%s: the journal has %+v", test.answer, e)
			}
			if took := n.Load() == 1; took != taken {
				t.Errorf("%s with taken %t: the vendor took it: %t", test.answer, taken, took)
			}
			if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 200 {
				t.Errorf("%s: afterwards %d", test.answer, a.Status)
			}
		}
	}
}

// TestBreakingOffWhereItCannotBeDone: HTTP/2 resets the stream, a recorder is
// told.
func TestBreakingOffWhereItCannotBeDone(t *testing.T) {
	m := acme.New(t, nil)
	m.Fault(fault.Rule{Operation: "ticket", Answer: fault.AnswerReset})
	recorder := httptest.NewRecorder()
	m.Server().ServeHTTP(recorder, httptest.NewRequest("GET", "/tickets/T-1", nil))
	if recorder.Code != 500 || !strings.Contains(recorder.Body.String(), "fault ft-000001 would break this connection off") {
		t.Errorf("a recorder has %d %s", recorder.Code, recorder.Body)
	}
	if e := last(t, m); e.Status() != 500 {
		t.Errorf("the journal has %+v", e)
	}
	front := httptest.NewUnstartedServer(m.Server())
	front.EnableHTTP2 = true
	front.StartTLS()
	defer front.Close()
	response, err := front.Client().Get(front.URL + "/tickets/T-1")
	if err == nil {
		response.Body.Close()
		t.Errorf("over HTTP/%d the answer is %d", response.ProtoMajor, response.StatusCode)
	} else if !strings.Contains(err.Error(), "INTERNAL_ERROR") && !strings.Contains(err.Error(), "stream error") {
		t.Errorf("over HTTP/2 the caller sees %v", err)
	}
	if e := last(t, m); e.Response != nil || !strings.Contains(e.Error, "reset without an answer") {
		t.Errorf("over HTTP/2 the journal has %+v", e)
	}
}
