package expertflow_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

// nowhere takes an answer and forgets it.
type nowhere struct {
	header http.Header
	status int
}

func (w *nowhere) Header() http.Header            { return w.header }
func (w *nowhere) WriteHeader(status int)         { w.status = status }
func (w *nowhere) Write(data []byte) (int, error) { return len(data), nil }

// BenchmarkActivity is an activity of an active conversation: routed, judged, made an
// event, kept and journalled. The request is made before, so that what is counted is
// the mock's.
func BenchmarkActivity(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	text := activity("a1", ofSession)
	request := httptest.NewRequest("POST", activities, nil)
	request.Header.Set("Content-Type", "application/json")
	body := strings.NewReader("")
	request.Body = io.NopCloser(body)
	w := &nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(text)
		clear(w.header)
		if mock.ServeHTTP(w, request); w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
