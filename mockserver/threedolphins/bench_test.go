package threedolphins_test

import (
	"bytes"
	"encoding/json"
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
	bytes  int
}

func (w *nowhere) Header() http.Header    { return w.header }
func (w *nowhere) WriteHeader(status int) { w.status = status }
func (w *nowhere) Write(data []byte) (int, error) {
	w.bytes += len(data)
	return len(data), nil
}

// BenchmarkReadTicket is the read of one ticket with its contact: routed,
// authorised, made, written as JSON and journalled.
func BenchmarkReadTicket(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	login := httptest.NewRequest("POST", graph+"/auth", strings.NewReader(credentials))
	login.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, login)
	var given struct{ Token string }
	if err := json.Unmarshal(answer.Body.Bytes(), &given); err != nil {
		b.Fatal(err)
	}
	request := httptest.NewRequest("GET", someTicket, nil)
	request.Header.Set("Authorization", "Bearer "+given.Token)
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		w := &nowhere{header: http.Header{}}
		mock.ServeHTTP(w, request)
		if w.status != 0 && w.status != http.StatusOK {
			b.Fatal(w.status)
		}
		size = w.bytes
	}
	b.ReportMetric(float64(size), "bytes/answer")
}

// BenchmarkOutgoing is a third party's message to a customer: routed, authorised,
// judged, appended to the conversation of its ticket and journalled. The request is
// made before, so that what is counted is the mock's.
func BenchmarkOutgoing(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	documented := vendor().Contract.Payloads["operations/outgoing"].Samples[0].Body
	request := httptest.NewRequest("POST", "/dolphin/apiv1/integration/outgoing", nil)
	request.Header.Set("Content-Type", "application/json")
	body := bytes.NewReader(nil)
	request.Body = io.NopCloser(body)
	w := &nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(documented)
		clear(w.header)
		if mock.ServeHTTP(w, request); w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
