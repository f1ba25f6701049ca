package independent

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// TestWhatSendersSignIsVerified: what the libraries of senders sign is right, and with
// another secret, another byte or later it is not.
func TestWhatSendersSignIsVerified(t *testing.T) {
	const secret, other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	sent, body := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), []byte(`{"text": "Grüße, <b> & \u20ac"}`)
	schemes, libraries := []string{"standard-webhooks", "github", "stripe"}, []string{"standardwebhooks", "@octokit/webhooks-methods", "stripe"}
	var asked []map[string]any
	for i, scheme := range schemes {
		nodetest.Installed(t, ".", libraries[i])
		asked = append(asked, map[string]any{"scheme": scheme, "secret": secret, "body": body, "time": sent.Unix()})
	}
	signed := nodetest.Through[map[string]string](t, asked, "sign.mjs")
	for i, scheme := range schemes {
		header := http.Header{"Content-Type": {"application/json"}}
		for name, value := range signed[i] {
			header.Set(name, value)
		}
		plain, err := validator.New(signedShop(t, scheme))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			secret string
			body   []byte
			at     time.Time
			want   string
		}{
			{secret, body, sent.Add(time.Minute), ""},
			{other, body, sent, "signature.wrong"},
			{secret, append(slices.Clone(body), ' '), sent, "signature.wrong"},
			{secret, body, sent.Add(10 * time.Minute), map[bool]string{true: "signature.stale"}[scheme != "github"]},
		} {
			judge, err := plain.Verifying(c.secret)
			if err != nil {
				t.Fatal(err)
			}
			e := &traffic.Exchange{
				Caller: traffic.Vendor, Time: c.at,
				Request:  traffic.Request{Method: "POST", URL: "https://partner.example/hook", Header: header, Body: traffic.NewBody(c.body, 0)},
				Response: &traffic.Response{Status: 200},
			}
			judge.Exchange(e)
			var codes []string
			for _, f := range e.Findings {
				codes = append(codes, f.Code)
			}
			if got := strings.Join(codes, " "); got != c.want {
				t.Errorf("%s with %s at %s, %s: %s, want %q", scheme, c.secret, c.at, c.body, got, c.want)
			}
		}
	}
}
