package redaction

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

const secret = "Hx7kQ9wz2M"

// hiding are texts with a secret in them, as they should be shown.
var hiding = map[string]struct{ text, shown string }{
	"json":                {`{"type":"message","token":"Hx7kQ9wz2M","n":1}`, `{"type":"message","token":"[redacted]","n":1}`},
	"spaced":              {"{\n  \"token\" :\n\t\"Hx7kQ9wz2M\"\n}", "{\n  \"token\" :\n\t\"[redacted]\"\n}"},
	"no-break space":      {"{\"token\":\u00a0\"Hx7kQ9wz2M\"}", "{\"token\":\u00a0\"••••••••••\"}"},
	"other case":          {`{"TOKEN":"Hx7kQ9wz2M"}`, `{"TOKEN":"[redacted]"}`},
	"nested":              {`{"data":{"a":[{"token":"Hx7kQ9wz2M"}]}}`, `{"data":{"a":[{"token":"[redacted]"}]}}`},
	"escaped value":       {`{"token":"a\"Hx7kQ9wz2M\\","b":"c"}`, `{"token":"[redacted]","b":"c"}`},
	"escaped key":         {`{"\u0074oken":"Hx7kQ9wz2M"}`, `{"\u0074oken":"[redacted]"}`},
	"typographic":         {`{“token”: “Hx7kQ9wz2M”, “a”: 1}`, `{“token”: “••••••••••”, “a”: 0}`},
	"half typographic":    {`{"token”: "a”Hx7kQ9wz2M“}`, `{"token”: "a”••••••••••“}`},
	"low quotes":          {`{„token“: „Hx7kQ9wz2M“}`, `{„token“: „••••••••••“}`},
	"single quotes":       {`{'token': 'Hx7kQ9wz2M'}`, `{'token': '••••••••••'}`},
	"bare key":            {`{token: "Hx7kQ9wz2M"}`, `{token: "••••••••••"}`},
	"bare value":          {`{"token": Hx7kQ9wz2M, "a": 1}`, `{"token": ••••••••••, "a": 0}`},
	"number":              {`{"token":123456,"a":1}`, `{"token":"[redacted]","a":1}`},
	"object":              {`{"token":{"a":"Hx7kQ9wz2M}","b":[1]},"c":2}`, `{"token":"[redacted]","c":2}`},
	"array":               {`{"token":["Hx7kQ9wz2M","]"],"c":2}`, `{"token":"[redacted]","c":2}`},
	"inner quote":         {`{"token":"ab"Hx7kQ9wz2M","c":2}`, `{"token":"••"••••••••••","•":0}`},
	"missing colon":       {`{"token" "Hx7kQ9wz2M","c":2}`, `{"token" "••••••••••","•":0}`},
	"lost quote":          {`{token": "Hx7kQ9wz2M"}`, `{token": "••••••••••"}`},
	"JSON inside JSON":    {`{"body":"{\"token\":\"Hx7kQ9wz2M\",\"a\":1}"}`, `{"body":"{\"token\":\"[redacted]\",\"a\":1}"}`},
	"JSON twice inside":   {`"{\"b\":\"{\\\"token\\\":\\\"Hx7kQ9wz2M\\\"}\"}"`, `"{\"b\":\"{\\\"token\\\":\\\"[redacted]\\\"}\"}"`},
	"twice":               {`{"token":"Hx7kQ9wz2M","token":"Hx7kQ9wz2M"}`, `{"token":"[redacted]","token":"[redacted]"}`},
	"form":                {`a=1&token=Hx7kQ9wz2M&b=2`, `a=1&token=[redacted]&b=2`},
	"form, escaped":       {`tok%65n=Hx7kQ9wz2M&user%5Btoken%5D=Hx7kQ9wz2M`, `tok%65n=[redacted]&user%5Btoken%5D=[redacted]`},
	"form, nested":        {`user[token]=Hx7kQ9wz2M&x.token=Hx7kQ9wz2M`, `user[token]=[redacted]&x.token=[redacted]`},
	"URL":                 {`https://h/p?a=1&token=Hx7kQ9wz2M#top`, `https://•/p?a=0&token=••••••••••#•••`},
	"header line":         {"X-API-Key: Hx7kQ9wz2M\r\nA: b", "•-API-Key: ••••••••••\r\nA: •"},
	"credentials":         {"curl -H 'Authorization: Bearer Hx7kQ9wz2M' http://h", `•••• -• 'Authorization: Bearer ••••••••••' http://•`},
	"multipart":           {"--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nHx7kQ9wz2M\r\n--b--", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n[redacted]\r\n--b--"},
	"pretty JSON inside":  {`{"b":"{\n \"token\" :\n\t\"Hx7kQ9wz2M\"\n}"}`, `{"b":"{\n \"token\" :\n\t\"[redacted]\"\n}"}`},
	"form inside JSON":    {`{"b":"\ntoken=Hx7kQ9wz2M","c":"a=1\u0026token=Hx7kQ9wz2M\""}`, `{"b":"\ntoken=[redacted]","c":"a=1&token=[redacted]\""}`},
	"unlike separators":   {`{"token" => "Hx7kQ9wz2M"}`, `{"token" => "••••••••••"}`},
	"URL inside JSON":     {`{"url":"https://h/f?access_token=Bearer%20Hx7kQ9wz2M","a":1}`, `{"url":"https://h/f?access_token=[redacted]","a":1}`},
	"URL, cut JSON":       {`{"data":"null?access_token=Bearer Hx7kQ9wz2M`, `{"data":"null?••••••••••••=Bearer ••••••••••`},
	"URL, broken JSON":    {`{“url”: “https://h/?n=1&accessToken=Hx7kQ9wz2M”, "a": 1,}`, `{“url”: “https://•/?•=0&•••••••••••=••••••••••”, "a": 0,}`},
	"URL, JSON inside":    {`{"b":"{\"u\":\"https://h/?access-token=Hx7kQ9wz2M\",\"a\":1}"}`, `{"b":"{\"u\":\"https://h/?access-token=[redacted]\",\"a\":1}"}`},
	"URL inside a URL":    {`{"next":"https://h/?to=https%3A%2F%2Fi%2F%3Faccess_token%3DHx7kQ9wz2M%26a%3D1"}`, `{"next":"https://h/?to=https%3A%2F%2Fi%2F%3Faccess_token%3D[redacted]%26a%3D1"}`},
	"URL twice inside":    {`to=x%253Faccess_token%253DHx7kQ9wz2M%2526a`, `to=x%253Faccess_token%253D[redacted]%2526a`},
	"URL as a key":        {`{"https://h/?access_token=Hx7kQ9wz2M":{"a":1}}`, `{"https://h/?access_token=[redacted]":{"a":1}}`},
	"escaped ampersand":   {`{"u":"https://h/?a=1\u0026access_token=Hx7kQ9wz2M",}`, `{"•":"https://•/?a=0\•••••••••••••••••=••••••••••",}`},
	"bearer inside JSON":  {`{"text":"send Authorization with bearer Hx7kQ9wz2M please"}`, `{"text":"send Authorization with bearer [redacted] please"}`},
	"bearer, broken JSON": {`{'jwt': 'Bearer Hx7kQ9wz2M.e\/30=', a: 1`, `{'•••': 'Bearer ••••••••••.•\/00=', a: 0`},
	"bearer twice":        {`{"text":"Bearer Bearer Hx7kQ9wz2M"}`, `{"text":"Bearer Bearer [redacted]"}`},
	"URL in no URL":       {`state%3Daccess_token%3DHx7kQ9wz2M`, `•••••%••••••••••••••%••••••••••••`},
	"bearer, parameter":   {`?jwt=Bearer%20Hx7kQ9wz2M%3D%3D&a=1`, `?•••=Bearer%••••••••••••%••%••&a=0`},
	"brackets in oddness": {`{"token":[“a]Hx7kQ9wz2M”],"b":1}`, `{"token":[“a]••••••••••”],"•":0}`},
}

// bodyOf is what is kept of a body without a content type.
func bodyOf(r *Redactor, text string, cut bool) string {
	b := traffic.NewBody([]byte(text), 0)
	if cut {
		b.Size++
	}
	return (&pass{Redactor: r, known: r.known}).body(b, nil).String()
}

func TestBodiesAreRedacted(t *testing.T) {
	r := New(Options{Names: []string{"token"}})
	for name, c := range hiding {
		if got := bodyOf(r, c.text, false); got != c.shown {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.shown)
		}
	}
}

// A body may be cut anywhere, also inside the secret.
func TestCutBodiesAreRedacted(t *testing.T) {
	r := New(Options{Names: []string{"token"}})
	for name, c := range hiding {
		for end := range len(c.text) {
			if got := bodyOf(r, c.text[:end], true); strings.Contains(got, secret[:3]) {
				t.Fatalf("%s, cut after %d bytes, shows the secret:\n%s", name, end, got)
			}
		}
	}
}

func TestRedactedJSONStaysJSON(t *testing.T) {
	r := New(Options{Names: []string{"token"}})
	for _, name := range []string{"json", "spaced", "nested", "escaped value", "escaped key", "number", "object", "array", "JSON inside JSON"} {
		if got := bodyOf(r, hiding[name].text, false); !json.Valid([]byte(got)) {
			t.Errorf("%s: %s is no JSON any more", name, got)
		}
	}
}

func TestOtherTextIsLeft(t *testing.T) {
	r := New(Options{Names: []string{"token"}})
	for _, text := range []string{
		"",
		`{"type":"message","text":"the token is wrong","tokens":3,"mytokens":"a"}`,
		`{"token":"","a":1}`, `{"token":null}`, `["token","a"]`, `{"a":"token","b":"c"}`, `{"token"`, `{"token":`,
		`the key is written "Token" here; keys are case-sensitive: write "token"`,
		`expected the key token, got nothing`, `token: this key is missing`,
		"12:03:41 → 200 POST http://localhost:3000/webhook elma365 events/message 23ms ex-0041",
		"\xff\xfe\"", `\"`, `"`, "tokens=3",
		`{"token_type":"Bearer","expires_in":3600}`, "{token_type: Bearer\n expires_in: 3600", "token_type=Bearer&expires_in=3600",
		"a Bearer token is missing", "Bearer tokens are documented, bearer authentication is not", `the scheme is "Bearer token"`,
		"the bearer of this letter, and a bearer token-based scheme", "without Bearer 401 is answered", "Bearer RFC6750", "Bearer OAuth2.0",
		`WWW-Authenticate: Bearer realm="tickets", error="invalid_token"`, `Bearer error_description="the token expired"`, "Bearer, or Basic",
		"Authorization : Bearer <token>", "the query parameter access_token= is empty", "if token == nil", "if password==x", "nextPageToken=abc&max_tokens=5",
		"100%3Dtoken", "the tokens%3D5", "a token%20of thanks", "Bearer is missing", "torchbearer Hx7kQ9wz2M",
	} {
		if got := r.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestTextIsRedacted(t *testing.T) {
	r := New(Options{Names: []string{"token"}})
	for text, want := range map[string]string{
		`POST http://h/hook?token=Hx7kQ9wz2M 200`:            `POST http://h/hook?token=[redacted] 200`,
		`dial http://bot:Hx7kQ9wz2M@h/hook: refused`:         `dial http://bot:[redacted]@h/hook: refused`,
		`parley conform --token Hx7kQ9wz2M --run x`:          `parley conform --token [redacted] --run x`,
		`parley conform --token=Hx7kQ9wz2M`:                  `parley conform --token=[redacted]`,
		`curl -d '{"token":"Hx7kQ9wz2M"}' http://h`:          `curl -d '{"token":"[redacted]"}' http://h`,
		`sent "token": "Hx7kQ9wz2M" and more`:                `sent "token": "[redacted]" and more`,
		`Bearer abc`:                                         `Bearer [redacted]`,
		`expected "Bearer abc", got "Bearer"`:                `expected "Bearer [redacted]", got "Bearer"`,
		`GET /f?access_token=Bearer%20abc&n=1 HTTP/1.1`:      `GET /f?access_token=[redacted]&n=1 HTTP/1.1`,
		`Cookie: a=Hx7kQ9wz2M; b=Hx7kQ9wz2M`:                 `Cookie: [redacted]`,
		`Get "http://h/?x-api-key=Hx7kQ9wz2M": EOF`:          `Get "http://h/?x-api-key=[redacted]": EOF`,
		"{\n  \"token\": \"Hx7kQ9wz2M\",\n  \"a\": \"b\"\n}": "{\n  \"token\": \"[redacted]\",\n  \"a\": \"b\"\n}",
	} {
		if got := r.Text(text); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestExchangeIsRedactedInACopy(t *testing.T) {
	body := []byte(`{"token":"Hx7kQ9wz2M","a":1}`)
	e := &traffic.Exchange{
		ID: "ex-1", Caller: traffic.Vendor,
		Request: traffic.Request{
			Method: "POST", URL: "http://h/p?token=Hx7kQ9wz2M",
			Header: http.Header{
				"Authorization": {"Bearer Hx7kQ9wz2M"}, "Cookie": {"a=Hx7kQ9wz2M"}, "Token": {"Hx7kQ9wz2M"},
				"Accept": {"*/*"}, "Proxy-Authorization": {"Hx7kQ9wz2M"}, "X-Api-Key": {"Hx7kQ9wz2M"}, "Referer": {"http://h/?token=Hx7kQ9wz2M"},
			},
			Body: traffic.NewBody(body, len(body)-6),
		},
		Response: &traffic.Response{Status: 200, Header: http.Header{"Set-Cookie": {"s=Hx7kQ9wz2M; Path=/", "t=Hx7kQ9wz2M"}},
			Body: traffic.NewBody([]byte(`token=a;b+Hx7kQ9wz2M "x&c=1`), 0)},
		Error:    `Post "http://h/p?token=Hx7kQ9wz2M": EOF`,
		Findings: []traffic.Finding{{Code: "x", Actual: `"token":"Hx7kQ9wz2M"`}},
	}
	e.Response.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	before, _ := json.Marshal(e)
	got := New(Options{Names: []string{"token"}}).Exchange(e)
	after, _ := json.Marshal(got)
	if strings.Contains(string(after), secret) {
		t.Errorf("shows the secret: %s", after)
	}
	if now, _ := json.Marshal(e); string(now) != string(before) {
		t.Errorf("the original was changed: %s", now)
	}
	if accept := got.Request.Header.Get("Accept"); accept != "*/*" {
		t.Errorf("Accept became %q", accept)
	}
	if bearer := got.Request.Header.Get("Authorization"); bearer != "Bearer [redacted]" {
		t.Errorf("Authorization became %q", bearer)
	}
	if !got.Request.Body.Cut() || got.Request.Body.SHA256 != "" {
		t.Errorf("the cut body became %+v", got.Request.Body)
	}
	if text := got.Response.Body.String(); text != "token=[redacted]&c=1" || got.Response.Body.Cut() {
		t.Errorf("the form became %q", text)
	}
}

func TestExchangeWithoutResponse(t *testing.T) {
	if got := New(Options{}).Exchange(&traffic.Exchange{ID: "ex-1"}); got.Response != nil || got.Findings != nil || got.Request.Header != nil {
		t.Errorf("got %+v", got)
	}
}

// A redactor without names knows what is secret by common use.
func TestParametersAndBearerTokensNeedNoName(t *testing.T) {
	r := New(Options{})
	for text, want := range map[string]string{
		`{"data":"https://h/x?access_token=Bearer%20Hx7kQ9wz2M"}`: `{"data":"https://h/x?access_token=[redacted]"}`,
		`{"data":"https://h/x?token=Hx7kQ9wz2M#a"`:                `{"data":"https://h/x?token=[redacted]#a"`,
		`https://h/x?API-Key=Hx7kQ9wz2M&refresh_token=abc`:        `https://h/x?API-Key=[redacted]&refresh_token=[redacted]`,
		`{"note":"Bearer Hx7kQ9wz2M"}`:                            `{"note":"Bearer [redacted]"}`,
		`{"token":"a word"}`:                                      `{"token":"[redacted]"}`,
		`{"u":"https://h/x?a=1\u0026token=Hx7kQ9wz2M",}`:          `{"u":"https://h/x?a=1\u0026token=[redacted]",}`,
		`<a href="x?a=1&amp;token=Hx7kQ9wz2M">`:                   `<a href="x?a=1&amp;token=[redacted]">`,
		`sent access_token=Hx7kQ9wz2M with it`:                    `sent access_token=[redacted] with it`,
		`token=yes is none; token=show shows tokens`:              `token=yes is none; token=show shows tokens`,
		`{"say":"if access_token==x, or password=y"}`:             `{"say":"if access_token==x, or password=y"}`,
	} {
		if got := r.Text(text); got != want {
			t.Errorf("as a text, got %s\nwant %s", got, want)
		}
	}
}

// Whatever else stands in a JSON body, its secret is not shown.
func FuzzRedactor(f *testing.F) {
	for _, c := range hiding {
		f.Add(c.text)
	}
	f.Add("https://h/?access_token=Bearer%20abc")
	f.Add(`{"a":"Bearer `)
	f.Add(`%3Faccess_token%3D%2526`)
	f.Add(`{"type":"connect","token":"confirm","data":{"webhook":"https://my-domain.example/x"}}`)
	r := New(Options{Names: []string{"token"}})
	f.Fuzz(func(t *testing.T, text string) {
		bodyOf(r, text, false) // no text may make it panic
		r.Text(text)
		text = strings.ReplaceAll(text, secret, "x")
		quoted, err := json.Marshal(map[string]string{
			"a": text, "token": secret, "url": "https://h/?a=1&access_token=Bearer%20" + secret, "said": "a bearer " + secret, text: "x",
		})
		if err != nil {
			t.Skip()
		}
		if shown := bodyOf(r, string(quoted), false); strings.Contains(shown, secret) {
			t.Errorf("%s shows the secret: %s", quoted, shown)
		}
	})
}
