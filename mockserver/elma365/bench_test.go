package elma365_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/ledger"
)

const messageURL = "/api/messengers/external/other/webhook/" + elma365.MessageChannel

// BenchmarkDocumentedMessage is the page's sample message: routed, authorised,
// validated, stored and journalled.
func BenchmarkDocumentedMessage(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, mock)
}

// BenchmarkHistory is the same message to a mock that keeps a history.
func BenchmarkHistory(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{Ledger: ledger.NewMemory()}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, mock)
}

// BenchmarkSandboxes is the same message, to each of 100 sandboxes in turn.
func BenchmarkSandboxes(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	names := make([][]string, 100)
	for i := range names {
		names[i] = []string{fmt.Sprint("box-", i)}
	}
	var n atomic.Int64
	benchmark(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header[mockserver.HeaderSandbox] = names[int(n.Add(1))%len(names)]
		mock.ServeHTTP(w, r)
	}))
}

// BenchmarkNewSandbox is what a test pays for a sandbox of its own.
func BenchmarkNewSandbox(b *testing.B) {
	mock, err := mockserver.New(mockserver.Options{}, vendor())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mock.NamedSandbox("box"); err != nil {
			b.Fatal(err)
		}
		mock.RemoveSandbox("box")
	}
}

// BenchmarkSnapshot is what writing down a full sandbox costs: 5,000 messages and
// 2,000 deliveries.
func BenchmarkSnapshot(b *testing.B) {
	mock := full(b, mockserver.Options{})
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		text, err := mock.Sandbox().Snapshot()
		if err != nil {
			b.Fatal(err)
		}
		size = len(text)
	}
	b.ReportMetric(float64(size), "B/snapshot")
}

// BenchmarkFork is what a sandbox costs that begins where a full one was after its last
// call, or 300 calls before.
func BenchmarkFork(b *testing.B) {
	mock := full(b, mockserver.Options{Ledger: ledger.NewMemory()})
	newest := mock.Sandbox().Journal().Find(nil)
	for name, back := range map[string]int{"newest": 1, "300 back": 300} {
		at := newest[len(newest)-back].ID
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := mock.Fork(b.Context(), mock.Sandbox(), at, mockserver.SandboxOptions{Name: "fork"}); err != nil {
					b.Fatal(err)
				}
				mock.RemoveSandbox("fork")
			}
		})
	}
}

// full is a mock with 5,000 messages.
func full(b *testing.B, o mockserver.Options) *mockserver.Server {
	b.Helper()
	mock, err := mockserver.New(o, vendor())
	if err != nil {
		b.Fatal(err)
	}
	for n := range 5_000 {
		request := httptest.NewRequest("POST", "/api/messengers/external/other/webhook/"+elma365.DefaultChannel, strings.NewReader(message(fmt.Sprint("m", n), "Hi")))
		request.Header.Set("Content-Type", "application/json")
		mock.ServeHTTP(httptest.NewRecorder(), request)
	}
	return mock
}

// BenchmarkFloor is a handler that reads and decodes the same body and answers a
// fixed one.
func BenchmarkFloor(b *testing.B) {
	router := mux.NewRouter()
	router.HandleFunc("/api/messengers/external/other/webhook/{channelId}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var value any
		if err == nil {
			err = json.Unmarshal(body, &value)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		io.WriteString(w, "{}")
	}).Methods("POST")
	benchmark(b, router)
}

func benchmark(b *testing.B, h http.Handler) {
	contract := vendor().Contract
	sample, ok := contract.Payloads["operations/message"].Sample("documented")
	if !ok {
		b.Fatal("the page's sample is not there")
	}
	b.Run("handler", func(b *testing.B) { benchmarkHandler(b, h, sample.Body) })
	b.Run("sockets", func(b *testing.B) { benchmarkSockets(b, h, sample.Body) })
}

// recorder is used again: what it costs is not the handler's.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }
func (r *recorder) Flush()                      {}

func benchmarkHandler(b *testing.B, h http.Handler, body []byte) {
	b.ReportAllocs()
	request := httptest.NewRequest("POST", messageURL, nil)
	request.Header.Set("Content-Type", "application/json")
	reader := bytes.NewReader(body)
	request.Body = io.NopCloser(reader)
	for b.Loop() {
		reader.Reset(body)
		w := &recorder{header: http.Header{}, status: http.StatusOK}
		h.ServeHTTP(w, request)
		if w.status != http.StatusOK {
			b.Fatal("status", w.status)
		}
	}
}

func benchmarkSockets(b *testing.B, h http.Handler, body []byte) {
	server := httptest.NewServer(h)
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			response, err := client.Post(server.URL+messageURL, "application/json", bytes.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				b.Error("status", response.StatusCode)
				return
			}
		}
	})
}
