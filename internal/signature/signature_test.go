package signature_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/signature"
)

// slackBody is the body of the example in Slack's document.
const slackBody = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
	"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
	"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
	"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"

// vectors are what the vendors publish; Stripe and Shopify publish none, so that their
// values were made with OpenSSL: openssl dgst -sha256 -hmac KEY.
var vectors = []struct {
	preset, secret, id, body string
	at                       int64
	signed                   string
}{
	{"standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`, 1614265330, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	{"github", "It's a Secret to Everybody", "", "Hello, World!", 0, "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
	{"slack", "8f742231b10e8888abcd99yyyzzz85a5", "", slackBody, 1531420618, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"},
	{"stripe", "whsec_test", "", `{"id":"evt_1"}`, 1614265330, "t=1614265330,v1=347e9afe3d74ec4c5cbefd270edc9246513ae3da7b375223e302560fbd4146eb"},
	{"shopify", "shop-secret", "", `{"id":1}`, 0, "plW8VGqq0nDMIEhDqaNNW99asdUCy7EIqLZVcQwtAZ0="},
}

func preset(t *testing.T, name string) signature.Scheme {
	t.Helper()
	s, ok := signature.Preset(name)
	if !ok {
		t.Fatalf("no preset %s", name)
	}
	return s
}

func TestPublishedVectors(t *testing.T) {
	var tried []string
	for _, v := range vectors {
		s := preset(t, v.preset)
		tried = append(tried, v.preset)
		keys, err := s.Keys(v.secret)
		if err != nil {
			t.Fatal(err)
		}
		header := s.Sign(signature.Delivery{ID: v.id, Time: time.Unix(v.at, 0), Body: []byte(v.body)}, keys...)
		if got := header.Get(s.Header); got != v.signed {
			t.Errorf("%s: %s, want %s", v.preset, got, v.signed)
		}
		if err := s.Verify(header, []byte(v.body), time.Unix(v.at+60, 0), keys...); err != nil {
			t.Errorf("%s: %v", v.preset, err)
		}
	}
	for _, name := range signature.Names() {
		if s := preset(t, name); s.Check() != nil || s.Document == "" || !slices.Contains(tried, name) {
			t.Errorf("%s: %v, document %q, tried %v", name, s.Check(), s.Document, tried)
		}
	}
}

// TestWhatIsWrongIsFound: of each scheme what a careful receiver must not take.
func TestWhatIsWrongIsFound(t *testing.T) {
	written := signature.Scheme{Header: "X-Sig", Hash: "sha512", Encoding: "base64", Payload: "{body}|{id}@{timestamp}", Before: "id={id};at={timestamp};", Between: ";", Tolerance: time.Minute}
	now := time.Unix(1700000000, 0)
	body := []byte(`{"text": "{id}.{timestamp}"}`) // marks in a body stay what they are
	for _, s := range append(presets(t), written) {
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		key, other := []byte("a key of thirty-two bytes, or so"), []byte("another")
		sign := func(at time.Time, keys ...[]byte) http.Header {
			return s.Sign(signature.Delivery{ID: "msg_1", Time: at, Body: body}, keys...)
		}
		cut := sign(now, key)
		cut.Set(s.Header, cut.Get(s.Header)[:len(cut.Get(s.Header))-10])
		for name, test := range map[string]struct {
			header http.Header
			body   []byte
			says   string
		}{
			"right":         {sign(now, key), body, ""},
			"wrong":         {sign(now, other), body, "is not that of this body"},
			"missing":       {http.Header{}, body, "is missing"},
			"cut":           {cut, body, "has no signature of"},
			"another body":  {sign(now, key), append(slices.Clone(body), ' '), "is not that of this body"},
			"without a key": {sign(now), body, "is missing"},
		} {
			if err := s.Verify(test.header, test.body, now, key); (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s, %s: %v", s.Header, name, err)
			}
		}
		if err := s.Verify(sign(now.Add(-s.Tolerance-time.Second), key), body, now, key); (err != nil) != s.Timed() {
			t.Errorf("%s, stale: %v", s.Header, err)
		}
		if err := s.Verify(sign(now.Add(-2*s.Tolerance), key), body, time.Time{}, key); err != nil {
			t.Errorf("%s, of a time that nobody knows: %v", s.Header, err)
		}
		if s.Several() {
			for _, both := range []http.Header{sign(now, key, other), sign(now, other, key)} {
				if err := s.Verify(both, body, now, key); err != nil {
					t.Errorf("%s, several: %v", s.Header, err)
				}
			}
		}
	}
}

func presets(t *testing.T) []signature.Scheme {
	var all []signature.Scheme
	for _, name := range signature.Names() {
		all = append(all, preset(t, name))
	}
	return all
}

func TestSchemesThatCannotBe(t *testing.T) {
	for says, s := range map[string]signature.Scheme{
		"`hmac` is \"md5\"":          {Header: "X", Hash: "md5"},
		"`encoding` is \"base32\"":   {Header: "X", Encoding: "base32"},
		"`header` is missing":        {},
		"no name of a header":        {Header: "X Sig"},
		"nothing of the body":        {Header: "X", Payload: "{id}", IDHeader: "Y"},
		"can't carry a body":         {Header: "X", Before: "{body}"},
		"\"{url}\", which is not":    {Header: "X", Payload: "{url}{body}"},
		"the time is signed and not": {Header: "X", Payload: "{timestamp}{body}"},
		"the ID is signed and not":   {Header: "X", Payload: "{id}{body}"},
		"no time is signed":          {Header: "X", Tolerance: time.Minute},
		"write a duration":           {Header: "X", Tolerance: -time.Minute},
	} {
		if err := s.WithDefaults().Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %s", s, err, says)
		}
	}
}

func TestSecretsThatCannotBe(t *testing.T) {
	standard, github := preset(t, "standard-webhooks"), preset(t, "github")
	for _, test := range []struct {
		scheme  signature.Scheme
		secrets []string
		says    string
	}{
		{standard, []string{"whsec_not base64"}, "is not base64"},
		{standard, []string{"whsec_"}, "is not base64"},
		{standard, []string{""}, "is empty"},
		{github, []string{"new", "old"}, "carries one signature"},
		{standard, []string{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, ""},
	} {
		keys, err := test.scheme.Keys(test.secrets...)
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %v", test.secrets, err)
		}
		for _, key := range keys {
			if len(key) != 24 {
				t.Errorf("a key of %d bytes", len(key))
			}
		}
	}
}
