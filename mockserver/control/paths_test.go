package control_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// TestAnUncleanControlPathStaysInItsSandbox: no redirect, and nothing is done.
func TestAnUncleanControlPathStaysInItsSandbox(t *testing.T) {
	m := acme.New(t, nil)
	m.Do("GET", "/tickets/T-1", "")
	m.Do("GET", "/~mine/tickets/T-1", "")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	mine, err := m.Server().NamedSandbox("mine")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/_parley//journal", "/_parley/./journal", "/_parley/x/../journal", "/_parley/%2e/journal", "/_parley/x/%2e%2e/journal", "/_parley/x/.%2E/journal",
		"/_parley/..%2f_parley/journal", "//_parley/journal", "/./_parley/journal", "/x/../_parley/journal", "/../_parley/journal", "/%2e%2e/_parley/journal",
		"/../../_parley/journal", "/_parley/journal/..", "/_parley/journal/.", "/_parley/journal//", "/_parley/journal/", "/_parley/sandboxes/../journal",
		"/_parley/%2e%2e/~other/_parley/journal", "//tickets/T-1", "/tickets//T-1", "/tickets/./T-1", "/tickets/..", "/tickets/%2e%2e", "/x/../tickets/T-1", "/.", "/..",
	} {
		for _, prefix := range []string{"", "/~mine"} {
			for _, method := range []string{"GET", "DELETE"} {
				request, err := http.NewRequestWithContext(t.Context(), method, m.URL, nil)
				if err != nil {
					t.Fatal(err)
				}
				request.URL.Opaque = prefix + path // as it stands
				response, err := client.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if kind := response.Header.Get("Content-Type"); response.StatusCode != 404 || kind != "application/problem+json" {
					t.Errorf("%s %s%s: %d with %s, Location %q", method, prefix, path, response.StatusCode, kind, response.Header.Get("Location"))
				}
			}
		}
	}
	for _, b := range []*mockserver.Sandbox{m.Sandbox(), mine} {
		if list := b.Journal().Find(nil); len(list) == 0 || list[0].ID != "ex-000001" {
			t.Errorf("the journal of %s was cleared", b.Name())
		}
	}
	if m.Server().Existing("other") != nil {
		t.Error("a path led into another sandbox")
	}
}

func TestControlHelpsOnWrongPathsAndMethods(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for path, says := range map[string]string{
		"jurnal":          "the control API has no /_parley/jurnal; nearest are GET /_parley/journal, DELETE /_parley/journal, GET /_parley/journal/wait, GET /_parley/journal/{id}; GET /_parley/ lists all, and mockserver/control/openapi.yaml describes them",
		"faults/ft-1/off": "nearest are DELETE /_parley/faults/{id}, GET /_parley/faults, ",
		"admin/mappings":  "the control API has no /_parley/admin/mappings; GET /_parley/ lists all",
	} {
		c.refused(404, "GET", path, "", says)
	}
	for _, path := range []string{"/_parley", "/_parley/", "/~one/_parley"} {
		c.refusedAs(path, 404, `its paths are those in "served"`)
	}
	a := c.call("PATCH", "faults", "")
	if a.Status != 405 || a.Header.Get("Allow") != "DELETE, GET, POST" || !strings.Contains(acme.Detail(t, a), "knows DELETE, GET, POST, not PATCH") {
		t.Errorf("answered %d %s, Allow %s", a.Status, a.Body, a.Header.Get("Allow"))
	}
}

func TestControlContractDescribesTheRoutes(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	var served struct{ Served []string }
	if err := json.Unmarshal([]byte(c.call("GET", "", "").Body), &served); err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, o := range c.judge.Contract().Operations {
		described = append(described, o.Method+" "+o.Path)
	}
	slices.Sort(described)
	slices.Sort(served.Served)
	if !slices.Equal(described, served.Served) {
		t.Errorf("described are %v, served are %v", described, served.Served)
	}
}
