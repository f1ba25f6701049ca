package mockserver_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

const shopWithServers = `
servers: [{url: https://shop.test/api/v2}, {url: "https://{region}.shop.test/{stage}/v3", variables: {region: {default: eu}, stage: {default: prod}}}]
paths:
  /items:
    get: {operationId: listItems, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/list.schema.json}}}}}}
    post: {operationId: addItem, responses: {"201": {description: ok}}}
  /items/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: item, responses: {"200": {description: ok, headers: {X-Total: {required: true, schema: {type: integer}, example: 3}}}, "400": {description: no}}}
  /things:
    servers: [{url: https://other.test/alt}]
    get: {operationId: listThings, responses: {"200": {description: ok}}}
    options: {operationId: thingOptions, responses: {"203": {description: ok}}}
    head: {operationId: thingHead, responses: {"202": {description: ok}}}
`

func withServers(t *testing.T, o mockserver.Options) *mocktest.Mock {
	return opened(t, shop(t, shopWithServers, map[string]string{"list": `"type": "array", "items": {"type": "string"}`},
		map[string]string{"list/many": `["` + strings.Repeat("many ", 1000) + `"]`, "list/one": `["one"]`}), o)
}

func TestBelowThePathsOfServers(t *testing.T) {
	m := withServers(t, mockserver.Options{})
	for path, status := range map[string]int{
		"/items": 200, "/api/v2/items": 200, "/prod/v3/items": 200, "/alt/items": 404, "/v3/items": 404,
		"/things": 200, "/alt/things": 200, "/api/v2/things": 404, "/~mine/api/v2/items": 200,
		"/api/v2/items/7": 200, "/prod/v3/items/seven": 400, "/alt": 404,
	} {
		if a := m.Do("GET", path, ""); a.Status != status {
			t.Errorf("%s is answered %d %s, want %d", path, a.Status, a.Body, status)
		}
	}
	if a := m.Do("GET", "/nothing", ""); !strings.Contains(a.Body, "GET /items") || strings.Contains(a.Body, "/api/v2/items") {
		t.Errorf("what is served is %s", a.Body)
	}
}

func TestHeadAndOptions(t *testing.T) {
	m := withServers(t, mockserver.Options{})
	get, head := m.Do("GET", "/items", "", "Accept-Encoding", "identity"), m.Do("HEAD", "/items", "")
	if head.Status != 200 || head.Body != "" || head.Header.Get("Content-Type") != "application/json" || head.Header.Get("Content-Length") != get.Header.Get("Content-Length") {
		t.Errorf("HEAD is answered %d %s %v", head.Status, head.Body, head.Header)
	}
	if e := m.Exchange(head); e.Operation != "operations/listItems" || e.Request.Method != "HEAD" || len(e.Response.Body.Kept) != 0 || len(e.Findings) != 0 {
		t.Errorf("the journal has %s of %s with %q, %v", e.Request.Method, e.Operation, e.Response.Body.Kept, e.Findings)
	}
	if a := m.Do("HEAD", "/items/seven", ""); a.Status != 400 || a.Header.Get("Parley-Findings") != "1" {
		t.Errorf("a HEAD that breaks the contract is answered %d", a.Status)
	}
	for path, allow := range map[string]string{"/items": "GET, HEAD, POST, OPTIONS", "/items/7": "GET, HEAD, OPTIONS"} {
		a := m.Do("OPTIONS", path, "")
		if a.Status != 204 || a.Header.Get("Allow") != allow || len(m.Exchange(a).Findings) != 0 {
			t.Errorf("OPTIONS %s is answered %d, Allow %s", path, a.Status, a.Header.Get("Allow"))
		}
	}
	// What the document describes is answered so.
	if a := m.Do("OPTIONS", "/things", ""); a.Status != 203 || m.Do("HEAD", "/things", "").Status != 202 {
		t.Errorf("documented OPTIONS is answered %d", a.Status)
	}
	if a := m.Do("DELETE", "/items", ""); a.Status != 405 || a.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("405 is %d, Allow %s", a.Status, a.Header.Get("Allow"))
	}
	if a := m.Do("HEAD", "/nothing", ""); a.Status != 404 || a.Body != "" {
		t.Errorf("HEAD of nothing is answered %d", a.Status)
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	m := withServers(t, mockserver.Options{})
	ask := func(path, encoding string, header ...string) (*http.Response, string) {
		request, err := http.NewRequest("GET", m.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		for i := 0; i+1 < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		from := io.Reader(response.Body)
		if response.Header.Get("Content-Encoding") == "gzip" {
			if from, err = gzip.NewReader(response.Body); err != nil {
				t.Fatal(err)
			}
		}
		body, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(body)
	}
	_, plain := ask("/items", "identity")
	for encoding, coded := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "*": true, "gzip;q=0": false, "br": false, "gzip;q=0.0, br": false} {
		response, body := ask("/items", encoding)
		if (response.Header.Get("Content-Encoding") == "gzip") != coded || body != plain || coded && (response.ContentLength >= int64(len(plain)) || response.Header.Get("Vary") != "Accept-Encoding") {
			t.Errorf("%s: %v, %d bytes", encoding, response.Header, response.ContentLength)
		}
		e, _ := m.Sandbox().Journal().Get(response.Header.Get(mockserver.HeaderExchange))
		if string(e.Response.Body.Kept) != plain {
			t.Errorf("%s: the journal has %.40q", encoding, e.Response.Body.Kept)
		}
	}
	if response, body := ask("/items", "gzip", "Prefer", "example=one"); response.Header.Get("Content-Encoding") != "" || body != `["one"]` {
		t.Errorf("a short answer is %v", response.Header)
	}
}

func TestPagesOfOtherOrigins(t *testing.T) {
	const page = "http://page.test:3000"
	for _, test := range []struct {
		cors           []string
		origin, allows string
		credentials    string
	}{
		{nil, page, "", ""}, {[]string{"*"}, page, "*", ""}, {[]string{page}, page, page, "true"},
		{[]string{"http://other.test"}, page, "", ""}, {[]string{"*", page}, page, page, "true"}, {[]string{"*"}, "", "", ""},
	} {
		m := withServers(t, mockserver.Options{CORS: test.cors})
		a := m.Do("GET", "/items/7", "", "Origin", test.origin)
		got := a.Header.Get("Access-Control-Allow-Origin")
		if a.Status != 200 || got != test.allows || a.Header.Get("Access-Control-Allow-Credentials") != test.credentials ||
			(got != "") != strings.Contains(a.Header.Get("Access-Control-Expose-Headers"), "Parley-Exchange, Parley-Findings, Preference-Applied, X-Total") {
			t.Errorf("%v: a page of %q is answered %d %v", test.cors, test.origin, a.Status, a.Header)
		}
		asked := m.Do("OPTIONS", "/api/v2/items", "", "Origin", test.origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type, x-a")
		if allowed := asked.Header.Get("Access-Control-Allow-Methods"); asked.Status != 204 || (allowed == "GET, HEAD, POST") != (test.allows != "") ||
			(asked.Header.Get("Access-Control-Allow-Headers") == "content-type, x-a") != (test.allows != "") {
			t.Errorf("%v: the preflight of %q is answered %d %v", test.cors, test.origin, asked.Status, asked.Header)
		}
		for _, path := range []string{"/_parley/journal", "/~mine/_parley/journal"} {
			for _, method := range []string{"GET", "OPTIONS"} {
				a := m.Do(method, path, "", "Origin", page, "Access-Control-Request-Method", "GET", "Sec-Fetch-Site", "cross-site")
				if a.Status < 400 || a.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%v: %s %s is answered %d %v", test.cors, method, path, a.Status, a.Header)
				}
			}
		}
		if a := m.Do("GET", "/~other/items", "", "Origin", page, "Sec-Fetch-Site", "cross-site"); a.Status != 403 || a.Header.Get("Access-Control-Allow-Origin") != m.Do("GET", "/items", "", "Origin", page).Header.Get("Access-Control-Allow-Origin") {
			t.Errorf("%v: a page makes a sandbox: %d", test.cors, a.Status)
		}
	}
	for _, origin := range []string{"page.test", "http://page.test/", "http://page.test/path", "http://"} {
		if _, err := mockserver.New(mockserver.Options{CORS: []string{origin}}, acme.Vendor()); err == nil || !strings.Contains(err.Error(), "write scheme and host") {
			t.Errorf("%s: %v", origin, err)
		}
	}
}
