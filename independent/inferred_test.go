package independent

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/infer"
)

// sentBody is a body of recorded traffic, and the payload that it has in the contract
// which is inferred from it.
type sentBody struct{ payload, text string }

// recorded is traffic of a ticket system, with a body for each payload.
func recorded() (exchanges []*traffic.Exchange, bodies []sentBody) {
	add := func(method, url, request, payload string, status int, answer, answerPayload string) {
		e := &traffic.Exchange{
			Request:  traffic.Request{Method: method, URL: url, Header: map[string][]string{"Authorization": {"Bearer aZ3kQ9xT7bLm2PqR"}}},
			Response: &traffic.Response{Status: status, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(answer), 0)},
		}
		if request != "" {
			e.Request.Header.Set("Content-Type", "application/json")
			e.Request.Body = traffic.NewBody([]byte(request), 0)
			bodies = append(bodies, sentBody{payload, request})
		}
		exchanges, bodies = append(exchanges, e), append(bodies, sentBody{answerPayload, answer})
	}
	for n := range 10 {
		ticket := fmt.Sprintf(`{"id": %d, "uuid": "0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a%02d", "status": %q, "openedAt": "2026-01-%02dT10:00:00.%dZ", "due": "2026-02-%02d", "price": %v, "agent": %s, `+
			`"mail": "minka%d@example.com", "page": "https://desk.example/t/%d?x=%%20#y", "labels": ["a", "b"], "byAgent": {"agent-%d": {"minutes": %d}}, "parent": null}`,
			n, n, []string{"open", "closed"}[n%2], n+1, n, n+1, []string{"1", "2.5"}[n%2], []string{"null", `{"name": "Budi"}`}[n%2], n, n, n+10, n)
		add("GET", fmt.Sprintf("https://desk.example/api/tickets/%d", n), "", "", 200, ticket, "answers/getApiTicketsTicketId/200")
		add("GET", fmt.Sprintf("https://desk.example/api/tickets?page=%d&label=a&label=b", n), "", "", 200, "["+ticket+"]", "answers/getApiTickets/200")
		add("POST", "https://desk.example/api/tickets", `{"subject": "Lost card"}`, "operations/postApiTickets", 201, ticket, "answers/postApiTickets/201")
		kind := []string{"ticket.opened", "ticket.closed"}[n%2]
		add("POST", "https://partner.example/hook", `{"type": "`+kind+`", "ticket": `+ticket+`}`, "events/"+kind, 200, `{}`, "answers/"+kind+"/200")
	}
	add("GET", "https://desk.example/api/tickets/99", "", "", 404, `{"error": "there is none"}`, "answers/getApiTicketsTicketId/404")
	return exchanges, bodies
}

// ofTraffic is the contract that is inferred from them.
func ofTraffic(t *testing.T, exchanges []*traffic.Exchange) *specs.Contract {
	t.Helper()
	i, err := infer.New(infer.Options{ID: "desk", Capture: "traffic.har", Webhooks: []string{"https://partner.example/hook"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exchanges {
		i.Add(e)
	}
	made, err := i.Contract()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := openapi.InMemory(made.Files)
	if err != nil {
		t.Fatal(err)
	}
	c, err := specs.Load(folder, "desk")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// unseen are the rules of linters about what no traffic shows.
var unseen = []string{"info-license", "info-contact", "operation-tags", "operation-4xx-response"}

// TestInferredContracts has ajv compile, in its strict mode, the schemas that are inferred
// from traffic, and judge all bodies of that traffic by them; an OpenAPI validator and two
// linters read the document.
func TestInferredContracts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ajv", "@redocly/cli", "@stoplight/spectral-cli"} {
		nodetest.Installed(t, ".", name)
	}
	exchanges, bodies := recorded()
	c := ofTraffic(t, exchanges)
	whole := exportedSchemas(t, c)
	for _, complaints := range compileAll(t, []compilation{{c.ID, whole, slices.Sorted(maps.Keys(whole))}, bundled(t, c)}) {
		if len(complaints) > 0 {
			t.Errorf("ajv: %q", complaints)
		}
	}
	folder := t.TempDir()
	writeExport(t, c, "json", folder)
	bodies = append(bodies, sentBody{"answers/getApiTicketsTicketId/200", `{"id": "x"}`}) // which must not fit
	asked := []any{nil}                                                                   // the document
	for _, b := range bodies {
		asked = append(asked, map[string]any{"schema": "schemas/" + b.payload + ".schema.json", "body": json.RawMessage(b.text)})
	}
	for n, v := range nodetest.Through[verdict](t, asked, "judge.mjs", folder) {
		if v.Valid != (n < len(bodies)) {
			t.Errorf("body %d: %t %s", n, v.Valid, v.Why)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "flawed.yaml"), []byte(flawed), 0o600); err != nil {
		t.Fatal(err)
	}
	documents := []string{filepath.Join(folder, "flawed.yaml"), filepath.Join(folder, "openapi.json"), filepath.Join(folder, "bundle.json")}
	for name, lint := range map[string]func(*testing.T, []string) []flaw{"redocly": redocly, "spectral": spectral} {
		sighted := false
		for _, f := range lint(t, documents) {
			if filepath.Base(f.file) == "flawed.yaml" {
				sighted = true
				continue
			}
			if !slices.Contains(unseen, f.rule) {
				t.Errorf("%s: %s: %s: %s", name, filepath.Base(f.file), f.rule, f.text)
			}
		}
		if !sighted {
			t.Errorf("%s found nothing in a flawed document, so that it finds nothing in any", name)
		}
	}
}
