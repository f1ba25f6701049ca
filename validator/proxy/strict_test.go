package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/rawtest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/proxy"
)

func TestStrictStopsRequests(t *testing.T) {
	calls := 0
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem}, func(w http.ResponseWriter, r *http.Request) {
		calls++
		io.Copy(w, r.Body)
	})
	response, body := f.post("/v1/calls", `{"action":"start"}`)
	wantProblem(t, response, body, http.StatusUnprocessableEntity, "contract", "was not forwarded", "body.required", `"/id"`, `"exchange":"ex-000001"`)
	e := f.wants(1, "operations/start 422: request error body.required /id, request warn exchange.refused")
	if e.Response.Body.String() != body || e.Response.Header.Get("Parley-Problem") != "contract" {
		t.Errorf("recorded is %+v", e.Response)
	}
	response, body = f.post("/v1/nowhere", `{}`)
	wantProblem(t, response, body, http.StatusUnprocessableEntity, "contract", "operation.path")
	if calls != 0 {
		t.Errorf("%d calls were forwarded", calls)
	}
	if r, body := f.post("/v1/calls", start); r.StatusCode != 200 || body != start || r.Header.Get("Parley-Problem") != "" {
		t.Errorf("a valid call got %d %s", r.StatusCode, body)
	}
	f.wants(3, "operations/start 200")
}

func TestStrictStopsWhatItCannotJudge(t *testing.T) {
	var got int64
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem, BodyLimit: 100_000}, func(w http.ResponseWriter, r *http.Request) {
		if accepted := r.Header.Get("Accept-Encoding"); accepted != "br, gzip;q=0.5, deflate" {
			t.Errorf("the target is offered %q", accepted)
		}
		got, _ = io.Copy(io.Discard, r.Body)
	})
	for _, c := range []struct {
		path, kind, coding string
		size               int64
		status             int
	}{
		{"/v1/calls", "application/json", "", 200_000, http.StatusRequestEntityTooLarge},
		{"/v1/calls", "application/json", "br", 10, http.StatusUnsupportedMediaType},
		{"/v1/files", "multipart/form-data; boundary=x", "", 5_000_000, http.StatusOK}, // nothing to judge
	} {
		r := f.request(http.MethodPost, c.path, io.LimitReader(zeros{}, c.size))
		r.Header.Set("Content-Type", c.kind)
		r.Header.Set("Content-Encoding", c.coding)
		r.Header.Set("Accept-Encoding", "compress, br, gzip;q=0.5, deflate")
		if response, body := f.send(r); response.StatusCode != c.status {
			t.Errorf("%+v: got %d %s", c, response.StatusCode, body)
		}
	}
	if got != 5_000_000 {
		t.Errorf("%d bytes of the upload arrived", got)
	}
}

func TestStrictAsDocumented(t *testing.T) {
	f := before(t, "http://127.0.0.1:1", proxy.Options{Strict: proxy.StrictDocumented})
	r := f.request(http.MethodPost, "/v1/tickets?locale=en", strings.NewReader(`{}`))
	response, _ := f.send(r)
	if response.StatusCode != 400 || response.Header.Get("Parley-Problem") != "contract" || response.Header.Get("Parley-Exchange") != "ex-000001" {
		t.Errorf("got %d %v, want the documented 400", response.StatusCode, response.Header)
	}
	response, body := f.post("/v1/calls", `{"action":"start"}`) // documents nothing but 200
	wantProblem(t, response, body, http.StatusUnprocessableEntity, "contract")
}

func TestStrictStopsAnswers(t *testing.T) {
	answer, status := "", 200
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, answer)
	})
	for i, c := range []struct {
		status   int
		answer   string
		passes   bool
		recorded string
	}{
		{200, `{"id":"1"}`, true, "operations/getTicket 200"},
		{200, `{"id":1}`, false, "operations/getTicket 200: response error body.type /id, response warn exchange.refused"},
		{404, ``, false, "operations/getTicket 404: response error response.status, response warn exchange.refused"},
		{200, `{"id":"1","x":"` + strings.Repeat("0", 2<<20) + `"}`, false, "operations/getTicket 200: response info body.cut, response warn exchange.refused"},
	} {
		status, answer = c.status, c.answer
		response, body := f.send(f.request(http.MethodGet, "/v1/tickets/1", nil))
		if c.passes && (response.StatusCode != c.status || body != c.answer) {
			t.Errorf("%d %.40s came as %d %s", c.status, c.answer, response.StatusCode, body)
		}
		if !c.passes {
			wantProblem(t, response, body, http.StatusBadGateway, "contract", fmt.Sprint("answered ", c.status), "was not passed on")
		}
		if got := brief(f.exchange(i + 1)); !strings.HasPrefix(got, c.recorded) {
			t.Errorf("recorded %s\n    want %s", got, c.recorded)
		}
	}
}

// An answer that breaks off never begins for the caller of a strict proxy.
func TestStrictAndAnAnswerThatBreaksOff(t *testing.T) {
	f := before(t, rawtest.Answer(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id"), proxy.Options{Strict: proxy.StrictProblem})
	response, body := f.send(f.request(http.MethodGet, "/v1/tickets/1", nil))
	wantProblem(t, response, body, http.StatusBadGateway, "broken")
	f.wants(1, "operations/getTicket 0: response error exchange.no-response")
}

func TestStrictInReverse(t *testing.T) {
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem, Reverse: true}, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	})
	response, body := f.post("/", `{"event":"opened"}`)
	wantProblem(t, response, body, http.StatusUnprocessableEntity, "contract", "/ticketId")
	response, body = f.post("/", `{"event":"opened","ticketId":"1"}`)
	wantProblem(t, response, body, http.StatusBadGateway, "contract", "the partner's webhook answered 418")
	if e := f.exchange(2); e.Caller != traffic.Vendor || e.Status() != http.StatusTeapot {
		t.Errorf("recorded is %s of %s", brief(e), e.Caller)
	}
}
