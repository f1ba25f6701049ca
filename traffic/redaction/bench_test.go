package redaction_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// message is an exchange as a messenger makes one with a vendor.
func message() *traffic.Exchange {
	return &traffic.Exchange{
		ID: "ex-1", Vendor: "acme", Caller: traffic.Partner,
		Request: traffic.Request{
			Method: "POST", URL: "/api/messengers/external/other/webhook/ebf45efc-cc67-4b60-9e3f-121966ba9f30",
			Header: http.Header{
				"Content-Type": {"application/json"}, "User-Agent": {"node-fetch/1.0"}, "Accept": {"*/*"},
				"Accept-Encoding": {"gzip, deflate, br"}, "Content-Length": {"512"},
			},
			Body: traffic.NewBody([]byte(`{"type":"message","token":"Hx7kQ9wz2M","data":{"externalMessageId":"c0a8017b-1111-2222-3333-444455556666","externalChatId":"chat-00001","text":"Hello, I have a question about my order 12345; it did not come yet.\nThank you!","attachments":[{"name":"photo.jpg","url":"https://files.example.com/f/1?size=large&v=2","mime":"image/jpeg"}],"user":{"externalUserId":"u-1","firstName":"Ani","lastName":"Sari","phone":"620000000900","email":"ani@example.com"},"createdAt":"2026-11-26T12:00:00Z"}}`), 0),
		},
		Response: &traffic.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(`{"success":true,"error":null}`), 0)},
	}
}

// BenchmarkExchange is what an exchange costs that leaves, beside nothing, a channel's
// token and 20,000 issued tokens that are known.
func BenchmarkExchange(b *testing.B) {
	for _, n := range []int{0, 1, 20_000} {
		b.Run(fmt.Sprintf("known=%d", n), func(b *testing.B) {
			r := redaction.New(redaction.Options{Names: []string{"token"}})
			for i := range n {
				r.Met(fmt.Sprintf("%08x-%04d-4b60-9e3f-%012x", i*2654435761, i%10000, i*40503))
			}
			r.Know("Hx7kQ9wz2M")
			e := message()
			b.ReportAllocs()
			for b.Loop() {
				r.Exchange(e)
			}
		})
	}
}

// BenchmarkShort is what leaves cost of a short message without escapes: in a recording, and
// of what is printed.
func BenchmarkShort(b *testing.B) {
	e := message()
	e.Request.Header = http.Header{"Content-Type": {"application/json"}, "Content-Length": {"269"}}
	e.Request.Body = traffic.NewBody([]byte(`{"type":"message","token":"confirm","data":{"externalMessageId":"message000000001","externalChatId":"chat12","externalChatName":"Chat name: chat 12","externalUserId":"user12","text":"text test","files":[{"name":"file1.png","URL":"https://elma365.com/en/img/about/photo-staff.png"}]}}`), 0)
	e.Response = &traffic.Response{Status: 200}
	r := redaction.New(redaction.Options{Names: []string{"token"}})
	r.Know("confirm")
	for name, leave := range map[string]func(){
		"exchange": func() { r.Exchange(e) },
		"outline":  func() { r.Outline(e) },
		"line":     func() { r.Text(traffic.Line(e, nil)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				leave()
			}
		})
	}
}

// BenchmarkMet is what a token costs that is issued, when as many are known as may be.
func BenchmarkMet(b *testing.B) {
	r := redaction.New(redaction.Options{})
	n := 0
	next := func() {
		n++
		r.Met(fmt.Sprintf("%08x-%04d-4b60-9e3f-%012x", n*2654435761, n%10000, n*40503))
	}
	for range 20_000 {
		next()
	}
	b.ReportAllocs()
	for b.Loop() {
		next()
	}
}
