package generate

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
	"github.com/parleykit/parley/vendors"
)

// noExample says of codes why none is shown.
var noExample = map[string]string{
	"body.schema":         "There is no example: it stands for what no other code does, and no keyword that Parley knows leads there.",
	"operation.assumed":   "There is no example: it needs a contract with several events that nothing but a header tells apart.",
	"payload.unknown":     "There is no example: no exchange has it, only a program that judges a body by the name of a payload.",
	"body.incomplete":     "There is no example: a body that breaks off while it is sent is a moment, and no text shows it.",
	"exchange.aborted":    "There is no example: that a caller goes away is a moment, and no text shows it.",
	"exchange.not-judged": "There is no example: it is a mistake of Parley's own; please report it.",
	"mock.panic":          "There is no example: it is a mistake of Parley's own; please report it.",
	"call.mismatch":       "There is no example: it depends on what went before in a conversation.",
}

// playedWrongs are calls of a partner to the mock of a vendor, which finds what a document
// alone does not tell.
var playedWrongs = []struct {
	vendor string
	wrong
}{
	{"elma365", wrong{call: "POST /api/messengers/external/other/webhook/c2", header: jsonType, body: `{"type": "userInfo", "token": "other", "data": {"userId": "u1"}}`}},
	{"elma365", wrong{call: "POST /api/messengers/external/other/webhook/c2", header: jsonType + "\nPrefer: example=none", body: `{"type": "userInfo", "token": "confirm", "data": {"userId": "u1"}}`}},
	{"elma365", wrong{call: "POST /api/messengers/external/other/webhook/c2", header: jsonType + "\nContent-Encoding: gzip", body: `{"type": "userInfo"}`}},
	{"elma365", wrong{call: "POST /api/messengers/external/other/webhook/c2", header: jsonType, body: `{"type": "userInfo", "token": "confirm", "data": {"userId": "` + strings.Repeat("u", mockLimit) + `"}}`}},
	{"expertflow", wrong{call: "POST /conversation-manager/activities", header: jsonType, body: `{"header": {"channelData": {"channelCustomerIdentifier": " "}}}`}},
}

// mockLimit is how many bytes of a body the mock reads.
const mockLimit = 4 << 10

// stopped are calls through a strict proxy to the shop.
var stopped = []wrong{
	{call: "GET /orders/o1", header: "X-Shop: north\nX-Trace: t1\nConnection: X-Trace"},
	{call: "POST /orders", header: jsonType, body: `{}`},
}

// ran adds what mocks and a proxy find, by running them.
func ran(found map[string]example, judge *validator.Validator) error {
	for _, p := range playedWrongs {
		contract, err := specs.Embedded(p.vendor)
		if err != nil {
			return err
		}
		mock, err := mockserver.New(mockserver.Options{Seed: 1, BodyLimit: mockLimit}, vendors.Played(contract)...)
		if err != nil {
			return err
		}
		if p.vendor == "elma365" {
			if _, err := mock.Sandbox().PutChannel(mockserver.Channel{Vendor: p.vendor, ID: "c2", Token: "confirm"}); err != nil {
				return err
			}
		}
		mock.ServeHTTP(httptest.NewRecorder(), p.request(""))
		for _, e := range mock.Sandbox().Journal().Find(func(*traffic.Exchange) bool { return true }) {
			p.keep(found, e.Findings)
		}
		mock.Close(context.Background())
	}
	return forwarded(found, judge)
}

// forwarded adds what a strict proxy finds.
func forwarded(found map[string]example, judge *validator.Validator) error {
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer vendor.Close()
	target, err := url.Parse(vendor.URL)
	if err != nil {
		return err
	}
	for _, w := range stopped {
		seen := make(chan *traffic.Exchange, 1)
		between, err := proxy.New(judge, target, proxy.Options{Strict: proxy.StrictProblem, OnExchange: func(e *traffic.Exchange) { seen <- e }})
		if err != nil {
			return err
		}
		server := httptest.NewServer(between)
		answer, err := http.DefaultTransport.RoundTrip(w.request(server.URL))
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.call, err)
		}
		w.keep(found, (<-seen).Findings)
		server.Close()
		if err := between.Close(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// request is the call, to what stands at a base.
func (w wrong) request(base string) *http.Request {
	method, target, _ := strings.Cut(w.call, " ")
	r := httptest.NewRequest(method, base+target, strings.NewReader(w.body))
	r.RequestURI, r.Header = "", w.headers()
	return r
}
