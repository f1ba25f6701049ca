package validator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/traffic"
)

// signedEvent is an event of the vendor's, signed when it came.
func signedEvent(v *Validator, age time.Duration, keys ...[]byte) *traffic.Exchange {
	e := sends("https://partner.example/hook", "application/json", `{"text":"Grüße"}`)
	e.Caller, e.Time = traffic.Vendor, time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	d := signature.Delivery{ID: "msg_1", Time: e.Time.Add(-age), Body: e.Request.Body.Kept}
	for name, values := range v.contract.Signature.Sign(d, keys...) {
		e.Request.Header[name] = values
	}
	return e
}

func signedShopOf(t *testing.T, scheme string) *Validator {
	t.Helper()
	return loaded(t, fstest.MapFS{
		"openapi.yaml": {Data: []byte(`openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop, name: Shop, signature: ` + scheme + `}
paths: {}
webhooks: {push: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/push.schema.json}}}}, responses: {"200": {description: ok}}}}}
`)},
		"schemas/push.schema.json": {Data: []byte("{" + draft7 + "}")},
	}, "shop")
}

func TestSignaturesOfEventsAreVerified(t *testing.T) {
	plain := signedShopOf(t, "{scheme: standard-webhooks, x-evidence: documented}")
	const secret, old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	v, err := plain.Verifying(secret)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := v.contract.Signature.Keys(secret, old)
	if err != nil {
		t.Fatal(err)
	}
	const at = " header:Webhook-Signature"
	for name, c := range map[string]struct {
		age    time.Duration
		keys   [][]byte
		change func(e *traffic.Exchange)
		want   string
	}{
		"right":                 {0, keys[:1], nil, ""},
		"one of two":            {0, keys, nil, ""},
		"another secret":        {0, keys[1:], nil, "request error signature.wrong" + at},
		"one byte changed":      {0, keys[:1], func(e *traffic.Exchange) { e.Request.Body = traffic.NewBody([]byte(`{"text":"Grüsse"}`), 0) }, "request error signature.wrong" + at},
		"none":                  {0, nil, nil, "request error signature.missing" + at},
		"old":                   {6 * time.Minute, keys[:1], nil, "request error signature.stale" + at},
		"of the future":         {-6 * time.Minute, keys[:1], nil, "request error signature.stale" + at},
		"old, at no known time": {6 * time.Minute, keys[:1], func(e *traffic.Exchange) { e.Time = time.Time{} }, ""},
		"no time":               {0, keys[:1], func(e *traffic.Exchange) { e.Request.Header.Del("Webhook-Timestamp") }, "request error signature.malformed" + at},
		"no ID":                 {0, keys[:1], func(e *traffic.Exchange) { e.Request.Header.Del("Webhook-Id") }, "request error signature.malformed" + at},
		"cut":                   {0, keys[:1], func(e *traffic.Exchange) { e.Request.Header.Set("Webhook-Signature", "v1,abc") }, "request error signature.malformed" + at},
		"of another version":    {0, keys[:1], func(e *traffic.Exchange) { e.Request.Header.Set("Webhook-Signature", "v2,"+strings.Repeat("a", 44)) }, "request error signature.malformed" + at},
		"recorded":              {0, keys[:1], func(e *traffic.Exchange) { e.Request.Header.Set("Webhook-Signature", "[redacted]") }, "request info signature.not-verified" + at},
		"recorded body":         {0, keys[:1], func(e *traffic.Exchange) { e.Request.Body = traffic.NewBody([]byte(`{"text":"[redacted]"}`), 0) }, "request info signature.not-verified" + at},
		"cut body":              {0, keys[:1], func(e *traffic.Exchange) { e.Request.Body = traffic.Body{Kept: []byte("{"), Size: 20} }, "request info body.cut\nrequest info signature.not-verified" + at},
		"cut body, old":         {6 * time.Minute, keys[:1], func(e *traffic.Exchange) { e.Request.Body = traffic.Body{Kept: []byte("{"), Size: 20} }, "request info body.cut\nrequest error signature.stale" + at},
		"rewritten, and right":  {0, keys[:1], func(e *traffic.Exchange) { e.Request.Body.Rewritten = "text" }, ""},
		"rewritten":             {0, keys[1:], func(e *traffic.Exchange) { e.Request.Body.Rewritten = "text" }, "request info signature.not-verified" + at},
		"decompressed":          {0, keys[1:], func(e *traffic.Exchange) { e.Request.Header.Set("Content-Encoding", "gzip") }, "request info signature.not-verified" + at},
		"rewritten, and none":   {0, nil, func(e *traffic.Exchange) { e.Request.Body.Rewritten = "text" }, "request error signature.missing" + at},
		"a call of the partner": {0, nil, func(e *traffic.Exchange) { e.Caller, e.Request.URL = traffic.Partner, "/hook" }, "request error operation.path"},
		"nothing to sign":       {0, nil, func(e *traffic.Exchange) { e.Request.Body = traffic.Body{} }, ""},
	} {
		e := signedEvent(v, c.age, c.keys...)
		if c.change != nil {
			c.change(e)
		}
		right := e.Request.Header.Get("Webhook-Signature")
		if got := judged(v, e); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		for _, f := range e.Findings {
			if text := f.Expected + f.Actual + f.Hint; strings.Contains(text, secret[6:]) || len(right) > 20 && strings.Contains(text, right[3:]) {
				t.Errorf("%s shows a secret or a signature: %+v", name, f)
			}
		}
		if e := signedEvent(v, c.age, c.keys...); judged(plain, e) != "" {
			t.Errorf("%s: without a secret it found %v", name, e.Findings)
		}
	}
	about := func(text string) bool { return strings.Contains(text, "signatures") }
	if !slices.ContainsFunc(plain.Contract().NotJudged, about) || slices.ContainsFunc(v.Contract().NotJudged, about) {
		t.Errorf("not judged without a secret is %q, with one %q", plain.Contract().NotJudged, v.Contract().NotJudged)
	}
}

// TestEvidenceOfASignature: what the contract assumes only warns.
func TestEvidenceOfASignature(t *testing.T) {
	for evidence, want := range map[string]string{"documented": "error", "observed": "error", "assumed": "warn"} {
		v, err := signedShopOf(t, "{hmac: sha256, header: x-sig, x-evidence: "+evidence+"}").Verifying("secret")
		if err != nil {
			t.Fatal(err)
		}
		e := signedEvent(v, 0)
		e.Request.Header = http.Header{"Content-Type": {"application/json"}}
		if got := judged(v, e); got != "request "+want+" signature.missing header:X-Sig" {
			t.Errorf("%s: %s", evidence, got)
		}
	}
	if _, err := signedShopOf(t, "github").Verifying("a", "b"); err == nil {
		t.Error("two secrets are taken where there is one signature")
	}
	if _, err := elma(t).Verifying("a"); err == nil {
		t.Error("a secret is taken where no event is signed")
	}
}
