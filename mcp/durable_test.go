package mcp_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/mcp"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/specs/openapi"
)

// full is a ledger on a disk that is full once told so.
type full struct {
	*ledger.Memory
	now bool
}

type fullLog struct {
	ledger.Log
	of *full
}

func (f *full) Open(ctx context.Context, sandbox string, fence uint64) (ledger.Log, error) {
	log, err := f.Memory.Open(ctx, sandbox, fence)
	return &fullLog{log, f}, err
}

func (l *fullLog) Await(ctx context.Context, sequence uint64) error {
	if l.of.now {
		return errors.New("no space left on device")
	}
	return l.Log.Await(ctx, sequence)
}

// TestToolsThatChangeTheMockAreDurable: they answer when what they did is written down, and
// say so when it can't be; what only waits for exchanges is answered all the same.
func TestToolsThatChangeTheMockAreDurable(t *testing.T) {
	data := &full{Memory: ledger.NewMemory()}
	contract, err := openapi.Load("../examples/openapi/petstore.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{Ledger: data, Control: func(*mockserver.Server) http.Handler { return http.NotFoundHandler() }}, mockserver.Vendor{Contract: contract})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	served := httptest.NewServer(mcp.Handler(mcp.Options{
		Redactor: mock.Redactor(), Fault: func(string) (fault.Rule, error) { return fault.Rule{Operation: "*", Delay: "1ms"}, nil },
	}, mock))
	defer served.Close()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).
		Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: served.URL, DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for _, tool := range []struct {
		name    string
		given   map[string]any
		changes bool
	}{
		{"fault_set", map[string]any{"rule": "operation=*,delay=1ms"}, true},
		{"clock_set", map[string]any{"freeze": true}, true},
		{"mock_reset", map[string]any{}, true},
		{"traffic_wait", map[string]any{"timeout": "1ms"}, false},
	} {
		for _, data.now = range []bool{false, true} {
			result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: tool.name, Arguments: tool.given})
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, c := range result.Content {
				text += c.(*sdk.TextContent).Text
			}
			if lost := strings.Contains(text, "no space left on device"); lost != (tool.changes && data.now) {
				t.Errorf("%s on a full disk %t: %s", tool.name, data.now, text)
			}
		}
	}
}
