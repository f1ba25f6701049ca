package control_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// viewed calls a viewer, and has its answers judged by the document of the control API.
type viewed struct {
	*testing.T
	*httptest.Server
	journal *traffic.Journal
}

func newViewer(t *testing.T, o control.ViewerOptions) *viewed {
	t.Helper()
	judge, err := validator.New(acme.Contract())
	if err != nil {
		t.Fatal(err)
	}
	o.Kind, o.Judges, o.Journal = "proxy", []*validator.Validator{judge}, traffic.NewJournal(traffic.Limits{Exchanges: 4})
	server := httptest.NewServer(control.NewViewer(o))
	t.Cleanup(server.Close)
	return &viewed{t, server, o.Journal}
}

// saw puts an exchange into the journal.
func (v *viewed) saw(id, ticket string) {
	v.journal.Append(&traffic.Exchange{
		ID: id, Vendor: "acme", Caller: traffic.Partner, Operation: "operations/ticket",
		Request:  traffic.Request{Method: "GET", URL: "/tickets/" + ticket + "?secret=s3cr3ts3cr3t", Header: http.Header{}},
		Response: &traffic.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(`{"id":"`+ticket+`"}`), 0)},
	})
}

func (v *viewed) do(method, path, body string, header ...string) mocktest.Answer {
	v.Helper()
	request, err := http.NewRequestWithContext(mocktest.Soon(v), method, v.URL+path, strings.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			request.Host = header[i+1]
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		v.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.Fatal(err)
	}
	return mocktest.Answer{Status: response.StatusCode, Header: response.Header, Body: string(text)}
}

// into decodes an answer of status 200, which fits the document.
func (v *viewed) into(result any, method, path, body string) {
	v.Helper()
	a := v.do(method, path, body)
	e := &traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: method, URL: path, Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(body), 0)},
		Response: &traffic.Response{Status: a.Status, Header: a.Header, Body: traffic.NewBody([]byte(a.Body), 1<<24)},
	}
	controlJudge().Exchange(e)
	for _, f := range e.Findings {
		v.Errorf("%s %s: %s\n%s", method, path, f, a.Body)
	}
	if a.Status != 200 {
		v.Fatalf("%s %s answered %d %s", method, path, a.Status, a.Body)
	}
	if result != nil {
		if err := json.Unmarshal([]byte(a.Body), result); err != nil {
			v.Fatal(err)
		}
	}
}

func (v *viewed) refused(status int, method, path, body, says string, header ...string) {
	v.Helper()
	a := v.do(method, path, body, header...)
	if detail := acme.Detail(v, a); a.Status != status || !strings.Contains(detail, says) {
		v.Errorf("%s %s answered %d %q, want %d and %q", method, path, a.Status, detail, status, says)
	}
}

func idsOf(list []*traffic.Exchange) string {
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestAViewerShowsAJournalAndContracts(t *testing.T) {
	v := newViewer(t, control.ViewerOptions{Target: "https://vendor.example/api"})
	v.saw("ex-000002", "T-2")
	v.saw("ex-000001", "T-1") // it began earlier, and ended later
	var list exchanges
	for query, want := range map[string]string{
		"": "ex-000002 ex-000001", "?since=ex-000002": "ex-000001", "?since=ex-000001": "", "?since=ex-000009": "ex-000002 ex-000001", "?text=T-1": "ex-000001", "?text=s3cr3t": "", "?vendor=acme&limit=1": "ex-000001",
	} {
		list = exchanges{}
		if v.into(&list, "GET", "/_parley/journal"+query, ""); idsOf(list.Exchanges) != want {
			t.Errorf("journal%s has %q, want %q", query, idsOf(list.Exchanges), want)
		}
	}
	var e traffic.Exchange
	if v.into(&e, "GET", "/_parley/journal/ex-000001", ""); strings.Contains(e.Request.URL, "s3cr3t") || !strings.HasPrefix(e.Request.URL, "/tickets/T-1?secret=") {
		t.Errorf("the exchange is shown with %s", e.Request.URL)
	}
	v.into(&list, "GET", "/_parley/journal/wait?n=2&timeout=20s", "")
	if text := v.do("GET", "/_parley/journal.ndjson", "").Body; strings.Count(text, "\n") != 2 || strings.Contains(text, "s3cr3t") {
		t.Errorf("exported is %s", text)
	}
	if text := v.do("GET", "/_parley/journal.har", "").Body; !strings.Contains(text, `"url":"https://vendor.example/api/tickets/T-1?`) || strings.Contains(text, "s3cr3t") {
		t.Errorf("archived is %s", text)
	}
	var counted struct{ Exchanges int }
	if v.into(&counted, "GET", "/_parley/coverage", ""); counted.Exchanges != 2 {
		t.Errorf("counted are %d exchanges", counted.Exchanges)
	}
	for _, path := range []string{"health", "contracts", "contracts/acme", "contracts/acme/payload?name=ticket", "journal.har"} {
		v.into(nil, "GET", "/_parley/"+path, "")
	}
	var found struct{ Findings []traffic.Finding }
	if v.into(&found, "POST", "/_parley/judge", `{"operation":"operations/note","text":"{"}`); len(found.Findings) == 0 {
		t.Error("nothing is wrong with a broken body")
	}
	v.refused(400, "GET", "/_parley/journal?vendor=nope", "", "vendor=nope is none; the proxy judges by acme")
	v.refused(408, "GET", "/_parley/journal/wait?n=3&timeout=1ms", "", "2 of 3 matching exchanges")
}

func TestAViewerHasNothingOfAMock(t *testing.T) {
	v := newViewer(t, control.ViewerOptions{})
	var version struct {
		Kind     string
		Features []string
		Vendors  []struct{ ID string }
	}
	v.into(&version, "GET", "/_parley/version", "")
	if want := []string{"contracts", "judge", "journal", "coverage"}; version.Kind != "proxy" || !slices.Equal(version.Features, want) || len(version.Vendors) != 1 {
		t.Errorf("it says %+v", version)
	}
	v.saw("ex-000001", "T-1")
	v.refused(405, "DELETE", "/_parley/journal", "", "/_parley/journal knows GET, not DELETE")
	v.refused(404, "GET", "/_parley/state", "", "the control API has no /_parley/state; ")
	v.refused(404, "GET", "/_parley//journal", "", "with an empty segment")
	v.refused(400, "GET", "/_parley/journal", "", "this proxy has no sandboxes; leave out the header Parley-Sandbox", mockserver.HeaderSandbox, "mine")
	if a := v.do("GET", "/_parley/journal", "", mockserver.HeaderSandbox, mockserver.DefaultSandbox); a.Status != 200 {
		t.Errorf("the default sandbox is answered %d", a.Status)
	}
	v.refused(413, "POST", "/_parley/judge", `{"text":"`+strings.Repeat("x", 1<<20)+`"}`, "start the proxy with a larger limit")

	var served struct{ Served []string }
	if err := json.Unmarshal([]byte(v.do("GET", "/_parley/", "").Body), &served); err != nil {
		t.Fatal(err)
	}
	described := controlJudge().Contract()
	_, said, _ := strings.Cut(described.Document().Info.Description, "has a viewer")
	for _, one := range served.Served {
		if !slices.ContainsFunc(described.Operations, func(o *specs.Operation) bool { return o.Method+" "+o.Path == one }) {
			t.Errorf("%s is not described", one)
		}
		_, path, _ := strings.Cut(one, mockserver.ControlPrefix)
		if !strings.Contains(strings.Join(strings.Fields(said), " "), path) {
			t.Errorf("the document does not say that a viewer has %s", one)
		}
	}
	if len(served.Served) != 13 {
		t.Errorf("served are %v", served.Served)
	}
}

// TestAViewerLetsInWhoMay: the same as the control API of a mock does.
func TestAViewerLetsInWhoMay(t *testing.T) {
	v := newViewer(t, control.ViewerOptions{ControlToken: controlToken})
	for name, from := range origins {
		var header []string
		for key, values := range from.header {
			header = append(header, key, strings.Replace(values[0], "http://127.0.0.1:7357", v.URL, 1))
		}
		for _, credential := range []string{"", "Bearer wrong", "Bearer " + controlToken} {
			for _, path := range []string{"health", "version", "journal", "journal.har", "contracts", "coverage", "nowhere", ""} {
				want := 200
				switch {
				case from.foreign:
					want = 403
				case path != "health" && credential != "Bearer "+controlToken:
					want = 401
				case path == "nowhere" || path == "":
					want = 404
				}
				if a := v.do("GET", "/_parley/"+path, "", append(header, "Authorization", credential)...); a.Status != want {
					t.Errorf("%s by %s with %q: %d, want %d", path, name, credential, a.Status, want)
				}
			}
		}
	}
	open := newViewer(t, control.ViewerOptions{BaseURL: "http://ours.example:7357"})
	for host, want := range map[string]int{"127.0.0.1": 200, "localhost:1": 200, "ours.example": 200, "evil.example": 403, "10.1.2.3": 403} {
		if a := open.do("GET", "/_parley/journal", "", "Host", host); a.Status != want {
			t.Errorf("asked as %s: %d, want %d", host, a.Status, want)
		}
	}
	open.refused(403, "GET", "/_parley/journal", "", `this proxy is not called "evil.example"`, "Host", "evil.example")
}

// follow opens a stream and returns what gives its next event, as "exchange ex-000001".
func (v *viewed) follow(query string) (next func() string) {
	request, err := http.NewRequestWithContext(mocktest.Soon(v), "GET", v.URL+"/_parley/journal/stream"+query, nil)
	if err != nil {
		v.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	return func() string {
		event := ""
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = name
			}
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				return event + " " + id
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && event == "missed" {
				return event + " " + data
			}
		}
		return fmt.Sprint("the end ", lines.Err())
	}
}

func TestAViewersStreamGoesOnWhereItsReaderWas(t *testing.T) {
	served, end := context.WithCancel(t.Context())
	v := newViewer(t, control.ViewerOptions{Served: served})
	v.saw("ex-000002", "T-2")
	v.saw("ex-000001", "T-1")
	again, now := v.follow("?since=ex-000002&text=tickets/t"), v.follow("?text=T-3")
	v.saw("ex-000003", "T-3")
	for _, want := range []string{"exchange ex-000001", "exchange ex-000003"} {
		if got := again(); got != want {
			t.Errorf("who came back got %s, want %s", got, want)
		}
	}
	if got := now(); got != "exchange ex-000003" {
		t.Errorf("who came now got %s", got)
	}
	v.saw("ex-000004", "T-4")
	v.saw("ex-000005", "T-5")
	late := v.follow("?since=ex-000002") // the journal has let it go
	for _, want := range []string{`missed {"missed":1}`, "exchange ex-000001"} {
		if got := late(); got != want {
			t.Errorf("who came late got %s, want %s", got, want)
		}
	}
	waits := make(chan mocktest.Answer)
	go func() { waits <- v.do("GET", "/_parley/journal/wait?n=9&timeout=5m", "") }()
	end()
	if a := <-waits; a.Status != 503 || !strings.Contains(acme.Detail(t, a), "the proxy is being closed") {
		t.Errorf("the wait ended with %d %s", a.Status, a.Body)
	}
	for got := now(); !strings.HasPrefix(got, "the end"); got = now() {
		if !strings.HasPrefix(got, "exchange") {
			t.Errorf("the stream goes on with %s", got)
		}
	}
}
