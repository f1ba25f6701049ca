// Package partnertest holds what the tests of the reference partners share.
package partnertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
)

// Start runs a partner until the test ends.
func Start(t *testing.T, v partner.Vendor, o partner.Options) *httptest.Server {
	t.Helper()
	p, err := partner.New(v, o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(func() { server.Close(); p.Close() })
	return server
}

// Post sends JSON and returns status and body of the answer.
func Post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	return Request(t, http.MethodPost, url, "", body)
}

// PostUntilRefused gives an order again and again, so often at most, until it is not
// accepted, and returns the last status.
func PostUntilRefused(t *testing.T, url string, most int) int {
	t.Helper()
	status := http.StatusAccepted
	for n := 0; status == http.StatusAccepted && n < most; n++ {
		status, _ = Post(t, url, "")
	}
	return status
}

// Request is Post with another method. Ask goes into the header Parley-Ask.
func Request(t *testing.T, method, url, ask, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Parley-Ask", ask)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// DefectsAreNamed makes sure that each has a name of its own and a sentence, and that
// there are so many at least.
func DefectsAreNamed(t *testing.T, v partner.Vendor, least int) {
	t.Helper()
	seen := map[string]bool{}
	for _, d := range v.Defects {
		if seen[d.Name] || d.Name == "" || d.About == "" {
			t.Errorf("defect %+v: each needs a name of its own and a sentence", d)
		}
		seen[d.Name] = true
	}
	if len(seen) < least {
		t.Errorf("%d defects", len(seen))
	}
}
