package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/signature"
)

const signedDocument = `openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /version: {get: {responses: {"200": {description: ok, content: {application/json: {example: {v: 1}}}}}}}
webhooks:
  sold: {post: {requestBody: {content: {application/json: {example: {id: 1}}}}, responses: {"200": {description: ok}}}}
`

// TestEventsAreSignedAfterAReload: what the command line chose holds for the contract's
// next version, too.
func TestEventsAreSignedAfterAReload(t *testing.T) {
	t.Parallel()
	github, _ := signature.Preset("github")
	key, err := github.Key("swordfish")
	if err != nil {
		t.Fatal(err)
	}
	signed := make(chan bool, 2)
	partner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		want := github.Sign(signature.Delivery{Body: body}, key).Get(github.Header)
		signed <- want != "" && r.Header.Get(github.Header) == want
	}))
	defer partner.Close()
	document := filepath.Join(t.TempDir(), "shop.yaml")
	put(t, document, signedDocument)
	s := serving(t, document, "--signature", "github", "--secret", "swordfish", "--partner", "shop="+partner.URL)
	send := func() bool {
		response, err := http.Post(s.url+"/_parley/send", "application/json", strings.NewReader(`{"event":"sold"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode >= 300 {
			body, _ := io.ReadAll(response.Body)
			t.Fatalf("%s %s", response.Status, body)
		}
		return <-signed
	}
	if !send() {
		t.Error("not signed at the beginning")
	}
	put(t, document, strings.Replace(signedDocument, "{v: 1}", "{v: 2}", 1))
	s.until("a change is answered", func() bool { return strings.Contains(s.answer("GET", "/version"), `"v":2`) })
	if !send() {
		t.Error("not signed after a reload")
	}
}
