package mockserver_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

// versioned is the shop with another answer, and a secret of its own.
func versioned(t *testing.T, version string) *specs.Contract {
	return shop(t, `
paths:
  /`+version+`: {get: {operationId: only, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/ok.schema.json}}}}}}}
  /version: {get: {operationId: version, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/ok.schema.json}}}}}}}
  /pages:
    x-parley: {collection: pages}
    post: {operationId: add, responses: {"201": {description: ok}}}
    get: {operationId: list, responses: {"200": {description: ok, content: {application/json: {}}}}}
`, map[string]string{"ok": `"type": "object", "properties": {"` + version + `code": {"type": "string", "x-secret": true}}`}, map[string]string{"ok/one": `{"` + version + `code":"hush"}`})
}

func TestAContractIsReloaded(t *testing.T) {
	m := mocktest.NewWith(t, mockserver.Options{}, mockserver.Vendor{Contract: versioned(t, "v1")}, acme.Vendor())
	first := m.Do("GET", "/version", "")
	m.Do("POST", "/pages", `{"id":"kept"}`)
	m.Do("POST", "/~mine/pages", `{"id":"kept"}`)
	channel := m.Connect(mockserver.Channel{Vendor: "acme", URL: "http://127.0.0.1:1/"})
	if err := m.Server().Reload(mockserver.Vendor{Contract: versioned(t, "v2")}); err != nil {
		t.Fatal(err)
	}
	for _, sandbox := range []string{"", "/~mine", "/~new"} {
		for path, status := range map[string]int{"/v1": 404, "/v2": 200, "/tickets/T-1": 200} {
			if a := m.Do("GET", sandbox+path, ""); a.Status != status {
				t.Errorf("%s%s is answered %d", sandbox, path, a.Status)
			}
		}
		if a := m.Do("GET", sandbox+"/version", ""); a.Body != `{"v2code":"hush"}` {
			t.Errorf("%s answers %s", sandbox, a.Body)
		}
		if a := m.Do("GET", sandbox+"/pages", ""); a.Body != `[]` {
			t.Errorf("%s remembers %s", sandbox, a.Body)
		}
	}
	if channels := m.Sandbox().Channels(); len(channels) != 1 || channels[0].ID != channel.ID {
		t.Errorf("the channels are %v", channels)
	}
	if e := m.Exchange(first); e.Operation != "operations/version" {
		t.Errorf("the journal has %v", e)
	}
	if text := m.Server().Redactor().Text(`{"v1code":"hush","v2code":"hush"}`); strings.Contains(text, "hush") {
		t.Errorf("shown is %s", text)
	}
	if got := m.Server().Contracts()[0].Operations[0].Path; got != "/v2" {
		t.Errorf("the contract has %s", got)
	}
}

func TestAReloadThatIsRefusedChangesNothing(t *testing.T) {
	m := mocktest.NewWith(t, mockserver.Options{CORS: []string{"*"}}, mockserver.Vendor{Contract: versioned(t, "v1")}, acme.Vendor())
	m.Do("POST", "/pages", `{"id":"kept"}`)
	other := versioned(t, "v2")
	other.ID = "another"
	taken := versioned(t, "tickets/{id}")
	misfit := func(s *mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"nothing": nil}}
	}
	for says, v := range map[string]mockserver.Vendor{
		"contract another is not played, only shop, acme": {Contract: other},
		"both serve /tickets/{id}":                        {Contract: taken},
		`has an operation "nothing"`:                      {Contract: versioned(t, "v2"), Play: misfit},
	} {
		if err := m.Server().Reload(v); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %s", err, says)
		}
	}
	if a := m.Do("GET", "/v1", ""); a.Status != 200 || !strings.Contains(m.Do("GET", "/pages", "").Body, "kept") {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

// TestReloadsAndCallsAtOnce: each call is answered by one contract or the other.
func TestReloadsAndCallsAtOnce(t *testing.T) {
	m := opened(t, versioned(t, "v1"), mockserver.Options{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				if a := m.Do("GET", "/version", ""); a.Body != `{"v1code":"hush"}` && a.Body != `{"v2code":"hush"}` {
					t.Errorf("answered %d %s", a.Status, a.Body)
				}
				m.Do("GET", "/~other/version", "")
			}
		})
	}
	for i := range 20 {
		if err := m.Server().Reload(mockserver.Vendor{Contract: versioned(t, []string{"v1", "v2"}[i%2])}); err != nil {
			t.Error(err)
		}
		m.Sandbox().Reset()
	}
	group.Wait()
}
