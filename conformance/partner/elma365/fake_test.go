package elma365_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
)

const token = "confirm"

// vendor is the other side: it answers each call with the next status, and keeps
// the body.
type vendor struct {
	*httptest.Server
	calls chan map[string]any
	mu    sync.Mutex
	next  []int
}

func newVendor(t *testing.T, statuses ...int) *vendor {
	v := &vendor{calls: make(chan map[string]any, 64), next: statuses}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	json.NewDecoder(r.Body).Decode(&body) // a nil body shows
	v.mu.Lock()
	status := http.StatusOK
	if len(v.next) > 0 {
		status, v.next = v.next[0], v.next[1:]
	}
	v.mu.Unlock()
	w.WriteHeader(status)
	v.calls <- body
}

// clock lets waiting pass only when the test says so.
type clock struct{ waits chan chan<- time.Time }

func newClock() *clock { return &clock{waits: make(chan chan<- time.Time, 1024)} }

func (c *clock) after(time.Duration) <-chan time.Time {
	passed := make(chan time.Time, 1)
	c.waits <- passed
	return passed
}

// pass ends the oldest wait that has not passed, once somebody waits.
func (c *clock) pass() { (<-c.waits) <- time.Time{} }

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	o.Token = token
	o.NewID = func() string { return fmt.Sprintf("m%d", n.Add(1)) }
	p, err := partner.New(elma365.Reference(), o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(func() { server.Close(); p.Close() })
	return server
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
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

func outcome(success bool, id string) string {
	return fmt.Sprintf(`{"type":"messageOutcome","token":"confirm","data":{"success":%t,"messageId":%q}}`, success, id)
}

func idOf(call map[string]any) any { return call["data"].(map[string]any)["externalMessageId"] }
