package openapi_test

import (
	"slices"
	"testing"
)

// TestWebhooksNamedLikePaths, as Adyen's are, have IDs without the slash.
func TestWebhooksNamedLikePaths(t *testing.T) {
	c := loaded(t, `openapi: 3.1.0
info: {title: Pay, version: "1"}
webhooks:
  /AUTHORISATION:
    post: {responses: {200: {description: Taken.}}}
  /CAPTURE/FAILED:
    post: {responses: {200: {description: Taken.}}}
`, nil)
	var names []string
	for _, o := range c.Events {
		names = append(names, o.Name())
	}
	if want := []string{"events/AUTHORISATION", "events/CAPTURE/FAILED"}; !slices.Equal(names, want) {
		t.Errorf("its events are %q, want %q", names, want)
	}
}
