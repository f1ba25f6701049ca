package specs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/specs"
)

// signed is a contract whose x-parley has a signature.
func signed(text string) map[string]string {
	return map[string]string{"openapi.yaml": strings.Replace(document, "  id: tiny\n", "  id: tiny\n  signature: "+text+"\n", 1)}
}

func TestASignatureIsANameOrWrittenOut(t *testing.T) {
	for text, want := range map[string]string{
		"github": "X-Hub-Signature-256: HMAC-SHA256 of {body}, in hex (github)",
		"{scheme: stripe, tolerance: 10m, x-evidence: {class: documented, source: \"page#signing\"}}":                                            "Stripe-Signature: HMAC-SHA256 of {timestamp}.{body}, in hex (stripe)",
		`{hmac: sha1, header: X-Sig, encoding: base64, prefix: "sha1=", payload: "{timestamp}.{body}", timestampHeader: X-Time, idHeader: X-Id}`: "X-Sig: HMAC-SHA1 of {timestamp}.{body}, in base64",
		"{header: X-Sig}": "X-Sig: HMAC-SHA256 of {body}, in hex",
	} {
		c, err := specs.Load(tiny(signed(text)), "tiny")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := c.Signature.String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if !slices.ContainsFunc(c.NotJudged, func(s string) bool { return strings.Contains(s, c.Signature.Header) }) {
			t.Errorf("%s: not judged are %q", text, c.NotJudged)
		}
		if c.Signature.Name == "stripe" && (c.Signature.Tolerance != 10*time.Minute || c.Signature.Evidence.Source != "page#signing") {
			t.Errorf("%+v", c.Signature)
		}
	}
}

func TestSignaturesThatAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		"gitlab":                             `tiny/openapi.yaml:5: x-parley.signature: signature scheme "gitlab" is not known; there are standard-webhooks, github, stripe, slack and shopify`,
		"[github]":                           "write the name of a scheme",
		"{scheme: none, header: X}":          `signature scheme "none" is not known`,
		"{header: X-Sig, algorithm: sha256}": "`algorithm` is not known; there are before, between,",
		"{header: X-Sig, hmac: md5}":         "`hmac` is \"md5\"",
		"{header: X-Sig, tolerance: long}":   "write a duration such as 5m",
		"{header: [X-Sig]}":                  "cannot unmarshal",
		"{scheme: github, x-evidence: sure}": "write documented, observed or assumed",
		"{scheme: github, x-evidence: {class: documented, source: elsewhere}}": `source "elsewhere" is not listed`,
	} {
		if _, err := specs.Load(tiny(signed(text)), "tiny"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %s", text, err, says)
		}
	}
}

func TestWithSignature(t *testing.T) {
	c, err := specs.Load(tiny(signed("github")), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.WithSignature("slack")
	if err != nil {
		t.Fatal(err)
	}
	if next.Signature.Header != "X-Slack-Signature" || next.Signature.Evidence.Class != specs.Agreed || c.Signature.Name != "github" {
		t.Errorf("%+v, before %+v", next.Signature, c.Signature)
	}
	if len(next.NotJudged) != 1 || len(c.NotJudged) != 1 || !strings.Contains(next.NotJudged[0], "X-Slack-Signature") {
		t.Errorf("%q, before %q", next.NotJudged, c.NotJudged)
	}
	if _, err := c.WithSignature("none"); err == nil {
		t.Error("a scheme that there is not")
	}
}
