package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant is a client of the protocol's own library, and what it was told on the way.
type assistant struct {
	t        *testing.T
	session  *sdk.ClientSession
	progress atomic.Int64
	said     []string   // every answer
	raw      safeBuffer // of standard output, as it came
}

func (a *assistant) connect(t *testing.T, to sdk.Transport) *assistant {
	t.Helper()
	a.t = t
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, &sdk.ClientOptions{
		ProgressNotificationHandler: func(context.Context, *sdk.ProgressNotificationClientRequest) { a.progress.Add(1) },
	})
	session, err := client.Connect(t.Context(), to, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.session = session
	return a
}

// overStdio is an assistant that starts parley mcp; it ends with the test.
func overStdio(t *testing.T, args ...string) *assistant {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	var stderr safeBuffer
	ended := make(chan int, 1)
	go func() {
		code := run(context.Background(), append([]string{"mcp"}, args...), in, out, &stderr)
		out.Close()
		ended <- code
	}()
	a := &assistant{}
	a.connect(t, &sdk.IOTransport{Reader: io.NopCloser(io.TeeReader(fromServer, &a.raw)), Writer: toServer})
	t.Cleanup(func() {
		a.session.Close()
		if code := <-ended; code != exitOK || stderr.String() != "" {
			t.Errorf("parley mcp ended with %d: %s", code, stderr.String())
		}
	})
	return a
}

// overHTTP is an assistant of a mock that runs, in a sandbox of its own.
func overHTTP(t *testing.T, args ...string) *assistant {
	t.Helper()
	base := serving(t, append([]string{"--control-token", "control-7"}, args...)...).url
	return overHTTPAt(t, base+"/~mine/_parley/mcp", "control-7")
}

func overHTTPAt(t *testing.T, endpoint, token string) *assistant {
	t.Helper()
	a := (&assistant{}).connect(t, &sdk.StreamableClientTransport{
		Endpoint: endpoint, HTTPClient: &http.Client{Transport: bearer(token)}, DisableStandaloneSSE: true,
	})
	t.Cleanup(func() { a.session.Close() })
	return a
}

// bearer sends a control token with each request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// call uses a tool, which must succeed, and reads its answer.
func (a *assistant) call(tool string, arguments map[string]any, into any) {
	a.t.Helper()
	text, refused := a.try(tool, arguments)
	if refused {
		a.t.Fatalf("%s %v: %s", tool, arguments, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		a.t.Fatalf("%s: %v in %s", tool, err, text)
	}
}

// try uses a tool and returns what it says, and whether that is an error.
func (a *assistant) try(tool string, arguments map[string]any) (text string, refused bool) {
	a.t.Helper()
	params := &sdk.CallToolParams{Name: tool, Arguments: arguments}
	params.SetProgressToken("p-1")
	result, err := a.session.CallTool(a.t.Context(), params)
	if err != nil {
		a.t.Fatalf("%s %v: %v", tool, arguments, err)
	}
	for _, content := range result.Content {
		text += content.(*sdk.TextContent).Text
	}
	a.said = append(a.said, text)
	return text, result.IsError
}
