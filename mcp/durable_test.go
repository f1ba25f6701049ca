package mcp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/mcp"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
	"github.com/parleykit/parley/specs/openapi"
)

// TestToolsThatChangeTheMockAreDurable: they answer when what they did is written down, and
// say so when it can't be; what only waits for exchanges is answered all the same.
func TestToolsThatChangeTheMockAreDurable(t *testing.T) {
	data := ledgertest.NewDisk()
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
		for _, data.Full = range []bool{false, true} {
			result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: tool.name, Arguments: tool.given})
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, c := range result.Content {
				text += c.(*sdk.TextContent).Text
			}
			if lost := strings.Contains(text, "no space left on device"); lost != (tool.changes && data.Full) {
				t.Errorf("%s on a full disk %t: %s", tool.name, data.Full, text)
			}
		}
	}
}
