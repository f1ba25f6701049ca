package independent

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

// delivered is a request as a partner got it, for signatures.mjs.
type delivered struct {
	Scheme string            `json:"scheme"`
	Secret string            `json:"secret"`
	Header map[string]string `json:"header"` // by name in small letters
	Body   []byte            `json:"body"`
}

// signedShop is a vendor whose event is signed by a scheme.
func signedShop(t *testing.T, scheme string) *specs.Contract {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	c, err := specs.Load(fstest.MapFS{
		"openapi.yaml": file(`openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop, signature: ` + scheme + `}
paths: {}
webhooks:
  push:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/push.schema.json}}}}
      responses: {"200": {description: taken}}
`),
		"schemas/push.schema.json": file(`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`),
		"samples/push/one.json":    file(`{"id": "evt_1", "object": "event", "text": "Grüße, {timestamp} & <b>"}`),
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sendSigned has a mock send an event, signed with these secrets, and returns what came.
func sendSigned(t *testing.T, scheme string, secrets ...string) delivered {
	t.Helper()
	var mu sync.Mutex
	got := delivered{Scheme: scheme, Secret: secrets[0], Header: map[string]string{}}
	p := mocktest.NewPartner(t, nil)
	p.Answers(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		for name := range r.Header {
			got.Header[strings.ToLower(name)] = r.Header.Get(name)
		}
		_, _ = io.Copy(io.Discard, r.Body)
	})
	m := mocktest.NewWith(t, mockserver.Options{Secrets: map[string][]string{"shop": secrets}}, mockserver.Vendor{Contract: signedShop(t, scheme)})
	m.Connect(mockserver.Channel{URL: p.URL})
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "push", Wait: true}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	got.Body = []byte(p.Received()[0])
	return got
}

// TestReceiversTakeWhatTheMockSigns: the libraries that receivers use verify what the
// mock sends, also while a secret is replaced, and refuse it with another byte or secret.
func TestReceiversTakeWhatTheMockSigns(t *testing.T) {
	const newer, older = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	var sent []delivered
	var right []bool
	add := func(d delivered, taken bool) { sent, right = append(sent, d), append(right, taken) }
	for scheme, judge := range map[string]string{"standard-webhooks": "standardwebhooks", "github": "@octokit/webhooks-methods", "stripe": "stripe"} {
		nodetest.Installed(t, ".", judge)
		d := sendSigned(t, scheme, newer)
		add(d, true)
		other, changed := d, d
		other.Secret, changed.Body = older, append(slices.Clone(d.Body), ' ')
		add(other, false)
		add(changed, false)
		if scheme == "github" {
			continue // it has one signature
		}
		both := sendSigned(t, scheme, newer, older)
		add(both, true)
		both.Secret = older
		add(both, true)
		swapped := sendSigned(t, scheme, older, newer)
		swapped.Secret = newer
		add(swapped, true)
	}
	for i, said := range nodetest.Through[string](t, sent, "signatures.mjs") {
		if (said == "") != right[i] {
			t.Errorf("%s, secret %s, %v: %q", sent[i].Scheme, sent[i].Secret, sent[i].Header, said)
		}
	}
}
