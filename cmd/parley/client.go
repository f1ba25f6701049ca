package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver"
)

// mockFlags reach a mock that runs elsewhere through its control API.
type mockFlags struct {
	url     string
	token   string
	sandbox string
}

func (f *mockFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.url, "mock", "http://"+defaultAddr, "`URL` of the running mock")
	cmd.Flags().StringVar(&f.token, "control-token", "", "the mock's control `token`, or @FILE")
	cmd.Flags().StringVar(&f.sandbox, "sandbox", "", "`NAME` of the sandbox; without it the default one")
}

// problem is an error of the control API (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// call sends one request to the control API and decodes the answer into result,
// which may be nil.
func (f *mockFlags) call(ctx context.Context, method, path string, body, result any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return usage("%w", err)
	}
	if body == nil {
		data = nil
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(f.url, "/")+"/_parley"+path, bytes.NewReader(data))
	if err != nil {
		return usage("--mock %s: %w", f.url, err)
	}
	if err := f.authorize(request); err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if f.sandbox != "" {
		request.Header.Set(mockserver.HeaderSandbox, f.sandbox)
	}
	client := http.Client{Timeout: time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return environment("no mock answers at %s (%w); start one with `parley serve`, or name it with --mock URL", f.url, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return environment("reading from %s: %w", f.url, err)
	}
	if response.StatusCode >= 300 {
		return refused(response.StatusCode, answer)
	}
	if result == nil || response.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.Unmarshal(answer, result)
}

func (f *mockFlags) authorize(request *http.Request) error {
	if f.token == "" {
		return nil
	}
	token, err := tokenOf("--control-token", f.token)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}

func refused(status int, answer []byte) error {
	var p problem
	if json.Unmarshal(answer, &p) != nil || p.Title == "" {
		return environment("the mock answered %d, which Parley's control API does not: is something else listening there?", status)
	}
	text := cmp.Or(p.Detail, p.Title)
	if status >= 500 {
		return environment("the mock answered %d: %s", status, text)
	}
	return exitError{exitUsage, fmt.Errorf("the mock refuses: %s", text)}
}
