package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/vendors"
)

// inProcess prints time and allocations without sockets.
func inProcess(w *workload) error {
	c, err := w.contract()
	if err != nil {
		return err
	}
	judge, err := validator.New(c)
	if err != nil {
		return err
	}
	mock, err := mockserver.New(mockserver.Options{}, vendors.Played(c)...)
	if err != nil {
		return err
	}
	body := w.body()
	if findings := judge.Payload(w.payload, validator.Decode(body)); len(findings) > 0 {
		return fmt.Errorf("the body has findings: %v", findings)
	}
	print := func(name string, run func(b *testing.B)) testing.BenchmarkResult {
		r := testing.Benchmark(func(b *testing.B) { b.ReportAllocs(); run(b) })
		fmt.Printf("  %7d ns  %4d allocations  %6d bytes   %s\n", r.NsPerOp(), r.AllocsPerOp(), r.AllocedBytesPerOp(), name)
		return r
	}
	print("decode", func(b *testing.B) {
		for b.Loop() {
			validator.Decode(body)
		}
	})
	print("decode and validate", func(b *testing.B) {
		for b.Loop() {
			judge.Payload(w.payload, validator.Decode(body))
		}
	})
	floor := print("floor handler", func(b *testing.B) { handle(b, w, floorHandler(false)) })
	ours := print("mock's handler", func(b *testing.B) { handle(b, w, mock) })
	if seen := mock.Sandbox().Journal().Find(nil); len(seen) > 0 {
		last := seen[len(seen)-1]
		print("an exchange without its secrets, when it leaves", func(b *testing.B) {
			for b.Loop() {
				mock.Redactor().Exchange(last)
			}
		})
	}
	fmt.Printf("  ratio %.2f of the floor handler's throughput, without sockets\n", float64(floor.NsPerOp())/float64(ours.NsPerOp()))
	return nil
}

func handle(b *testing.B, w *workload, handler http.Handler) {
	request := httptest.NewRequest(http.MethodPost, w.target, nil)
	request.Header.Set("Content-Type", "application/json")
	for b.Loop() {
		request.Body = io.NopCloser(bytes.NewReader(w.body()))
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatalf("status %d", recorder.Code)
		}
	}
}
