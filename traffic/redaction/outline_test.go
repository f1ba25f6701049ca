package redaction_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// bare is an exchange without its headers and bodies.
func bare(e *traffic.Exchange) *traffic.Exchange {
	next := *e
	next.Request.Header, next.Request.Body = nil, traffic.Body{}
	if e.Response != nil {
		next.Response = &traffic.Response{Status: e.Response.Status}
	}
	return &next
}

// same compares Outline with Exchange, before and after the headers are known.
func same(t *testing.T, r *redaction.Redactor, e *traffic.Exchange) {
	t.Helper()
	want := bare(r.Exchange(e))
	for range 2 {
		if got := r.Outline(e); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwith %v %q\nand %+v\nis %+v\nwant %+v", e.Request.URL, e.Request.Header, e.Request.Body.Kept, e.Response, got, want)
		}
	}
}

// taughtBy each teach what the URL of an exchange has too, or do not.
var taughtBy = []struct{ header, value, contentType, body, answer string }{
	{"Authorization", "Bearer Hx7kQ9wz2M", "application/json", `{}`, ""},
	{"X-Api-Key", "Hx7kQ9wz2M", "", "", ""},
	{"X-Code", "Hx7kQ9wz2M", "", "", ""},
	{"Cookie", "session=Hx7kQ9wz2M; b=1", "", "", ""},
	{"X-Link", "https://example.com/?token=Hx7kQ9wz2M", "", "", ""},
	{"X-Note", "the token is Hx7kQ9wz2M", "", "", ""},
	{"Accept", "token=Hx7kQ9wz2M", "", "", ""},
	{"", "", "application/json", `{"token":"Hx7kQ9wz2M"}`, ""},
	{"", "", "application/json", `{"t\u006fken":"Hx7kQ9\u0077z2M"}`, ""},
	{"", "", "application/json", `{"auth":{"x":"Hx7kQ9wz2M"}}`, ""},
	{"", "", "application/json", `{"name":"password","value":"Hx7kQ9wz2M"}`, ""},
	{"", "", "application/json", `{"value":"Hx7kQ9wz2M","name":"password"}`, ""},
	{"", "", "application/json", `["--token","Hx7kQ9wz2M"]`, ""},
	{"", "", "application/json", `{"pin":1234567890,"n":1234567890}`, ""},
	{"", "", "application/json", `{"n":9912345678,"m":"x"}`, ""},
	{"", "", "application/json", `{"text":"{\"token\":\"Hx7kQ9wz2M\"}"}`, ""},
	{"", "", "application/json", `{"url":"https://u:Hx7kQ9wz2M@example.com/?key=Hx7kQ9wz2M"}`, ""},
	{"", "", "application/json", `{"text":"my password: Hx7kQ9wz2M"}`, ""},
	{"", "", "application/json", `{"secret":["Hx7kQ9wz2M"]}`, ""},
	{"", "", "application/json", `{"text":"Hx7kQ9wz2M","message":"plain words of a customer"}`, `{"id":1}`},
	{"", "", "application/json", `{"broken":"Hx7kQ9wz2M`, ""},
	{"", "", "application/x-www-form-urlencoded", `a=1&token=Hx7kQ9wz2M`, ""},
	{"", "", "text/plain", "password=Hx7kQ9wz2M", ""},
	{"", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nHx7kQ9wz2M\r\n--x--\r\n", ""},
	{"", "", "application/json", "{\"token\":\"Hx7kQ9wz2M\"}\n{\"a\":1}\n", ""},
	{"", "", "", "", `{"accessToken":"Hx7kQ9wz2M"}`},
	{"", "", "", "", "\xff\xfe{\x00}\x00"},
	{"", "", "application/json", `{"text":"eyJ0b2tlbiI6Ikh4N2tROXd6Mk0ifQ=="}`, ""},
}

var outlined = []string{"/a/Hx7kQ9wz2M", "/a?b=Hx7kQ9wz2M", "/a?token=Hx7kQ9wz2M", "/webhook/1234567890/9912345678", "/x?y=SHg3a1E5d3oyTQ%3D%3D", "/a/40%40b"}

func outlinedExchange(url, header, value, contentType, body, answer, failed string) *traffic.Exchange {
	e := &traffic.Exchange{Request: traffic.Request{Method: "POST", URL: url, Header: http.Header{}, Body: traffic.NewBody([]byte(body), 0)}, Error: failed}
	if header != "" {
		e.Request.Header[header] = []string{value}
	}
	if contentType != "" {
		e.Request.Header["Content-Type"] = []string{contentType}
	}
	if answer != "" {
		e.Response = &traffic.Response{Status: 200, Header: http.Header{header: {value}}, Body: traffic.NewBody([]byte(answer), 0)}
	}
	e.Findings = []traffic.Finding{{Severity: traffic.Error, Actual: "it was " + value + url, Hint: body}}
	return e
}

func TestOutline(t *testing.T) {
	changed := 0
	for _, known := range []string{"Hx7kQ9wz2M", "12345678", "never seen"} {
		for _, keep := range []bool{false, true} {
			r := redaction.New(redaction.Options{Names: []string{"n2"}, KeepUnreadable: keep})
			r.Met(known)
			for _, c := range taughtBy {
				for _, url := range outlined {
					e := outlinedExchange(url, c.header, c.value, c.contentType, c.body, c.answer, "no connection to "+url)
					same(t, r, e)
					if r.Outline(e).Request.URL != url {
						changed++
					}
				}
			}
		}
	}
	if changed < 300 {
		t.Errorf("%d URLs had a secret; they prove nothing", changed)
	}
}

// A header that taught a secret that was known then is looked at again.
func TestOutlineForgets(t *testing.T) {
	r := redaction.New(redaction.Options{})
	e := outlinedExchange("/a/Hx7kQ9wz2M", "X-Api-Key", "Hx7kQ9wz2M", "", "", "", "")
	e.Findings = nil
	r.Met("Hx7kQ9wz2M")
	same(t, r, e)
	for i := range 50_000 {
		r.Met(string(rune('a'+i%26)) + "-" + string(rune(0x4e00+i%20000)) + string(rune(0x4e00+i/20000)))
	}
	same(t, r, e)
	plain := outlinedExchange("/a/0815-4711-12", "X-Shelf", "0815-4711-12", "", "", "", "")
	same(t, r, plain)
	r.Extend(redaction.Options{Names: []string{"shelf"}})
	same(t, r, plain)
	if got := r.Outline(plain).Request.URL; got == plain.Request.URL {
		t.Error("a name that came later is not heeded")
	}
}

func FuzzOutline(f *testing.F) {
	for i, c := range taughtBy {
		f.Add(outlined[i%len(outlined)], c.header, c.value, c.contentType, c.body, c.answer, "", "12345678")
	}
	f.Fuzz(func(t *testing.T, url, header, value, contentType, body, answer, failed, known string) {
		for _, keep := range []bool{false, true} {
			r := redaction.New(redaction.Options{KeepUnreadable: keep})
			r.Met(known)
			same(t, r, outlinedExchange(url, header, value, contentType, body, answer, failed))
		}
	})
}

func BenchmarkOutline(b *testing.B) {
	r := redaction.New(redaction.Options{Names: []string{"token"}})
	r.Know("Hx7kQ9wz2M")
	e := message()
	b.ReportAllocs()
	for b.Loop() {
		r.Outline(e)
	}
}

func BenchmarkText(b *testing.B) {
	r := redaction.New(redaction.Options{Names: []string{"token"}})
	r.Know("Hx7kQ9wz2M")
	line := traffic.Line(message(), nil)
	b.ReportAllocs()
	for b.Loop() {
		r.Text(line)
	}
}
