package partnertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Call is one request of a partner's.
type Call struct {
	Path, Authorization, Text string
	Body                      map[string]any // nil where the text is no object
}

// Vendor is the other side: it answers each call with the next status, 200 when there
// is none, and keeps the call.
type Vendor struct {
	*httptest.Server
	Calls  chan Call
	Answer func(w http.ResponseWriter, r *http.Request, next func() int) // nil: the status alone

	mu       sync.Mutex
	statuses []int
}

// NewVendor returns one that serves until the test ends.
func NewVendor(t *testing.T, statuses ...int) *Vendor {
	v := &Vendor{Calls: make(chan Call, 1024), statuses: statuses}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

// ServeHTTP keeps a call and answers it.
func (v *Vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body) // what is missing shows
	c := Call{Path: r.URL.Path, Authorization: r.Header.Get("Authorization"), Text: string(text)}
	json.Unmarshal(text, &c.Body)
	v.Calls <- c
	if v.Answer != nil {
		v.Answer(w, r, v.next)
		return
	}
	w.WriteHeader(v.next())
}

func (v *Vendor) next() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.statuses) == 0 {
		return http.StatusOK
	}
	status := v.statuses[0]
	v.statuses = v.statuses[1:]
	return status
}
