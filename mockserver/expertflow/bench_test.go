package expertflow_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

// BenchmarkActivity is an activity of an active conversation: routed, judged, made an
// event, kept and journalled.
func BenchmarkActivity(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	body := activity("a1", ofSession)
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest("POST", activities, strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		if mock.ServeHTTP(answer, request); answer.Code != http.StatusOK {
			b.Fatal(answer.Code)
		}
	}
}
