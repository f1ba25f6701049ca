// Package partnertest holds what the tests of the reference partners share.
package partnertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance/partner"
)

// Clock lets waiting pass only when the test says so.
type Clock struct{ waits chan chan<- time.Time }

// NewClock returns one on which up to 1,024 can wait.
func NewClock() *Clock { return &Clock{waits: make(chan chan<- time.Time, 1024)} }

// After is for partner.Options.
func (c *Clock) After(time.Duration) <-chan time.Time {
	passed := make(chan time.Time, 1)
	c.waits <- passed
	return passed
}

// Pass ends the oldest wait that has not passed, once somebody waits.
func (c *Clock) Pass() { (<-c.waits) <- time.Time{} }

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

// Post sends JSON and returns status and body of the answer. Ask goes into the
// header Parley-Ask.
func Post(t *testing.T, url, ask, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
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
