package proxy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/parleykit/parley/validator/proxy"
)

// One documented call through the proxy, and through httputil.ReverseProxy alone;
// the rest of the way is the same.
func BenchmarkProxy(b *testing.B) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer target.Close()
	u, err := url.Parse(target.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("parley", func(b *testing.B) {
		f := before(b, target.URL, proxy.Options{})
		calls(b, f.url)
		if s := f.Stats(); s.NotJudged > 0 {
			b.Errorf("%d were not judged", s.NotJudged)
		}
	})
	b.Run("bare", func(b *testing.B) {
		front := httptest.NewServer(&httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }, Transport: proxy.NewTransport(0, nil), FlushInterval: -1,
		})
		defer front.Close()
		calls(b, front.URL)
	})
}

func calls(b *testing.B, url string) {
	b.ReportAllocs()
	for b.Loop() {
		response, err := client.Post(url+"/v1/calls", "application/json", strings.NewReader(start))
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}
