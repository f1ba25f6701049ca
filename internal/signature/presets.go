package signature

import (
	"slices"
	"strings"
	"time"
)

// presets are the schemes that have a name. Each stands as its document describes it.
var presets = []Scheme{
	// "The content to be signed is therefore: {msg_id}.{timestamp}.{payload}"; the header
	// is "a space delimited list of signatures", so that a secret can be replaced while
	// both are in force; the secret is "base64 encoded, prefixed with whsec_". The
	// document wants "some allowable tolerance"; its libraries have five minutes.
	{
		Name: "standard-webhooks", Hash: "sha256", Header: "webhook-signature", Encoding: "base64", Prefix: "v1,", Between: " ",
		Payload: "{id}.{timestamp}.{body}", IDHeader: "webhook-id", TimestampHeader: "webhook-timestamp",
		SecretPrefix: "whsec_", Tolerance: 5 * time.Minute,
		Document: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
	},
	// The hex digest of the body, behind "sha256=".
	{
		Name: "github", Hash: "sha256", Header: "X-Hub-Signature-256", Encoding: "hex", Prefix: "sha256=", Payload: "{body}",
		Document: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
	},
	// t=…,v1=…: what is signed is the timestamp, a dot and the body; while a secret is
	// rolled there is one v1 for each; its libraries have a tolerance of five minutes. The
	// whsec_ of a secret belongs to the key here.
	{
		Name: "stripe", Hash: "sha256", Header: "Stripe-Signature", Encoding: "hex", Prefix: "v1=", Before: "t={timestamp},", Between: ",",
		Payload: "{timestamp}.{body}", Tolerance: 5 * time.Minute,
		Document: "https://docs.stripe.com/webhooks#verify-manually",
	},
	// The version, the timestamp and the body, with colons between; a timestamp of more
	// than five minutes ago could be a replay.
	{
		Name: "slack", Hash: "sha256", Header: "X-Slack-Signature", Encoding: "hex", Prefix: "v0=", Payload: "v0:{timestamp}:{body}",
		TimestampHeader: "X-Slack-Request-Timestamp", Tolerance: 5 * time.Minute,
		Document: "https://api.slack.com/authentication/verifying-requests-from-slack",
	},
	// The digest of the body in base64, keyed with the app's client secret.
	{
		Name: "shopify", Hash: "sha256", Header: "X-Shopify-Hmac-SHA256", Encoding: "base64", Payload: "{body}",
		Document: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
	},
}

// Preset returns the scheme of that name.
func Preset(name string) (Scheme, bool) {
	i := slices.IndexFunc(presets, func(s Scheme) bool { return s.Name == name })
	if i < 0 {
		return Scheme{}, false
	}
	return presets[i], true
}

// Names are those of the presets.
func Names() []string {
	names := make([]string, len(presets))
	for i, s := range presets {
		names[i] = s.Name
	}
	return names
}

// IsSignature reports whether a header carries the signature of a scheme that has a
// name: no example can be its value.
func IsSignature(header string) bool {
	return slices.ContainsFunc(presets, func(s Scheme) bool { return strings.EqualFold(s.Header, header) })
}
