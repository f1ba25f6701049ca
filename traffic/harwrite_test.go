package traffic

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// harSamples are exchanges in both directions, with every kind of body.
func harSamples() []*Exchange {
	at := time.Date(2031, 5, 6, 7, 8, 9, 123456789, time.UTC)
	whole := func(text string) Body { return NewBody([]byte(text), 1<<20) }
	answer := func(status int, header http.Header, body Body) *Response { return &Response{status, header, body} }
	typed := func(kind string) http.Header { return http.Header{"Content-Type": {kind}} }
	of := func(method, url string, h http.Header, body Body) Request { return Request{method, url, h, body} }
	return []*Exchange{
		{
			ID: "ex-1", Time: at, Vendor: "acme", Caller: Partner, Operation: "operations/note", Channel: "c", Duration: 23456789,
			Request: of("POST", "http://h.example/notes?a=1&b=%26&a=%zz", http.Header{"Content-Type": {"application/json"}, "X-A": {"2", "1"}, "Cookie": {"s=1; t=2"}},
				whole("{\"text\": \"<b> \u05e9 \u202e\"}")),
			Response: answer(201, http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Set-Cookie": {"s=1; Path=/", "t=2"}}, whole("{}\n")),
			Findings: []Finding{{Code: "body.type", Severity: Error, Part: InRequest, Pointer: "/text", Line: 1, Column: 10}},
		},
		{
			ID: "ex-2", Time: at, Vendor: "acme", Caller: Vendor, Operation: "events/changed", Delivery: "dl-1", Attempt: 2, Duration: time.Hour + 1, Faults: []string{"ft-1"},
			Request: of("POST", "http://partner.example/hook", typed("application/octet-stream"), whole("\x00\xff\x01")), Response: answer(302, http.Header{"Location": {"/x"}, "Content-Type": {"image/png"}}, whole("\x89PNG")),
		},
		{ID: "ex-3", Time: at, Vendor: "acme", Caller: Vendor, Request: of("GET", "http://partner.example/hook", http.Header{}, Body{}), Error: "connection refused"},
		{ID: "ex-4", Time: at, Vendor: "acme", Caller: Partner, Request: of("HEAD", "http://h.example/", http.Header{}, Body{}), Response: answer(204, http.Header{}, Body{})},
		{
			ID: "ex-5", Time: at, Vendor: "acme", Caller: Partner,
			Request:  of("POST", "http://h.example/", typed("application/json"), Body{Kept: []byte(`{"long": "`), Size: 9000}),
			Response: answer(200, typed("application/json"), Body{Kept: []byte(`{"long": "`), Size: 9001}),
		},
		{
			ID: "ex-6", Time: at, Vendor: "acme", Caller: Partner, Request: of("POST", "http://h.example/", typed("application/json"), Body{Size: 77}),
			Response: answer(200, typed("text/plain"), Body{Size: Unknown}),
		},
		{
			ID: "ex-7", Time: at, Vendor: "acme", Caller: Partner, Request: of("POST", "http://h.example/", http.Header{}, whole("no type")),
			Response: answer(200, http.Header{"Content-Encoding": {"gzip"}}, whole("decoded")),
		},
	}
}

func writtenHARText(t testing.TB, list []*Exchange, o HAROptions) string {
	t.Helper()
	var text bytes.Buffer
	if err := WriteHAR(&text, slices.Values(list), o); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestHARIsReadBack: the reader makes of an archive what was written, but for what HAR
// does not have.
func TestHARIsReadBack(t *testing.T) {
	samples := harSamples()
	text := writtenHARText(t, samples, HAROptions{Version: "1.2.3"})
	again, errs := read(t, text, CaptureOptions{})
	if len(errs) != 0 || len(again) != len(samples) {
		t.Fatalf("read %d of %d exchanges: %v", len(again), len(samples), errs)
	}
	for i, e := range samples {
		want, got := *e, *again[i]
		if want.Request.Body.Size != int64(len(want.Request.Body.Kept)) && got.Request.Body.Size != want.Request.Body.Size {
			t.Errorf("%s: the request's body is of %d bytes, want %d", e.ID, got.Request.Body.Size, want.Request.Body.Size)
		}
		want.ID, want.Vendor, want.Caller, want.Operation, want.Channel, want.Delivery, want.Attempt, want.Findings, want.Faults =
			got.ID, "", "", "", "", "", 0, nil, nil
		if a, b := asJSON(t, got), asJSON(t, want); a != b {
			t.Errorf("%s was read back as\n%s, want\n%s", e.ID, a, b)
		}
	}
	if strings.Contains(text, "\u202e") || !strings.Contains(text, `<b>`) {
		t.Error("what cannot be seen is not escaped, or what can is")
	}
}

func asJSON(t testing.TB, e Exchange) string {
	t.Helper()
	data, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestHARHasWhatIsParleys of each exchange, and what each writer of archives has.
func TestHARHasWhatIsParleys(t *testing.T) {
	samples := harSamples()
	samples[0].Request.URL = "/notes?a=1"
	var archive struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []struct {
				Request struct {
					URL         string
					QueryString []harPair
					Cookies     []harPair
				}
				Response struct{ RedirectURL string }
				Parley   Exchange `json:"_parley"`
			}
		}
	}
	if err := json.Unmarshal([]byte(writtenHARText(t, samples, HAROptions{Version: "1.2.3", Base: "http://127.0.0.1:7357/~mine"})), &archive); err != nil {
		t.Fatal(err)
	}
	log := archive.Log
	if log.Version != "1.2" || log.Creator.Name != "Parley" || log.Creator.Version != "1.2.3" {
		t.Errorf("the log is %+v", log)
	}
	first := log.Entries[0].Request
	if first.URL != "http://127.0.0.1:7357/~mine/notes?a=1" || !reflect.DeepEqual(first.QueryString, []harPair{{"a", "1"}}) || !reflect.DeepEqual(first.Cookies, []harPair{{"s", "1"}, {"t", "2"}}) {
		t.Errorf("the request is %+v", first)
	}
	for i, e := range log.Entries {
		want := Exchange{
			ID: samples[i].ID, Vendor: samples[i].Vendor, Caller: samples[i].Caller, Operation: samples[i].Operation, Channel: samples[i].Channel,
			Delivery: samples[i].Delivery, Attempt: samples[i].Attempt, Findings: samples[i].Findings, Faults: samples[i].Faults,
		}
		if !reflect.DeepEqual(e.Parley, want) {
			t.Errorf("entry %d has %+v, want %+v", i, e.Parley, want)
		}
	}
	if log.Entries[1].Response.RedirectURL != "/x" {
		t.Errorf("redirected to %q", log.Entries[1].Response.RedirectURL)
	}
	empty := writtenHARText(t, nil, HAROptions{})
	if all, errs := read(t, empty, CaptureOptions{}); len(all)+len(errs) != 0 {
		t.Errorf("an archive without entries has %v, %v: %s", all, errs, empty)
	}
}
