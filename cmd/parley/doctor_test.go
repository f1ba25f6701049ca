package main

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestDoctorLooksAtTargets: the certificate, the answer and the clock of a target.
func TestDoctorLooksAtTargets(t *testing.T) {
	t.Parallel()
	noon := time.Date(2030, 5, 6, 12, 0, 0, 0, time.UTC)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.ContentLength > 0 {
			t.Errorf("asked by %s with a body of %d bytes", r.Method, r.ContentLength)
		}
		w.Header().Set("Date", noon.Format(http.TimeFormat))
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		case "/none":
			w.WriteHeader(http.StatusNotFound)
		case "/dateless":
			w.Header()["Date"] = nil
		case "/hangs":
			<-r.Context().Done()
		}
	}))
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	ends := server.Certificate().NotAfter
	for name, c := range map[string]struct {
		path    string
		now     time.Time
		roots   *x509.CertPool
		timeout time.Duration
		want    string
	}{
		"all is well":     {"/", noon.Add(5 * time.Second), trusted, time.Minute, "ok target takes connections; ok target is trusted until; ok target answered HEAD with 200; ok clock have the same time"},
		"untrusted":       {"/", noon, nil, time.Minute, "ok target takes connections; fail target is not trusted: x509"},
		"expired":         {"/", ends.Add(time.Hour), trusted, time.Minute, "ok target takes connections; fail target has expired"},
		"about to expire": {"/", ends.Add(-49 * time.Hour), trusted, time.Minute, "ok target takes connections; warn target it ends in 2 days; ok target answered; warn clock from that of"},
		"late":            {"/", noon.Add(31 * time.Second), trusted, time.Minute, "ok target takes connections; ok target trusted; ok target answered; warn clock clock is 31s from"},
		"early":           {"/", noon.Add(-time.Hour), trusted, time.Minute, "ok target takes connections; ok target trusted; ok target answered; warn clock clock is 1h0m0s from"},
		"moved":           {"/moved", noon, trusted, time.Minute, "ok target takes connections; ok target trusted; warn target 302 to https://elsewhere.example/; ok clock same time"},
		"not there":       {"/none", noon, trusted, time.Minute, "ok target takes connections; ok target trusted; warn target HEAD with 404; ok clock same time"},
		"no date":         {"/dateless", noon, trusted, time.Minute, "ok target takes connections; ok target trusted; ok target answered; not checked clock has no header Date"},
		"hangs":           {"/hangs", noon, trusted, 300 * time.Millisecond, "ok target takes connections; fail target did not answer within 300ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &doctor{now: func() time.Time { return c.now }, timeout: c.timeout, roots: c.roots}
			d.target(t.Context(), server.URL+c.path)
			want := strings.Split(c.want, "; ")
			if len(d.found) != len(want) {
				t.Fatalf("found %+v", d.found)
			}
			for i, one := range d.found {
				begin := one.Result + " " + one.Check + " "
				text, ok := strings.CutPrefix(want[i], begin)
				if !ok || !strings.Contains(one.Found+one.Advice, text) {
					t.Errorf("found %+v, want %q", one, want[i])
				}
			}
		})
	}
}
