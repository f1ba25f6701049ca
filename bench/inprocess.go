package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/validator"
)

// inProcess prints time and allocations without sockets.
func inProcess() error {
	c, err := contract()
	if err != nil {
		return err
	}
	judge, err := validator.New(c)
	if err != nil {
		return err
	}
	mock, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: c, Play: elma365.Play})
	if err != nil {
		return err
	}
	body := message()
	if findings := judge.Payload("operations/message", validator.Decode(body)); len(findings) > 0 {
		return fmt.Errorf("the message has findings: %v", findings)
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
			judge.Payload("operations/message", validator.Decode(body))
		}
	})
	floor := print("floor handler", func(b *testing.B) { handle(b, floorHandler()) })
	ours := print("mock's handler", func(b *testing.B) { handle(b, mock) })
	fmt.Printf("  ratio %.2f of the floor handler's throughput, without sockets\n", float64(floor.NsPerOp())/float64(ours.NsPerOp()))
	return nil
}

func handle(b *testing.B, handler http.Handler) {
	request := httptest.NewRequest(http.MethodPost, target, nil)
	request.Header.Set("Content-Type", "application/json")
	for b.Loop() {
		request.Body = io.NopCloser(bytes.NewReader(message()))
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatalf("status %d", recorder.Code)
		}
	}
}
