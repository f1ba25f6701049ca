package elma365_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
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

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	o.Token = token
	o.NewID = func() string { return fmt.Sprintf("m%d", n.Add(1)) }
	return partnertest.Start(t, elma365.Reference(), o)
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	return partnertest.Post(t, url, "", body)
}

func outcome(success bool, id string) string {
	return fmt.Sprintf(`{"type":"messageOutcome","token":"confirm","data":{"success":%t,"messageId":%q}}`, success, id)
}

func idOf(call map[string]any) any { return call["data"].(map[string]any)["externalMessageId"] }
