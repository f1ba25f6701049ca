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
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/mockserver"
)

// controlFlags say who asks a mock's control API, and about which sandbox.
type controlFlags struct {
	token   string
	sandbox string
}

func (f *controlFlags) register(flags *pflag.FlagSet) {
	controlTokenFlag(flags, &f.token, "")
	flags.StringVar(&f.sandbox, "sandbox", "", "`NAME` of the mock's sandbox; without it the default one")
}

// address says in a request who asks, and about which sandbox.
func (f *controlFlags) address(request *http.Request) error {
	if f.sandbox != "" {
		request.Header.Set(mockserver.HeaderSandbox, f.sandbox)
	}
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

// mockFlags reach a mock that runs elsewhere through its control API.
type mockFlags struct {
	controlFlags
	url string
}

func (f *mockFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.url, "mock", "http://"+defaultAddr, "`URL` of the running mock")
	f.controlFlags.register(cmd.Flags())
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
	if err := f.address(request); err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
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
