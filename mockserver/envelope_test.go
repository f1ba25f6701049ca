package mockserver_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// signedShop is a vendor whose events are told apart by a header, are signed, and begin with
// a challenge.
const signedShop = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop, signature: standard-webhooks, delivery: {attempts: 2}}
paths: {}
webhooks:
  push:
    post:
      parameters:
        - {name: X-Shop-Event, in: header, required: true, schema: {type: string, const: push}}
        - {name: X-Shop-Delivery, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: X-Shop-Hook-Id, in: header, schema: {type: string}, example: "0b989ba4-242f-11e5-81e1-c7b6966d2516"}
        - {name: X-Shop-Target, in: header, schema: {type: string, default: repository}}
        - {name: X-Shop-Maybe, in: header, schema: {type: string}}
        - {name: X-Shop-Token, in: header, required: true, x-secret: true, schema: {type: string}}
        - {name: webhook-id, in: header, required: true, schema: {type: string}, example: msg_1}
        - {name: X-Hub-Signature-256, in: header, schema: {type: string}, example: "sha256=6dcb09b5b57875f334f61aebed695e2e4193db5e"}
        - {name: at, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}, example: [a, b]}
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/push.schema.json}}}}
      responses: {"200": {description: taken}}
  verify:
    get:
      parameters:
        - {name: hub.mode, in: query, required: true, schema: {type: string, enum: [subscribe]}}
        - {name: hub.challenge, in: query, required: true, schema: {type: integer}, example: 1158201444}
        - {name: hub.verify_token, in: query, required: true, x-secret: true, schema: {type: string}}
      responses:
        "200": {description: the challenge, x-parley: {echo: hub.challenge}, content: {text/plain: {schema: {type: string}}}}
  strange:
    post:
      parameters: [{name: X-Strange, in: header, required: true, schema: {type: string}}]
      responses: {"200": {description: taken}}
  odd:
    get:
      parameters: [{name: code, in: query, required: true, schema: {type: string, pattern: "^[A-Z]{4}$"}, example: abcd}]
      responses: {"200": {description: taken}}
`

func shopContract(t *testing.T, replace ...string) *specs.Contract {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	c, err := specs.Load(fstest.MapFS{
		"openapi.yaml":             file(strings.NewReplacer(replace...).Replace(signedShop)),
		"schemas/push.schema.json": file(`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["ref"]}`),
		"samples/push/one.json":    file(`{"ref": "main"}`),
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shopPartner keeps the requests that it got, and answers challenges.
type shopPartner struct {
	*mocktest.Partner
	mu   sync.Mutex
	came sync.Cond // one more was seen
	seen []*http.Request
}

func newShopPartner(t *testing.T) *shopPartner {
	p := &shopPartner{}
	p.came.L = &p.mu
	p.Partner = mocktest.NewPartner(t, func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.seen = append(p.seen, r)
		first := len(p.seen) == 1
		p.came.Broadcast()
		p.mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/twice") && first {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(r.URL.Query().Get("hub.challenge")))
	})
	return p
}

func (p *shopPartner) request(t *testing.T, i int) *http.Request {
	t.Helper()
	p.Await(i + 1) // it is counted before it is seen
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.seen) <= i {
		p.came.Wait()
	}
	return p.seen[i]
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func playShop(t *testing.T, c *specs.Contract, path string) (*mocktest.Mock, *shopPartner) {
	m := mocktest.NewWith(t, mockserver.Options{Seed: 7, Secrets: map[string][]string{"shop": {secret}}, Now: func() time.Time { return time.Unix(1700000000, 0) }}, mockserver.Vendor{Contract: c})
	p := newShopPartner(t)
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL + path, Token: "verify-me"})
	return m, p
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// TestDocumentedHeadersComeWithADelivery: by const, default and example, and IDs that
// are other ones each time; what is made up would not be right is not sent.
func TestDocumentedHeadersComeWithADelivery(t *testing.T) {
	m, p := playShop(t, shopContract(t), "/hook?own=1")
	deliver(t, m, "push")
	deliver(t, m, "push")
	got, next := p.request(t, 0), p.request(t, 1)
	for name, want := range map[string]string{
		"X-Shop-Event": "push", "X-Shop-Target": "repository", "X-Shop-Maybe": "", "X-Shop-Token": "verify-me",
		"X-Hub-Signature-256": "", "Webhook-Timestamp": "1700000000", "Content-Type": "application/json",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	for _, name := range []string{"X-Shop-Delivery", "X-Shop-Hook-Id", "Webhook-Id"} {
		if id := got.Header.Get(name); !uuid.MatchString(id) || id == next.Header.Get(name) || strings.HasPrefix(id, "0b989ba4") {
			t.Errorf("%s is %q, then %q", name, id, next.Header.Get(name))
		}
	}
	if want := (url.Values{"own": {"1"}, "tags": {"a,b"}, "at": {"2023-11-14T22:13:20Z"}}).Encode(); got.URL.Query().Encode() != want {
		t.Errorf("the query is %s, want %s", got.URL.RawQuery, want)
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))
}

func deliver(t *testing.T, m *mocktest.Mock, event string) outbox.Delivery {
	t.Helper()
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: event, Wait: true})
	if err != nil || d.State != outbox.Delivered {
		t.Fatalf("%s: %v, %+v", event, err, d)
	}
	return d
}

// TestARepetitionHasTheSameIDs: in the next attempt, in a copy and when it is replayed;
// the signature is that of its own time.
func TestARepetitionHasTheSameIDs(t *testing.T) {
	c := shopContract(t)
	m, p := playShop(t, c, "/twice")
	if _, err := m.Sandbox().AddFault(fault.Rule{Event: "push", Copies: 1, Times: 1}); err != nil {
		t.Fatal(err)
	}
	d := deliver(t, m, "push")
	p.request(t, 2) // the copy
	m.Sandbox().Clock().Set(time.Unix(1700000000, 0).Add(time.Hour))
	if _, err := m.Sandbox().Replay(mocktest.Soon(t), d.ID, mockserver.ReplayRequest{Wait: true}); err != nil {
		t.Fatal(err)
	}
	first := p.request(t, 0)
	keys, _ := c.Signature.Keys(secret)
	for i, body := range p.Await(4) {
		r := p.request(t, i)
		for _, name := range []string{"X-Shop-Delivery", "Webhook-Id"} {
			if r.Header.Get(name) != first.Header.Get(name) {
				t.Errorf("request %d: %s is %q, first it was %q", i, name, r.Header.Get(name), first.Header.Get(name))
			}
		}
		now := time.Unix(1700000000, 0)
		if i == 3 {
			now = now.Add(time.Hour)
		}
		if err := c.Signature.Verify(r.Header, []byte(body), now, keys...); err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
}

// TestAChallengeIsSentAndJudged: an event by GET, without a body, with a fresh
// challenge in the query; it is not signed.
func TestAChallengeIsSentAndJudged(t *testing.T) {
	m, p := playShop(t, shopContract(t), "/hook")
	deliver(t, m, "verify")
	deliver(t, m, "verify")
	r, next := p.request(t, 0), p.request(t, 1)
	query := r.URL.Query()
	if r.Method != "GET" || p.Received()[0] != "" || r.Header.Get("Content-Type") != "" || r.Header.Get("Webhook-Signature") != "" {
		t.Errorf("the partner got %s with %q and %v", r.Method, p.Received()[0], r.Header)
	}
	if challenge := query.Get("hub.challenge"); challenge == "" || challenge == "1158201444" || challenge == next.URL.Query().Get("hub.challenge") {
		t.Errorf("the challenge is %q, then %q", challenge, next.URL.Query().Get("hub.challenge"))
	}
	if query.Get("hub.mode") != "subscribe" || query.Get("hub.verify_token") != "verify-me" {
		t.Errorf("the query is %v", query)
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))

	p.Answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("ok"))
	})
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "verify", Set: map[string]any{"hub.challenge": 5}, Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	e, _ := m.Sandbox().Journal().Get(d.Attempts[0])
	if len(e.Findings) != 1 || e.Findings[0].Code != "response.echo" || !strings.Contains(e.Findings[0].Expected, `"5"`) {
		t.Errorf("found %v", e.Findings)
	}
}

// TestWhatNoDocumentGivesIsSaid, and is left out where it is sent all the same.
func TestWhatNoDocumentGivesIsSaid(t *testing.T) {
	m, p := playShop(t, shopContract(t), "/hook")
	for _, test := range []struct {
		request mockserver.SendRequest
		says    string
	}{
		{mockserver.SendRequest{Event: "strange"}, "events/strange demands the header X-Strange, whose value no document gives"},
		{mockserver.SendRequest{Event: "odd"}, "the request would break the contract: parameter.pattern"},
		{mockserver.SendRequest{Event: "verify", Body: map[string]any{"a": 1}}, "events/verify has no body"},
		{mockserver.SendRequest{Event: "verify", Set: map[string]any{"challenge": 1}}, `no parameter "challenge"; what "set" can change of it is hub.mode, hub.challenge, hub.verify_token`},
	} {
		if _, err := m.Sandbox().Send(mocktest.Soon(t), test.request); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v, want %s", test.request, err, test.says)
		}
	}
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "strange", Broken: true, Wait: true}); err != nil {
		t.Fatal(err)
	}
	if r := p.request(t, 0); r.Header.Get("X-Strange") != "" {
		t.Errorf("X-Strange is %q", r.Header.Get("X-Strange"))
	}
}

// TestAFreeRequestHasTheSame, but for what it brings itself.
func TestAFreeRequestHasTheSame(t *testing.T) {
	m, p := playShop(t, shopContract(t), "/hook")
	for _, raw := range []mockserver.Raw{
		{Event: "push", Body: []byte(`{"ref": "main"}`)},
		{Event: "push", Body: []byte(`{"ref": "main"}`), Unsigned: true, Header: http.Header{"X-Shop-Event": {"pull"}}},
		{Event: "verify", URL: p.URL + "/hook?hub.challenge=9"},
	} {
		if raw.URL != "" {
			m.Connect(mockserver.Channel{ID: "other", URL: raw.URL})
			raw.Channel = "other"
		} else {
			raw.Channel = "c"
		}
		raw.Broken = true
		if e := m.Sandbox().SendRaw(mocktest.Soon(t), raw); e.Error != "" {
			t.Fatal(e.Error)
		}
	}
	for i, want := range []string{"push true", "pull false", " false"} {
		r := p.request(t, i)
		got := r.Header.Get("X-Shop-Event") + " "
		if r.Header.Get("Webhook-Signature") != "" {
			got += "true"
		} else {
			got += "false"
		}
		if got != want {
			t.Errorf("request %d: %s, want %s", i, got, want)
		}
	}
	if query := p.request(t, 2).URL.Query(); query.Get("hub.challenge") != "9" || len(query["hub.challenge"]) != 1 || query.Get("hub.mode") != "subscribe" {
		t.Errorf("the query is %v", query)
	}
}

// TestSecretsThatDoNotFit are refused when the mock is made.
func TestSecretsThatDoNotFit(t *testing.T) {
	for says, test := range map[string]struct {
		replace []string
		secrets map[string][]string
	}{
		"does not say how events are signed": {[]string{"signature: standard-webhooks, ", ""}, map[string][]string{"shop": {secret}}},
		"which is not played":                {nil, map[string][]string{"ship": {secret}}},
		"is not base64":                      {nil, map[string][]string{"shop": {"whsec_?"}}},
		"carries one signature":              {[]string{"standard-webhooks", "github"}, map[string][]string{"shop": {"a", "b"}}},
	} {
		_, err := mockserver.New(mockserver.Options{Secrets: test.secrets}, mockserver.Vendor{Contract: shopContract(t, test.replace...)})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %s", test.secrets, err, says)
		}
	}
}

// TestASignatureWithoutASecretIsSaid: an event that demands one can't be sent.
func TestASignatureWithoutASecretIsSaid(t *testing.T) {
	m := mocktest.New(t, mockserver.Vendor{Contract: shopContract(t)})
	m.Connect(mockserver.Channel{URL: "http://127.0.0.1:1/"})
	if _, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "push"}); err == nil || !strings.Contains(err.Error(), "X-Shop-Token") {
		t.Errorf("%v", err) // no token either
	}
	m.Connect(mockserver.Channel{ID: "c", URL: "http://127.0.0.1:1/", Token: "x"})
	if _, err := m.Sandbox().Compose(mockserver.SendRequest{Event: "push", Channel: "c"}); err != nil {
		t.Errorf("%v", err) // webhook-id has an example
	}
	if got := m.Sandbox().Secrets("shop"); got != nil {
		t.Errorf("secrets %q", got)
	}
}

// TestIDsOutliveARestart: a delivery that waits goes out with the IDs that it had.
func TestIDsOutliveARestart(t *testing.T) {
	m, _ := playShop(t, shopContract(t), "/hook")
	m.Sandbox().Clock().Freeze()
	if _, err := m.Sandbox().AddFault(fault.Rule{Event: "push", Delay: "1h"}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "push"}); err != nil {
		t.Fatal(err)
	}
	before, err := m.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	next, err := mockserver.Restore(before, mockserver.Options{Secrets: map[string][]string{"shop": {secret}}}, mockserver.Vendor{Contract: shopContract(t)})
	if err != nil {
		t.Fatal(err)
	}
	after, err := next.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`"(X-Shop-Delivery":\["|eventId":")([^"]+)`)
	was, is := ids.FindAllString(string(before), -1), ids.FindAllString(string(after), -1)
	if len(was) != 2 || !slices.Equal(was, is) {
		t.Errorf("%q, after the restart %q", was, is)
	}
	if strings.Contains(string(before), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") {
		t.Error("the secret stands in the snapshot")
	}
}
