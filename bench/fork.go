package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/vendors"
)

// forkedMessages is how many messages the sandbox has that is forked.
const forkedMessages = 5_000

// forked prints what a sandbox costs that begins where a full one was, beside a new one.
func forked(ctx context.Context, w *workload) error {
	c, err := w.contract()
	if err != nil {
		return err
	}
	mock, err := mockserver.New(mockserver.Options{History: true}, vendors.Played(c)...)
	if err != nil {
		return err
	}
	defer mock.Close(ctx)
	for range forkedMessages {
		request := httptest.NewRequest(http.MethodPost, w.target, bytes.NewReader(w.body()))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		if mock.ServeHTTP(recorder, request); recorder.Code != http.StatusOK {
			return fmt.Errorf("status %d", recorder.Code)
		}
	}
	all := mock.Sandbox().Journal().Find(nil)
	for _, row := range []struct {
		title string
		make  func() error
	}{
		{"a new one", func() error {
			_, err := mock.NewSandbox(mockserver.SandboxOptions{Name: "fork"})
			return err
		}},
		{"after the newest exchange (aim 50 ms)", func() error { return fork(ctx, mock, all[len(all)-1].ID) }},
		{"300 exchanges before (aim 50 ms)", func() error { return fork(ctx, mock, all[len(all)-301].ID) }},
	} {
		best := time.Hour
		for range 10 {
			begun := time.Now()
			if err := row.make(); err != nil {
				return err
			}
			best = min(best, time.Since(begun))
			mock.RemoveSandbox("fork")
		}
		fmt.Printf("  %8.2f ms  %s\n", float64(best.Microseconds())/1000, row.title)
	}
	return nil
}

func fork(ctx context.Context, mock *mockserver.Server, exchange string) error {
	_, err := mock.Fork(ctx, mock.Sandbox(), exchange, mockserver.SandboxOptions{Name: "fork"})
	return err
}
