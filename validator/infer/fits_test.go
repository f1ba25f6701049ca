package infer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/drift"
)

// loaded is a contract as a user loads it.
func loaded(t *testing.T, made *Contract) *specs.Contract {
	t.Helper()
	folder, err := openapi.InMemory(made.Files)
	if err != nil {
		t.Fatal(err)
	}
	c, err := specs.Load(folder, "desk")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// fits judges exchanges by the contract that was made of them.
func fits(t *testing.T, o Options, made *Contract, exchanges []*traffic.Exchange) {
	t.Helper()
	c := loaded(t, made)
	judge, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	scope, err := judge.Scope(o.Base, o.Webhooks...)
	if err != nil {
		t.Fatal(err)
	}
	drifts, judged := drift.New(c), 0
	for n, e := range exchanges {
		one := *e
		if !scope.Take(&one) {
			continue
		}
		judged++
		judge.Exchange(&one)
		drifts.Add(&one, traffic.Position{Entry: n + 1})
		for _, f := range one.Findings {
			t.Errorf("exchange %d, %s %s: %s %s at %s: expected %s, got %s", n+1, one.Request.Method, one.Request.URL, f.Part, f.Code, f.Pointer, f.Expected, f.Actual)
		}
	}
	if report := drifts.Report(""); len(report.Items) > 0 || report.Exchanges == 0 {
		t.Errorf("%d drifts in %d exchanges", len(report.Items), report.Exchanges)
	}
	if judged == 0 {
		t.Error("nothing was judged")
	}
}

// maker makes up JSON that is like what APIs send, and unlike it.
type maker struct{ *rand.Rand }

var names = []string{"id", "name", "type", "status", "createdAt", "mail", "token", "password", "items", "a b", "ü", "", "$ref", "__proto__", "x/y~z", "0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a00"}

var words = []string{"open", "closed", "", "In Progress", "2026-01-31", "2026-01-31T10:00:00Z", "2026-01-31t10:00:00z", "minka@example.com", "https://desk.example/x?y=%20", "https://desk.example/{x}",
	"0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a00", "\u202e\x01", "[redacted]", "aZ3kQ9xT7bLm2PqR", "Bearer aZ3kQ9xT7bLm2PqR", "null", "true", "7"}

func (m maker) value(depth int) any {
	kinds := 9
	if depth == 0 {
		kinds = 6
	}
	switch m.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return m.IntN(2) == 0
	case 2:
		return m.IntN(100)
	case 3:
		return []json.Number{"1.5", "-0", "1e3", "12345678901234567890", "0.0001", "2.0"}[m.IntN(6)]
	case 4, 5:
		return words[m.IntN(len(words))]
	case 6:
		list := make([]any, m.IntN(4))
		for i := range list {
			list[i] = m.value(depth - 1)
		}
		return list
	}
	object := map[string]any{}
	for range m.IntN(6) {
		name := names[m.IntN(len(names))]
		if m.IntN(10) == 0 {
			name = strconv.Itoa(m.IntN(1000))
		}
		object[name] = m.value(depth - 1)
	}
	return object
}

// like makes another value of the same kind: most bodies of an API are alike.
func (m maker) like(value any) any {
	switch value := value.(type) {
	case map[string]any:
		next := map[string]any{}
		for name, inside := range value {
			if m.IntN(8) > 0 {
				next[name] = m.like(inside)
			}
		}
		return next
	case []any:
		var next []any
		for range m.IntN(4) {
			if len(value) > 0 {
				next = append(next, m.like(value[m.IntN(len(value))]))
			}
		}
		return append([]any{}, next...)
	}
	if m.IntN(4) == 0 {
		return m.value(0)
	}
	return value
}

func (m maker) text(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// exchanges are calls and events of an API that nobody documents.
func (m maker) exchanges() []*traffic.Exchange {
	var list []*traffic.Exchange
	bodies := map[string]any{}
	for range 3 + m.IntN(30) {
		kind := []string{"tickets", "agents", "reports"}[m.IntN(3)]
		if bodies[kind] == nil {
			bodies[kind] = m.value(3)
		}
		e := answered([]string{"GET", "POST", "PUT"}[m.IntN(3)], "https://desk.example/api/"+kind, m.text(m.like(bodies[kind])))
		if m.IntN(2) == 0 {
			e.Request.URL += "/" + strconv.Itoa(m.IntN(5))
		}
		if m.IntN(2) == 0 {
			e.Request.URL += []string{"?page=1&page=2", "?page=3", "?q=", "?q=a%20b&open=true", "?n=1.5", "?n=007", "?api_key=aZ3kQ9xT7bLm2PqR"}[m.IntN(7)]
		}
		e.Request.Header = map[string][]string{}
		if m.IntN(3) > 0 {
			e.Request.Header["Authorization"] = []string{"Bearer aZ3kQ9xT7bLm2PqR"}
		}
		if m.IntN(3) == 0 {
			e.Request.Header["X-Page-Size"] = []string{strconv.Itoa(m.IntN(50))}
		}
		switch {
		case e.Request.Method == "GET":
		case m.IntN(3) == 0:
			e.Request.Header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
			e.Request.Body = traffic.NewBody([]byte([]string{"a=1&b=x", "a=2", "a=1&a=2&c=true", "b="}[m.IntN(4)]), 0)
		default:
			e.Request.Header["Content-Type"] = []string{"application/json; charset=utf-8"}
			e.Request.Body = traffic.NewBody([]byte(m.text(m.like(bodies[kind]))), 0)
		}
		switch m.IntN(10) {
		case 0:
			e.Response.Status, e.Response.Header, e.Response.Body = 204, nil, traffic.Body{}
		case 1:
			e.Response.Status = 404
		case 2:
			e.Response.Header = map[string][]string{"Content-Type": {"text/html"}}
		}
		list = append(list, e)
		if m.IntN(3) == 0 {
			event := answered("POST", "https://partner.example/hook", `{}`)
			event.Request.Header = map[string][]string{"Content-Type": {"application/json"}}
			for _, name := range []string{"X-Desk-Topic", "Desk-Attempt", "Desk-Signature", "X-Datadog-Trace-Id", "X-Request-Id"} {
				if m.IntN(2) == 0 {
					event.Request.Header[name] = []string{[]string{"opened", "7", "7", "", "aZ3kQ9xT7bLm2PqR"}[m.IntN(5)]}
				}
			}
			event.Request.Body = traffic.NewBody([]byte(m.text(map[string]any{"type": "ticket." + []string{"opened", "closed"}[m.IntN(2)], "data": m.like(bodies[kind])})), 0)
			list = append(list, event)
		}
	}
	return list
}

// TestTrafficFitsItsContract makes up traffic, and judges it by the contract that is
// inferred from it: by gojsonschema, and by all else that the validator has.
func TestTrafficFitsItsContract(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		m := maker{rand.New(rand.NewPCG(seed, 1))}
		exchanges := m.exchanges()
		o := Options{ID: "desk", Capture: "traffic.har", Webhooks: []string{"https://partner.example/hook"}}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			made := inferred(t, o, exchanges...)
			fits(t, o, made, exchanges)
			for _, f := range made.Files {
				if bytes.Contains(f.Data, []byte("aZ3kQ9xT7bLm2PqR")) && strings.HasSuffix(f.Name, ".yaml") {
					t.Errorf("%s has a secret: %s", f.Name, f.Data)
				}
			}
			again := exchanges
			slices.Reverse(again)
			if other := inferred(t, o, again...); !slices.EqualFunc(withoutSamples(made.Files), withoutSamples(other.Files), func(a, b specs.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }) {
				t.Error("another order of the exchanges makes another contract")
			}
		})
	}
}

// withoutSamples leaves out what depends on which body came first.
func withoutSamples(files []specs.File) []specs.File {
	return slices.DeleteFunc(slices.Clone(files), func(f specs.File) bool { return strings.HasPrefix(f.Name, "samples/") })
}
